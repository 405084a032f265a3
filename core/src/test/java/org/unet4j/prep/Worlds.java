package org.unet4j.prep;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.io.Nifti;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

/** Plans, scans and datasets small enough to reason about. */
final class Worlds {

    private Worlds() {}

    /** A plan for one MR channel, two foreground classes, 1 mm, patches of 8^3. */
    static Plan plan() {
        return new Plan(
                "world",
                List.of(new Channel("MRI", new Normalization.ZScore())),
                new TreeMap<>(Map.of(0, "background", 1, "left", 2, "right")),
                CropRule.NON_ZERO,
                new Spacing(1, 1, 1),
                Resampling.standard(),
                Shape.cube(16),
                Budget.COMPACT,
                Shape.cube(8),
                2,
                Pooling.of(new Spacing(1, 1, 1), 8, 8, 8).topology(Budget.COMPACT));
    }

    static Plan plan(Spacing spacing, CropRule crop, Normalization... normalizations) {
        Plan plan = plan();
        List<Channel> channels = new ArrayList<>();
        for (Normalization normalization : normalizations) {
            channels.add(new Channel(normalization instanceof Normalization.ZScore ? "MRI" : "CT", normalization));
        }
        return new Plan(
                plan.dataset(),
                channels,
                plan.classes(),
                crop,
                spacing,
                plan.resampling(),
                plan.medianShape(),
                plan.budget(),
                plan.patch(),
                plan.batch(),
                plan.topology());
    }

    static Scan scan(String name, Grid grid, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] voxels = new float[grid.shape().arrayLength()];
        for (int i = 0; i < voxels.length; i++) {
            voxels[i] = 1 + random.nextFloat();
        }
        return new Scan(name, List.of(Volume.of(grid, voxels)));
    }

    /** Two ellipsoids: class 1 in the first half of x, class 2 in the second. */
    static Labels labels(Grid grid) {
        Shape shape = grid.shape();
        byte[] classes = new byte[shape.arrayLength()];
        for (int z = 0; z < shape.z(); z++) {
            for (int y = 0; y < shape.y(); y++) {
                for (int x = 0; x < shape.x(); x++) {
                    double u = (z + 0.5) / shape.z() - 0.5;
                    double v = (y + 0.5) / shape.y() - 0.5;
                    double w = (x + 0.5) / shape.x() - 0.5;
                    boolean inside = u * u + v * v + w * w < 0.1;
                    classes[shape.index(z, y, x)] = (byte) (!inside ? 0 : w < 0 ? 1 : 2);
                }
            }
        }
        return new Labels(grid, classes);
    }

    /** A dataset of {@code count} cases whose files are written to {@code folder}. */
    static Dataset dataset(Path folder, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            writeCase(folder, i, 16 + i % 3);
        }
        return written(folder, count);
    }

    /** The dataset of {@code count} cases that was written to {@code folder} before. */
    static Dataset written(Path folder, int count) {
        List<Case> cases =
                IntStream.range(0, count).mapToObj(i -> caseIn(folder, i)).toList();
        return new Dataset("world", folder, List.of("MRI"), plan().classes(), cases, List.of());
    }

    private static Case caseIn(Path folder, int number) {
        String name = "case_" + number + ".nii.gz";
        return new Case(
                "case_" + number,
                List.of(folder.resolve("imagesTr").resolve(name)),
                Optional.of(folder.resolve("labelsTr").resolve(name)));
    }

    static void writeCase(Path folder, int number, int edge) throws IOException {
        Case written = caseIn(folder, number);
        Grid grid = Grid.of(Shape.cube(edge), new Spacing(1, 1, 1));
        Nifti.write(
                written.images().get(0),
                scan(written.id(), grid, number).channels().get(0));
        Nifti.write(written.labels().orElseThrow(), labels(grid));
    }
}
