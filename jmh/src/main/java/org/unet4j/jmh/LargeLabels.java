package org.unet4j.jmh;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.unet4j.io.Nifti;
import org.unet4j.prep.LogitsUndo;
import org.unet4j.prep.Recipe;
import org.unet4j.report.Preview;
import org.unet4j.volume.Box;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

/**
 * Prints how long it takes from a network's averaged logits to the file of labels, for a CT of 512 x 512 x 800 voxels of 0.8 mm of
 * which nothing is cropped away: bringing classes back to the scan's grid, the picture, the count of voxels, and the file. The
 * logits are of balls, one a class, that fill about a third of the volume. Arguments: a folder, the number of classes, the spacing of the
 * plan in mm.
 */
public final class LargeLabels {

    private static final Shape SHAPE = new Shape(800, 512, 512);
    private static final double SPACING_MM = 0.8;
    /** Balls lie on a lattice of so many each way, and reach so far towards the next. */
    private static final int LATTICE = 5;

    private static final double RADIUS = 0.42;
    private static final double NANOS = 1e9;

    private LargeLabels() {}

    /** Writes {@code labels.nii.gz} and deletes it again. */
    public static void main(String[] arguments) throws IOException {
        Path file = Files.createDirectories(Path.of(arguments[0])).resolve("labels.nii.gz");
        int classes = Integer.parseInt(arguments[1]);
        double spacing = Double.parseDouble(arguments[2]);
        Grid grid = Grid.of(SHAPE, new Spacing(SPACING_MM, SPACING_MM, SPACING_MM));
        Shape prepared = resized(spacing);
        LogitsUndo back = new Recipe(grid, Box.all(SHAPE), prepared).undoLogits(classes);
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long resampling = 0;
        long processor = 0;
        float[][] logits = new float[classes][prepared.y() * prepared.x()];
        for (int z = 0; z < prepared.z(); z++) {
            fill(logits, z, prepared);
            long before = system.getProcessCpuTime();
            long start = System.nanoTime();
            back.add(logits);
            resampling += System.nanoTime() - start;
            processor += system.getProcessCpuTime() - before;
        }
        Labels labels = back.labels();
        long start = System.nanoTime();
        Preview.png(Volume.of(grid, new short[SHAPE.arrayLength()]), labels, Optional.empty());
        long picture = System.nanoTime();
        labels.counts();
        long count = System.nanoTime();
        Nifti.write(file, labels);
        long writing = System.nanoTime();
        long bytes = Files.size(file);
        Files.delete(file);
        System.out.printf(
                Locale.ROOT,
                "%d classes at %s mm: back to the scan's grid %.2f s (%.2f s of processor time), picture %.2f s,"
                        + " counts %.2f s, file %.2f s (%d bytes); %.2f s in all%n",
                classes,
                spacing,
                resampling / NANOS,
                processor / NANOS,
                (picture - start) / NANOS,
                (count - picture) / NANOS,
                (writing - count) / NANOS,
                bytes,
                (resampling + writing - start) / NANOS);
    }

    private static Shape resized(double spacing) {
        double factor = SPACING_MM / spacing;
        return new Shape((int) Math.round(SHAPE.z() * factor), (int) Math.round(SHAPE.y() * factor), (int)
                Math.round(SHAPE.x() * factor));
    }

    /** Sets the logits of a slice: background is 0, a ball's fall from 4 at its middle over 0 at its surface to -6. */
    private static void fill(float[][] logits, int z, Shape shape) {
        IntStream.range(1, logits.length).parallel().forEach(cls -> {
            int ball = cls - 1;
            double middleZ = (Math.floorDiv(ball, LATTICE * LATTICE) + 0.5) * shape.z() / LATTICE;
            double middleY = (Math.floorDiv(ball, LATTICE) % LATTICE + 0.5) * shape.y() / LATTICE;
            double middleX = (ball % LATTICE + 0.5) * shape.x() / LATTICE;
            double radius = RADIUS * shape.x() / LATTICE;
            float[] ofClass = logits[cls];
            for (int y = 0; y < shape.y(); y++) {
                double planes = (z - middleZ) * (z - middleZ) + (y - middleY) * (y - middleY);
                for (int x = 0; x < shape.x(); x++) {
                    double squared = (planes + (x - middleX) * (x - middleX)) / (radius * radius);
                    ofClass[y * shape.x() + x] = (float) Math.max(-6, 4 - 4 * squared);
                }
            }
        });
    }
}
