package org.unet4j.infer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.unet4j.model.ModelSpec;
import org.unet4j.prep.Budget;
import org.unet4j.prep.Channel;
import org.unet4j.prep.CropRule;
import org.unet4j.prep.Normalization;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Resampling;
import org.unet4j.prep.Topology;
import org.unet4j.torch.Device;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

/** A small network, its plan and a scan of noise for it. */
final class PredictorWorld {

    static final Device CPU = Device.cpu();
    static final Shape SCAN = new Shape(10, 14, 12);
    static final int CLASSES = 3;

    private PredictorWorld() {}

    static Topology topology() {
        return new Topology(
                List.of(Shape.cube(1), Shape.cube(2)), List.of(Shape.cube(3), Shape.cube(3)), List.of(4, 8));
    }

    static ModelSpec spec(int channels) {
        return ModelSpec.of("unet", channels, CLASSES, topology());
    }

    static Plan plan(int channels, double spacing) {
        List<Channel> list = new ArrayList<>();
        for (int channel = 0; channel < channels; channel++) {
            list.add(new Channel("MRI " + channel, new Normalization.ZScore()));
        }
        return new Plan(
                "world",
                list,
                new TreeMap<>(Map.of(0, "background", 1, "front", 2, "back")),
                CropRule.NON_ZERO,
                new Spacing(spacing, spacing, spacing),
                Resampling.standard(),
                SCAN,
                Budget.COMPACT,
                Shape.cube(8),
                2,
                topology());
    }

    static Volume volume(Grid grid, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] voxels = new float[grid.shape().arrayLength()];
        for (int i = 0; i < voxels.length; i++) {
            int x = i % grid.shape().x();
            voxels[i] = x < 2 ? 0 : 1 + random.nextFloat(); // two columns to crop away
        }
        return Volume.of(grid, voxels);
    }

    static Scan scan(Grid grid) {
        return new Scan("scan", List.of(volume(grid, 1)));
    }

    static Grid grid(double spacing) {
        return Grid.of(SCAN, new Spacing(spacing, spacing, spacing));
    }
}
