package org.unet4j.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.unet4j.augment.Augmentation;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.io.Nifti;
import org.unet4j.io.Progress;
import org.unet4j.io.Split;
import org.unet4j.prep.Budget;
import org.unet4j.prep.Channel;
import org.unet4j.prep.CropRule;
import org.unet4j.prep.Normalization;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Resampling;
import org.unet4j.prep.Store;
import org.unet4j.prep.Topology;
import org.unet4j.torch.Device;
import org.unet4j.torch.Precision;
import org.unet4j.torch.Seeds;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

/** Cases of a bright and a dim ball in noise, small enough that a network learns them in seconds. */
final class TinyData {

    static final Shape PATCH = Shape.cube(16);
    static final int CASES = 5;

    private static final Spacing SPACING = new Spacing(1, 1, 1);

    private TinyData() {}

    /** Returns a plan for two stages of 4 and 8 features. */
    static Plan plan() {
        TreeMap<Integer, String> classes = new TreeMap<>();
        classes.put(0, "background");
        classes.put(1, "bright");
        classes.put(2, "dim");
        Topology topology = new Topology(
                List.of(Shape.cube(1), Shape.cube(2)), List.of(Shape.cube(3), Shape.cube(3)), List.of(4, 8));
        return new Plan(
                "Tiny",
                List.of(new Channel("MR", new Normalization.ZScore())),
                classes,
                CropRule.NONE,
                SPACING,
                Resampling.standard(),
                Shape.cube(20),
                Budget.COMPACT,
                PATCH,
                2,
                topology);
    }

    /** Returns {@link #CASES} prepared cases named ball_0, ball_1, ... under {@code folder}. */
    static Store store(Path folder) throws IOException {
        return store(folder, 7);
    }

    /** Returns cases of the same names with other balls for another seed. */
    static Store store(Path folder, long seed) throws IOException {
        return Store.prepare(dataset(folder, seed), plan(), folder.resolve("prepared"), 1, Progress.silent());
    }

    /** Returns the cases of {@link #store(Path)} as files; they are written anew. */
    static Dataset dataset(Path folder) throws IOException {
        return dataset(folder, 7);
    }

    /** Returns the cases of {@link #store(Path, long)} as files; they are written anew. */
    static Dataset dataset(Path folder, long seed) throws IOException {
        List<Case> cases = new ArrayList<>();
        Path raw = Files.createDirectories(folder.resolve("raw"));
        for (int i = 0; i < CASES; i++) {
            String id = "ball_" + i;
            Path image = raw.resolve(id + ".nii");
            Path labels = raw.resolve(id + "_labels.nii");
            write(seed, i, image, labels);
            cases.add(new Case(id, List.of(image), Optional.of(labels)));
        }
        return new Dataset("Tiny", raw, List.of("MR"), plan().classes(), cases, List.of());
    }

    private static void write(long seed, int number, Path image, Path labelFile) throws IOException {
        Shape shape = new Shape(18 + number, 20, 22);
        Grid grid = Grid.of(shape, SPACING);
        RandomGenerator random = Seeds.random(seed, number);
        float[] voxels = new float[shape.arrayLength()];
        byte[] classes = new byte[voxels.length];
        int[] bright = {5 + random.nextInt(3), 6 + random.nextInt(3), 6 + random.nextInt(3)};
        int[] dim = {12, 13 + random.nextInt(2), 14 + random.nextInt(2)};
        for (int z = 0; z < shape.z(); z++) {
            for (int y = 0; y < shape.y(); y++) {
                for (int x = 0; x < shape.x(); x++) {
                    int at = shape.index(z, y, x);
                    int cls = inside(bright, 4, z, y, x) ? 1 : inside(dim, 5, z, y, x) ? 2 : 0;
                    classes[at] = (byte) cls;
                    voxels[at] = (float) (new int[] {0, 30, 15}[cls] + 4 * random.nextGaussian());
                }
            }
        }
        Nifti.write(image, Volume.of(grid, voxels));
        Nifti.write(labelFile, new Labels(grid, classes));
    }

    private static boolean inside(int[] centre, int radius, int z, int y, int x) {
        int dz = z - centre[0];
        int dy = y - centre[1];
        int dx = x - centre[2];
        return dz * dz + dy * dy + dx * dx < radius * radius;
    }

    /** Returns four cases to learn from and one to score. */
    static Split split() {
        return new Split(List.of("ball_0", "ball_1", "ball_2", "ball_3"), List.of("ball_4"));
    }

    /** Returns a short run in fp32 with all augmentation. */
    static TrainConfig config(int steps) {
        return TrainConfig.defaults("unet", plan(), Device.cpu())
                .withSteps(steps)
                .withLearningRate(1e-3)
                .withPrecision(Precision.FP32)
                .withThreads(1)
                .withValidateEvery(0)
                .withAugmentation(Augmentation.standard(SPACING, PATCH));
    }
}
