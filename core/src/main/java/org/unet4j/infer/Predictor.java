package org.unet4j.infer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.io.Progress;
import org.unet4j.io.Shard;
import org.unet4j.model.ModelFile;
import org.unet4j.model.ModelSpec;
import org.unet4j.model.Network;
import org.unet4j.prep.Channel;
import org.unet4j.prep.LogitsUndo;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Preparation;
import org.unet4j.prep.PreparedCase;
import org.unet4j.prep.PreparedScan;
import org.unet4j.prep.Recipe;
import org.unet4j.torch.Device;
import org.unet4j.torch.Precision;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Box;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Shape;

/**
 * Segments scans with a trained network: prepares a scan as the plan says, slides the network over it and brings the classes
 * back to the scan's own grid. For one thread at a time.
 *
 * <p>Where preparation changed the spacing, logits are brought back and compared there, as nnU-Net does, but slice by slice:
 * those of the whole scan are never in memory.
 */
public final class Predictor implements AutoCloseable {

    private static final String PLAN = "plan.yaml";

    private final Network network;
    private final boolean owned;
    private final Plan plan;
    private final Device device;
    private final Precision precision;
    private final SlidingWindow window;

    private Predictor(
            Network network, boolean owned, Plan plan, Device device, Precision precision, SlidingWindow window) {
        this.network = network;
        this.owned = owned;
        this.plan = plan;
        this.device = device;
        this.precision = precision;
        this.window = window;
    }

    /** Returns the predictor of the last weights of a run folder; see {@link #load(Path, Weights, Device)}. */
    public static Predictor load(Path runFolder, Device device) throws IOException {
        return load(runFolder, Weights.LAST, device);
    }

    /**
     * Returns the predictor of a run folder, in the fastest precision that {@code device} has, with
     * {@link SlidingWindow#of nnU-Net's window}. Close it to free the weights.
     *
     * @throws IOException if the folder holds no trained network, or one that does not fit the folder's plan
     */
    public static Predictor load(Path runFolder, Weights weights, Device device) throws IOException {
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
        Network network = ModelFile.load(file);
        network.to(device);
        return new Predictor(network, true, plan, device, Precision.best(device), SlidingWindow.of(plan.patch()));
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

    /** Returns a predictor of a network that someone else owns, and whose weights may go on changing. */
    public static Predictor of(Network network, Plan plan, Device device, Precision precision) {
        return new Predictor(network, false, plan, device, precision, SlidingWindow.of(plan.patch()));
    }

    /** Returns this with another window; it shares the network, which closing either of them frees. */
    public Predictor withWindow(SlidingWindow newWindow) {
        return new Predictor(network, owned, plan, device, precision, newWindow);
    }

    /** Returns this in another precision; it shares the network, which closing either of them frees. */
    public Predictor withPrecision(Precision newPrecision) {
        return new Predictor(network, owned, plan, device, newPrecision, window);
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
        return undo(Preparation.apply(plan, scan, Optional.empty()));
    }

    /** Returns the class of every voxel of the scan that was prepared, on its own grid. */
    Labels undo(PreparedScan prepared) {
        Recipe recipe = prepared.recipe();
        if (recipe.cropped().shape().equals(prepared.shape())) {
            return recipe.undo(predictPrepared(prepared));
        }
        LogitsUndo back = recipe.undoLogits(plan.classCount());
        try (Scope scope = new Scope()) {
            window.slices(
                    network::forward,
                    image(prepared),
                    plan.classCount(),
                    device,
                    precision,
                    (z, logitsCHW) -> back.add(logitsCHW));
        }
        return back.labels();
    }

    /** Returns the class of every voxel of a prepared scan, on the prepared grid, in z, y, x order. */
    public LabelArray predictPrepared(PreparedScan prepared) {
        try (Scope scope = new Scope()) {
            return labels(image(prepared));
        }
    }

    /** Returns the class of every voxel of a prepared case, on the prepared grid, in z, y, x order. */
    public LabelArray predictPrepared(PreparedCase prepared) {
        try (Scope scope = new Scope()) {
            Tensor image = empty(prepared.channels(), prepared.shape());
            for (int channel = 0; channel < prepared.channels(); channel++) {
                prepared.copyImage(
                        channel, Box.all(prepared.shape()), Tensors.floatBuffer(image.select(0, channel)), 0);
            }
            return labels(image);
        }
    }

    private static Tensor image(PreparedScan prepared) {
        Tensor image = empty(prepared.channels().size(), prepared.shape());
        for (int channel = 0; channel < prepared.channels().size(); channel++) {
            Tensors.floatBuffer(image.select(0, channel))
                    .put(prepared.channels().get(channel));
        }
        return image;
    }

    private static Tensor empty(int channels, Shape shape) {
        return Tensors.empty(
                new long[] {channels, shape.z(), shape.y(), shape.x()}, ScalarType.Float, Device.cpu(), false);
    }

    private LabelArray labels(Tensor imageCDHW) {
        int channels = Math.toIntExact(imageCDHW.size(0));
        if (channels != plan.channels().size()) {
            throw new IllegalArgumentException("the scan has " + channels + " channels, the network of "
                    + plan.dataset() + " takes " + plan.channels().size());
        }
        return window.labels(network::forward, imageCDHW, plan.classCount(), device, precision);
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
        return new FilePrediction(this, folder, OptionalInt.empty(), progress)
                .run(ScanFiles.find(inputs, plan.channels().size()), shard, existing);
    }

    /**
     * Segments one volume of each scan, such as a time of a 4D series, as {@link #predictFiles(List, Shard, Path, Existing,
     * Progress)} does whole scans; labels lie on the scan's grid in space. A scan without that volume is a failure.
     *
     * @param volume its number from 0
     * @throws IllegalArgumentException if the network takes several channels
     */
    public Predictions predictVolume(
            int volume, List<Path> inputs, Shard shard, Path folder, Existing existing, Progress progress)
            throws IOException {
        if (plan.channels().size() != 1) {
            throw new IllegalArgumentException("--volume is for networks of one channel, and this one takes "
                    + plan.channels().size() + " "
                    + plan.channels().stream().map(Channel::name).toList()
                    + ": leave it out and give files of all channels");
        }
        return new FilePrediction(this, folder, OptionalInt.of(volume), progress)
                .run(ScanFiles.find(inputs, 1), shard, existing);
    }

    /** Frees the weights, if this predictor loaded them. */
    @Override
    public void close() {
        if (owned) {
            network.close();
        }
    }
}
