package org.unet4j.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.io.Nifti;
import org.unet4j.io.Progress;
import org.unet4j.prep.Budget;
import org.unet4j.prep.Channel;
import org.unet4j.prep.CropRule;
import org.unet4j.prep.Normalization;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Resampling;
import org.unet4j.prep.Store;
import org.unet4j.prep.Topology;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

/**
 * How many patches of 128^3 with their labels two threads cut from a store into tensors in a second, when its files lie in
 * the page cache. In the trainer's package, for its sampler is not public.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Threads(2)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx2g"})
public class SamplingBenchmark {
    private static final Shape PATCH = Shape.cube(128);
    private static final Shape SCAN = new Shape(160, 320, 320);
    private static final Spacing SPACING = new Spacing(1, 1, 1);
    private static final int CASES = 4;

    private final AtomicLong next = new AtomicLong();
    private Path folder;
    private BatchCutter cutter;

    /** The tensors that one thread fills again and again. */
    @State(Scope.Thread)
    public static class Slot {
        private final org.unet4j.torch.Scope scope = new org.unet4j.torch.Scope();
        private final HostBatch batch =
                HostBatch.allocate(1, 1, 1, 3, PATCH, Optional.empty()).get(0);

        @TearDown
        public void free() {
            scope.close();
        }
    }

    @Setup(Level.Trial)
    public void prepare() throws IOException {
        folder = Files.createTempDirectory("sampling");
        List<Case> cases = new ArrayList<>();
        for (int i = 0; i < CASES; i++) {
            cases.add(write("case_" + i, i));
        }
        Plan plan = plan();
        Dataset dataset = new Dataset("noise", folder, List.of("CT"), plan.classes(), cases, List.of());
        Store store = Store.prepare(dataset, plan, folder.resolve("store"), 1, Progress.silent());
        cutter = new BatchCutter(store, new Sampler(store.ids(), 1, 0.33, PATCH, PATCH));
    }

    @TearDown(Level.Trial)
    public void delete() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Benchmark
    public Object patch(Slot slot) throws IOException {
        cutter.fill(slot.batch, next.getAndIncrement());
        return slot.batch.image();
    }

    private Case write(String id, long seed) throws IOException {
        Grid grid = Grid.of(SCAN, SPACING);
        short[] voxels = new short[SCAN.arrayLength()];
        byte[] labels = new byte[voxels.length];
        var random = new SplittableRandom(seed);
        for (int i = 0; i < voxels.length; i++) {
            voxels[i] = (short) random.nextInt(-1000, 1000);
            labels[i] = (byte) (i / 40 % 3);
        }
        Path image = folder.resolve(id + ".nii");
        Path labelFile = folder.resolve(id + "_labels.nii");
        Nifti.write(image, Volume.of(grid, voxels));
        Nifti.write(labelFile, new Labels(grid, labels));
        return new Case(id, List.of(image), Optional.of(labelFile));
    }

    private static Plan plan() {
        TreeMap<Integer, String> classes = new TreeMap<>();
        classes.put(0, "background");
        classes.put(1, "organ");
        classes.put(2, "tumour");
        return new Plan(
                "noise",
                List.of(new Channel("CT", new Normalization.CtWindow(-900, 900, 10, 300))),
                classes,
                CropRule.NONE,
                SPACING,
                Resampling.standard(),
                SCAN,
                Budget.STANDARD,
                PATCH,
                2,
                new Topology(
                        List.of(Shape.cube(1), Shape.cube(2)), List.of(Shape.cube(3), Shape.cube(3)), List.of(8, 16)));
    }
}
