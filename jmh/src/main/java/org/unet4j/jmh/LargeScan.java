package org.unet4j.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.unet4j.io.Nifti;
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

/**
 * Writes a CT of 512 x 512 x 800 voxels of 0.8 mm, int16, and the run folder of an untrained network: what it takes to see how
 * much memory a prediction needs. The network is narrow, so that the forward passes are short; the window is the largest of
 * the compact budget. Arguments: the folder, the number of classes, the spacing of the plan in mm.
 */
public final class LargeScan {

    private static final Shape SHAPE = new Shape(800, 512, 512);
    private static final double SPACING_MM = 0.8;
    private static final Shape WINDOW = new Shape(64, 96, 96);
    private static final int WAVE = 24;

    private LargeScan() {}

    /** Writes {@code scan/ct.nii.gz} and {@code run/}. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        int classes = Integer.parseInt(arguments[1]);
        double spacing = Double.parseDouble(arguments[2]);
        Path scan = Files.createDirectories(folder.resolve("scan")).resolve("ct.nii.gz");
        if (!Files.exists(scan)) {
            Nifti.write(scan, ct());
        }
        write(Files.createDirectories(folder.resolve("run")), classes, spacing);
    }

    /** A body of 70 x 55 % of the field of view, all slices long, of waves of 15 mm; air around it. */
    private static Volume ct() {
        short[] voxels = new short[SHAPE.arrayLength()];
        for (int i = 0; i < voxels.length; i++) {
            int z = i / (SHAPE.y() * SHAPE.x());
            int y = i / SHAPE.x() % SHAPE.y();
            int x = i % SHAPE.x();
            double fromMiddleX = (x - SHAPE.x() / 2.0) / (0.35 * SHAPE.x());
            double fromMiddleY = (y - SHAPE.y() / 2.0) / (0.275 * SHAPE.y());
            int wave = Math.abs(z % WAVE - WAVE / 2) + Math.abs(y % WAVE - WAVE / 2) + Math.abs(x % WAVE - WAVE / 2);
            boolean body = fromMiddleX * fromMiddleX + fromMiddleY * fromMiddleY < 1;
            voxels[i] = (short) (body ? 10 * wave - 150 : -1000);
        }
        return Volume.of(Grid.of(SHAPE, new Spacing(SPACING_MM, SPACING_MM, SPACING_MM)), voxels);
    }

    private static void write(Path run, int classes, double spacing) throws IOException {
        Topology topology = new Topology(
                List.of(Shape.cube(1), Shape.cube(2)), List.of(Shape.cube(3), Shape.cube(3)), List.of(4, 8));
        TreeMap<Integer, String> names = new TreeMap<>();
        for (int cls = 0; cls < classes; cls++) {
            names.put(cls, cls == 0 ? "background" : "organ " + cls);
        }
        Plan plan = new Plan(
                "untrained",
                List.of(new Channel("CT", Normalization.CtWindow.fixed(-160, 240))),
                names,
                CropRule.BODY,
                new Spacing(spacing, spacing, spacing),
                Resampling.standard(),
                SHAPE,
                Budget.COMPACT,
                WINDOW,
                2,
                topology);
        plan.write(run.resolve("plan.yaml"));
        ModelSpec spec = ModelSpec.of("unet", 1, classes, topology);
        try (Network network = spec.build(1)) {
            ModelFile.save(run.resolve("last.safetensors"), network, spec, plan);
        }
    }
}
