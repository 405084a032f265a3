package org.unet4j.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.unet4j.eval.SurfaceDistances;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/**
 * How long HD95, average surface distance and normalised surface Dice of two masks take together: ellipsoids of 660 000 voxels in 512 x 512
 * x 100, from label maps in memory to numbers.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx2g"})
public class SurfaceBenchmark {

    private Labels prediction;
    private Labels reference;

    /** Draws the masks, of which one is moved by a few voxels and a little flatter. */
    @Setup
    public void draw() {
        Grid grid = Grid.of(new Shape(100, 512, 512), new Spacing(2.5, 0.8, 0.8));
        reference = ellipsoid(grid, new double[] {50, 256, 250}, new double[] {40, 62.75, 62.75});
        prediction = ellipsoid(grid, new double[] {51, 253, 254}, new double[] {38, 64.38, 64.38});
    }

    private static Labels ellipsoid(Grid grid, double[] centre, double[] radii) {
        Shape shape = grid.shape();
        byte[] classes = new byte[shape.arrayLength()];
        for (int i = 0; i < classes.length; i++) {
            int row = i / shape.x();
            int slice = row / shape.y();
            double z = (slice - centre[0]) / radii[0];
            double y = (row % shape.y() - centre[1]) / radii[1];
            double x = (i % shape.x() - centre[2]) / radii[2];
            classes[i] = (byte) (z * z + y * y + x * x <= 1 ? 1 : 0);
        }
        return new Labels(grid, classes);
    }

    @Benchmark
    public double allThree() {
        SurfaceDistances distances = SurfaceDistances.between(prediction, reference, 1);
        return distances.hausdorffMm(95) + distances.averageMm() + distances.surfaceDice(2);
    }
}
