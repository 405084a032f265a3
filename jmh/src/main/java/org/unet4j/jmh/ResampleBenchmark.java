package org.unet4j.jmh;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Order;
import org.unet4j.volume.Resample;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/** How long a CT of 512 x 512 x 90 voxels takes from 0.84 x 0.84 x 1.5 mm to 1 mm, on one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx2g"})
public class ResampleBenchmark {
    private static final Shape FROM = new Shape(90, 512, 512);
    private static final Shape TO = new Shape(135, 429, 429);

    private final float[] image = new float[FROM.arrayLength()];
    private final Labels labels = new Labels(Grid.of(FROM, new Spacing(1.5, 0.84, 0.84)), new byte[FROM.arrayLength()]);

    /** Fills the image with noise and the labels with three classes in blocks. */
    public ResampleBenchmark() {
        var random = new SplittableRandom(1);
        for (int i = 0; i < image.length; i++) {
            image[i] = (float) random.nextDouble(-1000, 1000);
            labels.classes()[i] = (byte) (i / 40 % 3);
        }
    }

    @Benchmark
    public float[] imageCubic() {
        return Resample.image(image, FROM, TO, Order.CUBIC);
    }

    @Benchmark
    public float[] imageLinear() {
        return Resample.image(image, FROM, TO, Order.LINEAR);
    }

    @Benchmark
    public Labels labels() {
        return Resample.labels(labels, TO);
    }
}
