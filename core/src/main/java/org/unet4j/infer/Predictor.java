package org.unet4j.infer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.unet4j.export.OnnxDevice;
import org.unet4j.infer.SlidingWindow.LogitSlices;
import org.unet4j.io.Progress;
import org.unet4j.prep.Channel;
import org.unet4j.prep.LogitsUndo;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Preparation;
import org.unet4j.prep.PreparedView;
import org.unet4j.prep.ProbabilitySlices;
import org.unet4j.prep.TrainingRanges;
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

    private final List<Engine> engines;
    private final List<String> weightsSha256;
    private final Plan plan;
    private final SlidingWindow window;
    private final PostProcessing postProcessing;
    private final Optional<TrainingRanges> ranges;

    Predictor(
            List<Engine> engines,
            List<String> weightsSha256,
            Plan plan,
            SlidingWindow window,
            PostProcessing postProcessing,
            Optional<TrainingRanges> ranges) {
        this.engines = List.copyOf(engines);
        this.weightsSha256 = List.copyOf(weightsSha256);
        this.plan = plan;
        this.window = window;
        this.postProcessing = postProcessing;
        this.ranges = ranges;
    }

    /** Returns the predictor of the last weights of a run folder, in the fastest precision that {@code device} has. */
    public static Predictor load(Path runFolder, Device device) throws IOException {
        return load(runFolder, Weights.LAST, device, Precision.best(device));
    }

    /**
     * Returns the predictor of a run folder, a {@link ModelPackage} or an {@link EnsembleFile}, with {@link SlidingWindow#of nnU-Net's
     * window}; an ONNX file is run as by {@link #loadOnnx}, on all cores. Close it to free the weights.
     *
     * @throws IOException if there is no trained network, or one that does not fit the plan beside it, or networks of an {@link EnsembleFile}
     *     have different post-processing
     */
    public static Predictor load(Path model, Weights weights, Device device, Precision precision) throws IOException {
        return ModelReader.load(model, weights, device, precision);
    }

    /**
     * Returns the predictor that runs {@code model} with ONNX Runtime on {@code threads} threads of the processor: an ONNX file of
     * {@link org.unet4j.export.Export}, for which libtorch is not needed, a run folder or package, whose weights are exported for as
     * long as it is open, or an {@link EnsembleFile} of these.
     *
     * @param weights of a run folder; an ONNX file holds the ones that it was made of
     * @throws IOException if there is no trained network, or one that does not fit the plan beside it
     */
    public static Predictor loadOnnx(Path model, Weights weights, int threads) throws IOException {
        return loadOnnx(model, weights, threads, OnnxDevice.CPU);
    }

    /**
     * Returns what {@link #loadOnnx(Path, Weights, int)} does, on {@code device}.
     *
     * @throws IllegalArgumentException if this build of ONNX Runtime does not know the device
     */
    public static Predictor loadOnnx(Path model, Weights weights, int threads, OnnxDevice device) throws IOException {
        return ModelReader.loadOnnx(model, weights, threads, device);
    }

    /**
     * Returns a predictor of {@code engine}, with {@link SlidingWindow#of nnU-Net's window}; closing it closes the engine.
     *
     * @throws IllegalArgumentException if the engine has other channels or classes than the plan
     */
    public static Predictor of(Engine engine, Plan plan) {
        return ModelReader.of(engine, plan, List.of(), PostProcessing.nothing(), Optional.empty());
    }

    /**
     * Returns the predictor whose labels are those of the mean of {@code members}' probabilities, each network of the same weight, with the
     * window of the first and the post-processing of all; closing it closes all.
     *
     * @throws IllegalArgumentException if there is none, they prepare scans otherwise, have other classes, or other post-processing, of
     *     which only {@link #withPostProcessing a caller} knows what is right for what they say together
     */
    public static Predictor ensemble(List<Predictor> members) {
        return EnsembleMembers.together(members);
    }

    /** Loads a network. */
    @FunctionalInterface
    public interface Loader {

        /** Returns a predictor of one network. */
        Predictor load() throws IOException;
    }

    /**
     * Returns what {@link #ensemble} does of what {@code loaders} load, with one of the networks in memory at a time: the others are
     * read again whenever it is their turn, once for each layer of windows. The files must stay as they are.
     *
     * @throws IOException if one cannot be loaded; prediction fails with an UncheckedIOException if it cannot later, or has changed
     */
    public static Predictor ensembleOneAtATime(List<Loader> loaders) throws IOException {
        return EnsembleMembers.oneAtATime(loaders);
    }

    /** Returns what {@link #ensemble} does of what {@code loaders} load; where one fails, the others are closed. */
    public static Predictor loadEnsemble(List<Loader> loaders) throws IOException {
        return EnsembleMembers.load(loaders);
    }

    List<Engine> engines() {
        return engines;
    }

    Predictor withEngines(List<Engine> others) {
        return new Predictor(others, weightsSha256, plan, window, postProcessing, ranges);
    }

    List<String> channelNames() {
        return plan.channels().stream().map(Channel::name).toList();
    }

    /** Returns this with another window; it shares the engines, which closing either of them frees. */
    public Predictor withWindow(SlidingWindow newWindow) {
        return new Predictor(engines, weightsSha256, plan, newWindow, postProcessing, ranges);
    }

    /** Returns this with the network's labels left as they are; it shares the engines as well. */
    public Predictor withoutPostProcessing() {
        return withPostProcessing(PostProcessing.nothing());
    }

    /** Returns this with {@code other} done to the labels, in place of what lies beside the weights; it shares the engines as well. */
    public Predictor withPostProcessing(PostProcessing other) {
        return new Predictor(engines, weightsSha256, plan, window, other, ranges);
    }

    /** Returns the SHA-256 of the weights of each network; empty where they were not read from a file. */
    public List<String> weightsSha256() {
        return weightsSha256;
    }

    /** Returns what is done to labels after the network. */
    public PostProcessing postProcessing() {
        return postProcessing;
    }

    /**
     * Returns what the network has seen, which scans are compared with before they are segmented, of several networks the first that
     * knows; empty where that is not known.
     */
    public Optional<TrainingRanges> ranges() {
        return ranges;
    }

    /** Returns in words what computes. */
    public String describe() {
        return engines.stream().map(Engine::describe).distinct().collect(Collectors.joining(" and "));
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
        return predict(Preparation.view(plan, scan), (done, total) -> {});
    }

    /** Hears how often the networks have run, of how often they do for a scan, on the thread that predicts. */
    @FunctionalInterface
    interface Passes {
        void done(long done, long total);
    }

    /** Returns the class of every voxel of the scan that was prepared, on its own grid. */
    Labels predict(PreparedView prepared, Passes passes) {
        return predict(prepared, prepared.recipe().undoLogits(plan.classCount()), passes);
    }

    /**
     * Returns what {@link #predict(PreparedView, Passes)} does, and hands on how probable each class was before post-processing: the
     * softmax of logits interpolated on the scan's own spacing, of several networks the mean of their softmax, interpolated there.
     */
    Labels predict(PreparedView prepared, ProbabilitySlices probabilities, Passes passes) {
        return predict(
                prepared,
                engines.size() == 1
                        ? prepared.recipe().undoLogits(plan.classCount(), probabilities)
                        : prepared.recipe().undoProbabilities(plan.classCount(), probabilities),
                passes);
    }

    private Labels predict(PreparedView prepared, LogitsUndo back, Passes passes) {
        LogitSlices slices = (z, logits) -> back.add(logits);
        long total = engines.size() * window.passes(prepared.shape());
        AtomicLong done = new AtomicLong();
        Runnable pass = () -> passes.done(done.incrementAndGet(), total);
        List<Sweep> sweeps = engines.stream()
                .map(engine -> window.sweep(engine, prepared.channels(), prepared.shape(), pass))
                .toList();
        if (sweeps.size() == 1) {
            SlidingWindow.slices(sweeps.get(0), prepared.shape(), slices);
        } else {
            Ensemble.run(sweeps, prepared.shape().z(), slices);
        }
        return postProcessing.classes().isEmpty() ? back.labels() : postProcessing.apply(back.labels());
    }

    /** Segments every scan among {@code inputs} into {@code folder}, as {@link #predictFiles(PredictionRequest, Progress)} does. */
    public Predictions predictFiles(List<Path> inputs, Path folder, Existing existing, Progress progress)
            throws IOException {
        return predictFiles(PredictionRequest.of(inputs, folder).withExisting(existing), progress);
    }

    /**
     * Segments scans into a folder, as {@code <name of the scan>.nii.gz} with the geometry of the scan's own header; of one volume
     * of a series, with its geometry in space. Beside it lie a picture, {@code <name of the scan>.preview.png}, the probabilities if
     * they are asked for, and an entry in the folder's {@link Manifest}. The next scan is read and the last one written meanwhile. A
     * scan that fails does not stop the others.
     *
     * @throws IOException before anything is written: if an input is missing, two scans have one name, an output would replace
     *     an input, or is there already and the request says FAIL, or the folder cannot be written to. Later: if a label map
     *     cannot be written, as on a full disk; those before it are there
     * @throws IllegalArgumentException if one volume is asked for and the network takes several channels
     */
    public Predictions predictFiles(PredictionRequest request, Progress progress) throws IOException {
        int files = plan.channels().size();
        if (request.volume().isPresent()) {
            requireOneChannel();
            files = 1;
        }
        return new FilePrediction(this, request, progress).run(ScanFiles.find(request.inputs(), files));
    }

    private void requireOneChannel() {
        if (plan.channels().size() != 1) {
            throw new IllegalArgumentException("--volume is for networks of one channel, and this one takes "
                    + plan.channels().size() + " " + channelNames()
                    + ": leave it out and give files of all channels");
        }
    }

    /** Frees the networks that were loaded. */
    @Override
    public void close() {
        engines.forEach(Engine::close);
    }
}
