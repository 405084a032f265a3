package org.unet4j.jmh;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.SplittableRandom;
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
import org.unet4j.infer.Engine;
import org.unet4j.infer.SlidingWindow;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Voxels;

/**
 * All that predicting a volume of 256 x 256 x 128 costs beside the network's forward passes: windows of 96^3 with an overlap of a
 * half are cut out, logits that are there already are averaged, the largest class taken.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5)
@Measurement(iterations = 10)
@Fork(1)
public class SlidingWindowBenchmark {

    private static final Shape VOLUME = new Shape(128, 256, 256);
    private static final Shape WINDOW = Shape.cube(96);

    @Param({"3"})
    private int classes;

    private List<Voxels> channels;
    private Engine engine;

    /** Does nothing and hands out the same logits for every window. */
    private record Nothing(int classes, FloatBuffer ready) implements Engine {

        @Override
        public int channels() {
            return 1;
        }

        @Override
        public void run(FloatBuffer windowsNCDHW, int count, Shape window, Logits logits) {
            logits.take(ready);
        }

        @Override
        public void close() {}
    }

    /** Makes image and logits at random. */
    @Setup
    public void make() {
        SplittableRandom random = new SplittableRandom(1);
        float[] image = new float[VOLUME.arrayLength()];
        for (int i = 0; i < image.length; i++) {
            image[i] = random.nextFloat();
        }
        channels = List.of(Voxels.of(image));
        FloatBuffer logits = ByteBuffer.allocateDirect(classes * WINDOW.arrayLength() * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        for (int i = 0; i < logits.capacity(); i++) {
            logits.put(i, random.nextFloat());
        }
        engine = new Nothing(classes, logits);
    }

    /** Returns the labels. */
    @Benchmark
    public LabelArray allButTheForwardPasses() {
        return SlidingWindow.of(WINDOW).labels(engine, channels, VOLUME);
    }
}
