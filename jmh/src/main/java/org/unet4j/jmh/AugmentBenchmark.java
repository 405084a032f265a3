package org.unet4j.jmh;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.bytedeco.pytorch.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.unet4j.augment.Augmentation;
import org.unet4j.augment.Batch;
import org.unet4j.augment.Draws;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.torch.Torch;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/** How long a patch of 96^3 voxels, image and label, takes to be augmented: by everything at once, and by each transform alone. */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx2g", "-XX:+UseSerialGC"})
public class AugmentBenchmark {

    private static final Shape PATCH = Shape.cube(96);
    private static final int DRAWS = 8;

    /** What is drawn with certainty; everything else is left out. */
    @Param({
        "everything",
        "nothing",
        "rotation",
        "scaling",
        "elastic",
        "spatial",
        "mirroring",
        "noise",
        "blur",
        "brightness",
        "contrast",
        "lowResolution",
        "invertedGamma",
        "gamma"
    })
    private String transform;

    private final Augmentation standard = Augmentation.standard(new Spacing(1, 1, 1), PATCH);
    private Scope scope;
    private Batch source;
    private List<Draws> draws;
    private int next;

    /** Makes the source that the standard augmentation cuts, noise with a label in blocks. */
    @Setup(Level.Trial)
    public void make() {
        Torch.start(1, true);
        scope = new Scope();
        Shape shape = standard.sourceShape(PATCH);
        SplittableRandom random = new SplittableRandom(1);
        float[] image = new float[shape.arrayLength()];
        byte[] target = new byte[shape.arrayLength()];
        for (int i = 0; i < image.length; i++) {
            image[i] = (float) random.nextDouble(-2, 2);
            target[i] = (byte) (i / 40 % 3);
        }
        Tensor imageNCDHW = Tensors.of(image, 1, 1, shape.z(), shape.y(), shape.x());
        source = new Batch(imageNCDHW, Tensors.ofBytes(target, 1, shape.z(), shape.y(), shape.x()));
        draws = java.util.stream.LongStream.range(0, DRAWS)
                .mapToObj(seed -> new CertainDraws(standard).only(transform, seed))
                .toList();
    }

    /** Frees the source. */
    @TearDown(Level.Trial)
    public void free() {
        scope.close();
    }

    /** Augments one patch. */
    @Benchmark
    public long patch() {
        try (Scope step = new Scope()) {
            Draws drawn = draws.get(next++ % DRAWS);
            return standard.applyDraws(source, PATCH, List.of(drawn))
                    .imageNCDHW()
                    .numel();
        }
    }
}
