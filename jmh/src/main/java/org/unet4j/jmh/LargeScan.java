package org.unet4j.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
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
 * Writes a CT of 512 x 512 voxels of 0.8 mm, int16, and the run folder of an untrained network: what it takes to see how
 * much time and memory a prediction needs. Arguments: the folder, the number of classes, the spacing of the plan in mm, and as a
 * fourth {@code wide} or {@code narrow}, where nothing is narrow. Narrow: 800 slices of 0.8 mm and few features, so that the forward
 * passes are short, in the largest window of the compact budget. Wide: 300 slices of 1.5 mm, and the network and window of a card.
 */
public final class LargeScan {

    private static final double SPACING_MM = 0.8;
    private static final int WAVE = 24;

    private final Grid grid;
    private final Budget budget;
    private final Shape window;
    private final Topology topology;

    private LargeScan(Grid grid, Budget budget, Shape window, Topology topology) {
        this.grid = grid;
        this.budget = budget;
        this.window = window;
        this.topology = topology;
    }

    private static LargeScan kind(String name) {
        return switch (name) {
            case "narrow" -> narrow();
            case "wide" -> wide();
            default -> throw new IllegalArgumentException("[" + name + "] must be narrow or wide");
        };
    }

    private static LargeScan narrow() {
        Topology topology = new Topology(
                List.of(Shape.cube(1), Shape.cube(2)), List.of(Shape.cube(3), Shape.cube(3)), List.of(4, 8));
        return new LargeScan(grid(800, SPACING_MM), Budget.COMPACT, new Shape(64, 96, 96), topology);
    }

    private static LargeScan wide() {
        List<Integer> features = List.of(32, 64, 128, 256, 320, 320);
        List<Shape> strides = new ArrayList<>(Collections.nCopies(features.size(), Shape.cube(2)));
        strides.set(0, Shape.cube(1));
        Topology topology = new Topology(strides, Collections.nCopies(features.size(), Shape.cube(3)), features);
        return new LargeScan(grid(300, 1.5), Budget.STANDARD, Shape.cube(128), topology);
    }

    private static Grid grid(int slices, double thickness) {
        return Grid.of(new Shape(slices, 512, 512), new Spacing(thickness, SPACING_MM, SPACING_MM));
    }

    /** Writes {@code scan/ct.nii.gz} and {@code run/}. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        int classes = Integer.parseInt(arguments[1]);
        double spacing = Double.parseDouble(arguments[2]);
        LargeScan kind = kind(arguments.length > 3 ? arguments[3] : "narrow");
        Path scan = Files.createDirectories(folder.resolve("scan")).resolve("ct.nii.gz");
        if (!Files.exists(scan) || !Nifti.readHeader(scan).grid().shape().equals(kind.grid.shape())) {
            Nifti.write(scan, kind.ct());
        }
        kind.write(Files.createDirectories(folder.resolve("run")), classes, spacing);
    }

    /** A body of 70 x 55 % of the field of view, all slices long, of waves of 15 mm; air around it. */
    private Volume ct() {
        Shape shape = grid.shape();
        short[] voxels = new short[shape.arrayLength()];
        for (int i = 0; i < voxels.length; i++) {
            int z = i / (shape.y() * shape.x());
            int y = i / shape.x() % shape.y();
            int x = i % shape.x();
            double fromMiddleX = (x - shape.x() / 2.0) / (0.35 * shape.x());
            double fromMiddleY = (y - shape.y() / 2.0) / (0.275 * shape.y());
            int wave = Math.abs(z % WAVE - WAVE / 2) + Math.abs(y % WAVE - WAVE / 2) + Math.abs(x % WAVE - WAVE / 2);
            boolean body = fromMiddleX * fromMiddleX + fromMiddleY * fromMiddleY < 1;
            voxels[i] = (short) (body ? 10 * wave - 150 : -1000);
        }
        return Volume.of(grid, voxels);
    }

    private void write(Path run, int classes, double spacing) throws IOException {
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
                grid.shape(),
                budget,
                window,
                2,
                topology);
        plan.write(run.resolve("plan.yaml"));
        ModelSpec spec = ModelSpec.of("unet", 1, classes, topology);
        try (Network network = spec.build(1)) {
            ModelFile.save(run.resolve("last.safetensors"), network, spec, plan);
        }
    }
}
