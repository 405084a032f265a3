package org.unet4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.unet4j.io.Dataset;
import org.unet4j.io.Phantom;
import org.unet4j.io.Progress;
import org.unet4j.prep.Budget;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Prepare;
import org.unet4j.prep.Topology;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/** Five cases, and a plan whose steps take milliseconds. */
final class TinyPhantoms {

    /** An abdomen in voxels of 6 mm: a network that has learned nothing makes noise, whose surfaces and parts take long in finer ones. */
    static final Phantom.Settings SETTINGS = new Phantom.Settings(
            new Shape(26, 36, 42),
            new Shape(32, 40, 48),
            new Spacing(6.0, 6.2, 6.2),
            new Spacing(7.2, 7.0, 7.0),
            12,
            4);

    private TinyPhantoms() {}

    /** Makes the dataset {@code ct} in {@code folder}, its prepared cases and {@code small.yaml}, their plan. */
    static void prepare(Path folder) throws IOException {
        Phantom.write(folder.resolve("ct"), SETTINGS, 5, 3, Progress.silent());
        Dataset dataset = Dataset.open(folder.resolve("ct"));
        Plan plan = Prepare.planned(dataset, Budget.COMPACT, folder.resolve("work/prepared/ct"), 2, Progress.silent())
                .plan();
        Topology twoStages = new Topology(
                List.of(Shape.cube(1), Shape.cube(2)), List.of(Shape.cube(3), Shape.cube(3)), List.of(4, 8));
        plan.withTopology(twoStages).withPatch(Shape.cube(16)).withBatch(2).write(folder.resolve("small.yaml"));
    }
}
