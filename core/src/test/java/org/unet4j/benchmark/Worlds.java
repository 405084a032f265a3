package org.unet4j.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.unet4j.io.Dataset;
import org.unet4j.io.Nifti;
import org.unet4j.io.Progress;
import org.unet4j.io.Split;
import org.unet4j.prep.Budget;
import org.unet4j.prep.Fingerprint;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Store;
import org.unet4j.prep.Topology;
import org.unet4j.torch.Provenance;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

/** A dataset of bright balls in noise, small enough to be learned in seconds. */
final class Worlds {

    static final Shape SHAPE = new Shape(20, 22, 24);
    static final Split SPLIT = new Split(List.of("ball_0", "ball_1", "ball_2", "ball_3"), List.of("ball_4", "ball_5"));

    static final Provenance PROVENANCE =
            new Provenance("0.1.0", "abc1234", "17.0.1", "Linux 6 amd64", "a processor", "2.10.0", 0, "CPU", 2);

    private Worlds() {}

    static Dataset dataset(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("imagesTr"));
        Files.createDirectories(folder.resolve("labelsTr"));
        for (int i = 0; i < 6; i++) {
            ball(folder, "ball_" + i + ".nii.gz", new Random(i));
        }
        String cases = IntStream.range(0, 6)
                .mapToObj(i -> "{\"image\": \"./imagesTr/ball_%d.nii.gz\", \"label\": \"./labelsTr/ball_%d.nii.gz\"}"
                        .formatted(i, i))
                .collect(Collectors.joining(", "));
        Files.writeString(
                folder.resolve("dataset.json"),
                ("{\"name\": \"balls\", \"modality\": {\"0\": \"MRI\"}, \"labels\": {\"0\": \"background\", \"1\": \"ball\"},"
                                + " \"numTraining\": 6, \"numTest\": 0, \"training\": [%s], \"test\": []}")
                        .formatted(cases));
        return Dataset.open(folder);
    }

    private static void ball(Path folder, String name, Random random) throws IOException {
        Grid grid = Grid.of(SHAPE, new Spacing(1, 1, 1));
        byte[] classes = new byte[SHAPE.arrayLength()];
        float[] voxels = new float[classes.length];
        double cz = 8 + 4 * random.nextDouble();
        double cy = 8 + 5 * random.nextDouble();
        double cx = 8 + 7 * random.nextDouble();
        double radius = 4 + 2 * random.nextDouble();
        for (int i = 0; i < classes.length; i++) {
            double z = Math.floorDiv(i, SHAPE.y() * SHAPE.x()) - cz;
            double y = Math.floorDiv(i, SHAPE.x()) % SHAPE.y() - cy;
            double x = i % SHAPE.x() - cx;
            boolean inside = z * z + y * y + x * x < radius * radius;
            classes[i] = (byte) (inside ? 1 : 0);
            voxels[i] = (float) (100 + (inside ? 60 : 0) + 8 * random.nextGaussian());
        }
        Nifti.write(folder.resolve("imagesTr").resolve(name), Volume.of(grid, voxels));
        Nifti.write(folder.resolve("labelsTr").resolve(name), new Labels(grid, classes));
    }

    static Store store(Dataset dataset, Path folder) throws IOException {
        Fingerprint fingerprint = Fingerprint.of(dataset, dataset.training(), 2, Progress.silent());
        Plan plan = Plan.derive(fingerprint, dataset, Budget.COMPACT)
                .withTopology(new Topology(
                        List.of(Shape.cube(1), Shape.cube(2)), List.of(Shape.cube(3), Shape.cube(3)), List.of(4, 8)))
                .withPatch(Shape.cube(16))
                .withBatch(2);
        return Store.prepare(dataset, plan, folder, 2, Progress.silent());
    }
}
