package org.unet4j.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.unet4j.io.Phantom;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Order;
import org.unet4j.volume.Resample;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/** How long a phantom CT of 512 x 512 x 90 voxels and its two labels take to another resolution, on one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx2g", "-XX:+UseSerialGC"})
public class ResampleBenchmark {

    /** Millimetres between voxels of the result, along every axis. */
    @Param({"1.0", "1.5"})
    private double spacingMm;

    private float[] image;
    private Labels labels;
    private Shape from;
    private Shape to;

    /** Makes the first case of {@code phantom --full}. */
    @Setup
    public void makePhantom() {
        Phantom.Case phantom = Phantom.generate(Phantom.Settings.full(), 1, 0);
        image = phantom.image().toFloats();
        labels = phantom.labels();
        from = labels.grid().shape();
        Spacing spacing = labels.grid().spacing();
        int[] sizes = new int[Shape.AXES];
        for (int axis = 0; axis < Shape.AXES; axis++) {
            sizes[axis] = (int) Math.rint(from.get(axis) * spacing.get(axis) / spacingMm);
        }
        to = Shape.of(sizes);
    }

    @Benchmark
    public float[] imageCubic() {
        return Resample.image(image, from, to, Order.CUBIC);
    }

    @Benchmark
    public float[] imageLinear() {
        return Resample.image(image, from, to, Order.LINEAR);
    }

    @Benchmark
    public Labels labels() {
        return Resample.labels(labels, to);
    }
}
