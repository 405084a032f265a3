package org.unet4j.infer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.unet4j.io.Progress;
import org.unet4j.io.Shard;
import org.unet4j.model.ModelFile;
import org.unet4j.model.ModelSpec;
import org.unet4j.prep.LogitsUndo;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Preparation;
import org.unet4j.prep.PreparedView;
import org.unet4j.torch.Device;
import org.unet4j.torch.Precision;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Scan;

/**
 * Segments scans with a trained network: prepares a scan as the plan says, slides the network over it and brings the classes
 * back to the scan's own grid. Several threads may use it at once; close it after the last.
 *
 * <p>Where preparation changed the spacing, logits are brought back and compared there, as nnU-Net does, but slice by slice:
 * those of the whole scan are never in memory.
 */
public final class Predictor implements AutoCloseable {

    private static final String PLAN = "plan.yaml";

    private final Engine engine;
    private final Plan plan;
    private final SlidingWindow window;

    private Predictor(Engine engine, Plan plan, SlidingWindow window) {
        this.engine = engine;
        this.plan = plan;
        this.window = window;
    }

    /** Returns the predictor of the last weights of a run folder, in the fastest precision that {@code device} has. */
    public static Predictor load(Path runFolder, Device device) throws IOException {
        return load(runFolder, Weights.LAST, device, Precision.best(device));
    }

    /**
     * Returns the predictor of a run folder, with {@link SlidingWindow#of nnU-Net's window}. Close it to free the weights.
     *
     * @throws IOException if the folder holds no trained network, or one that does not fit the folder's plan
     */
    public static Predictor load(Path runFolder, Weights weights, Device device, Precision precision)
            throws IOException {
        if (!Files.exists(runFolder.resolve(PLAN))) {
            throw new IOException("[" + runFolder + "] is not the folder of a training run: it has no " + PLAN
                    + "; give the folder that train wrote, such as work/runs/<dataset>-unet-0");
        }
        Plan plan = Plan.read(runFolder.resolve(PLAN));
        Path file = runFolder.resolve(weights.fileName());
        if (!Files.exists(file)) {
            throw new IOException("[" + runFolder + "] holds no " + weights.fileName() + ": "
                    + (weights == Weights.BEST
                            ? "the run was never validated; use the last weights"
                            : "the run has not saved any weights yet; let it train on"));
        }
        requireFit(file, ModelFile.spec(file), plan);
        ModelFile.requirePlan(file, plan);
        return of(LibtorchEngine.load(file, device, precision), plan);
    }

    private static void requireFit(Path file, ModelSpec spec, Plan plan) throws IOException {
        if (spec.channels() != plan.channels().size()
                || spec.classes() != plan.classCount()
                || !spec.topology().equals(plan.topology())) {
            throw new IOException("[" + file + "] is a network of " + spec.channels() + " channels, " + spec.classes()
                    + " classes and strides " + spec.topology().strides() + "; the plan beside it has "
                    + plan.channels().size() + ", " + plan.classCount() + " and "
                    + plan.topology().strides() + ": restore the plan that it was trained with");
        }
    }

    /**
     * Returns a predictor of {@code engine}, with {@link SlidingWindow#of nnU-Net's window}; closing it closes the engine.
     *
     * @throws IllegalArgumentException if the engine has other channels or classes than the plan
     */
    public static Predictor of(Engine engine, Plan plan) {
        if (engine.channels() != plan.channels().size() || engine.classes() != plan.classCount()) {
            throw new IllegalArgumentException("the network has " + engine.channels() + " channels and "
                    + engine.classes() + " classes, the plan of " + plan.dataset() + " has "
                    + plan.channels().size() + " and " + plan.classCount());
        }
        return new Predictor(engine, plan, SlidingWindow.of(plan.patch()));
    }

    /** Returns this with another window; it shares the engine, which closing either of them frees. */
    public Predictor withWindow(SlidingWindow newWindow) {
        return new Predictor(engine, plan, newWindow);
    }

    /** Returns what scans are prepared with. */
    public Plan plan() {
        return plan;
    }

    /** Returns how the network is slid. */
    public SlidingWindow window() {
        return window;
    }

    /**
     * Returns the class of every voxel of {@code scan}, on its own grid; what preparation crops away is background.
     *
     * @throws IllegalArgumentException if the scan does not fit the plan
     */
    public Labels predict(Scan scan) {
        return predict(Preparation.view(plan, scan));
    }

    /** Returns the class of every voxel of the scan that was prepared, on its own grid. */
    Labels predict(PreparedView prepared) {
        LogitsUndo back = prepared.recipe().undoLogits(plan.classCount());
        window.slices(engine, prepared.channels(), prepared.shape(), (z, logits) -> back.add(logits));
        return back.labels();
    }

    /**
     * Segments every scan among {@code inputs} into {@code folder}, as {@code <name of the scan>.nii.gz} with the geometry of
     * the scan's own header. A scan that fails does not stop the others.
     *
     * @param inputs NIfTI files, and folders of which all NIfTI files are taken; of a scan with one file a channel
     *     ({@code case_0000.nii.gz}, {@code case_0001.nii.gz}), any of them
     * @throws IOException before anything is written: if an input is missing, two scans have one name, an output would replace
     *     an input, or is there already and {@code existing} says FAIL, or {@code folder} cannot be written to. Later: if a
     *     label map cannot be written, as on a full disk; those before it are there
     */
    public Predictions predictFiles(List<Path> inputs, Path folder, Existing existing, Progress progress)
            throws IOException {
        return predictFiles(inputs, Shard.WHOLE, folder, existing, progress);
    }

    /**
     * Segments a share of the scans, sorted by name, as {@link #predictFiles(List, Path, Existing, Progress)} does all. Other
     * processes may segment the other shares into the same folder at the same time; it must hold no scan that is given.
     */
    public Predictions predictFiles(List<Path> inputs, Shard shard, Path folder, Existing existing, Progress progress)
            throws IOException {
        return new FilePrediction(this, folder, progress)
                .run(ScanFiles.find(inputs, plan.channels().size()), shard, existing);
    }

    /** Frees the network, if its engine loaded it. */
    @Override
    public void close() {
        engine.close();
    }
}
