package org.unet4j.infer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.unet4j.model.ModelFile;
import org.unet4j.model.ModelSpec;
import org.unet4j.model.Network;
import org.unet4j.prep.Budget;
import org.unet4j.prep.Channel;
import org.unet4j.prep.CropRule;
import org.unet4j.prep.Normalization;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Resampling;
import org.unet4j.prep.Topology;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

/** Run folders with small untrained networks, and scans for them. */
final class SavedRuns {

    static final Shape SCAN = new Shape(10, 14, 12);

    private SavedRuns() {}

    private static Topology topology() {
        return new Topology(
                List.of(Shape.cube(1), Shape.cube(2)), List.of(Shape.cube(3), Shape.cube(3)), List.of(4, 8));
    }

    /** Returns the run folder {@code name}, with a network whose weights follow from {@code seed} and a plan of that spacing. */
    static Path write(Path folder, String name, long seed, double spacing) throws IOException {
        Path made = Files.createDirectories(folder.resolve(name));
        Plan plan = new Plan(
                "world",
                List.of(new Channel("CT", new Normalization.CtWindow(-160, 240, 40, 100))),
                new TreeMap<>(Map.of(0, "background", 1, "front", 2, "back")),
                CropRule.NONE,
                new Spacing(spacing, spacing, spacing),
                Resampling.standard(),
                SCAN,
                Budget.COMPACT,
                Shape.cube(8),
                2,
                topology());
        plan.write(made.resolve("plan.yaml"));
        ModelSpec spec = ModelSpec.of("unet", 1, 3, topology());
        try (Network network = spec.build(seed)) {
            ModelFile.save(made.resolve("last.safetensors"), network, spec, plan);
        }
        return made;
    }

    /** Returns a CT of a few tissues between air, stored as scanners do. */
    static Volume ct(double spacing, int rescale) {
        short[] voxels = new short[SCAN.arrayLength()];
        for (int i = 0; i < voxels.length; i++) {
            int x = i % SCAN.x();
            voxels[i] = (short) ((x < 3 ? -1000 : 37 * i % 300 - 100) + rescale);
        }
        return Volume.of(Grid.of(SCAN, new Spacing(spacing, spacing, spacing)), voxels);
    }
}
