package org.unet4j.infer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;
import org.unet4j.export.OnnxDevice;
import org.unet4j.export.TrainedFiles;
import org.unet4j.export.TrainedNetwork;
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
import org.unet4j.torch.Torch;
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

    private Predictor(
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
        if (EnsembleFile.isAt(model)) {
            return together(model, one -> load(one, weights, device, precision));
        }
        if (OnnxEngine.isOnnx(model)) {
            return loadOnnx(model, weights, Torch.physicalCores());
        }
        return ModelPackage.open(model, folder -> loadRun(model, folder, weights, device, precision));
    }

    private static Predictor together(Path ensemble, ModelPackage.InFolder<Predictor> loader) throws IOException {
        List<Path> models = EnsembleFile.models(ensemble);
        List<PostProcessing> known = new ArrayList<>();
        List<Loader> loaders = new ArrayList<>();
        for (Path model : models) {
            loaders.add(() -> {
                Predictor member = loader.apply(model);
                known.add(member.postProcessing);
                requireSame(models.get(0), known.get(0), model, member);
                return member;
            });
        }
        return loadEnsemble(loaders);
    }

    private static void requireSame(Path first, PostProcessing wanted, Path model, Predictor member)
            throws IOException {
        if (!member.postProcessing.equals(wanted)) {
            member.close();
            throw new IOException("[" + first + "] and [" + model + "] of an ensemble have different "
                    + TrainedFiles.POST_PROCESSING + ", " + wanted.classes() + " and "
                    + member.postProcessing.classes() + ": give both the same file, or delete both");
        }
    }

    private static Predictor loadRun(Path model, Path folder, Weights weights, Device device, Precision precision)
            throws IOException {
        TrainedFiles files = TrainedFiles.in(folder, model, weights.fileName());
        String sha256 = ModelPackage.sha256(files.weights());
        PostProcessing after = PostProcessing.read(files.postProcessing(), files.plan());
        Optional<TrainingRanges> ranges = TrainingRanges.read(folder, files.plan());
        Engine engine = LibtorchEngine.load(files.weights(), device, precision);
        if (!ModelPackage.sha256(files.weights()).equals(sha256)) {
            engine.close();
            throw new IOException(
                    "[" + model + "] is being trained: its weights were replaced while they were read;" + " try again");
        }
        return of(engine, files.plan()).readFrom(sha256, after, ranges);
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
        if (EnsembleFile.isAt(model)) {
            return together(model, one -> loadOnnx(one, weights, threads, device));
        }
        if (OnnxEngine.isOnnx(model)) {
            return readFrom(model, OnnxEngine.load(model, threads, device), ModelPackage.sha256(model));
        }
        return ModelPackage.open(model, folder -> {
            TrainedFiles files = TrainedFiles.in(folder, model, weights.fileName());
            try (TrainedNetwork trained = TrainedNetwork.read(files)) {
                return readFrom(model, OnnxEngine.of(trained, threads, device), ModelPackage.sha256(files.weights()));
            }
        });
    }

    private static Predictor readFrom(Path model, OnnxEngine engine, String sha256) throws IOException {
        try {
            return of(engine, engine.plan()).readFrom(sha256, engine.postProcessing(model), engine.ranges(model));
        } catch (IOException | RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    private Predictor readFrom(String sha256, PostProcessing after, Optional<TrainingRanges> learnt) {
        return new Predictor(engines, List.of(sha256), plan, window, after, learnt);
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
        return new Predictor(
                List.of(engine),
                List.of(),
                plan,
                SlidingWindow.of(plan.patch()),
                PostProcessing.nothing(),
                Optional.empty());
    }

    /**
     * Returns the predictor whose labels are those of the mean of {@code members}' probabilities, each network of the same weight, with the
     * window and the post-processing of the first, and a warning where another has other post-processing; closing it closes all.
     *
     * @throws IllegalArgumentException if there is none, or they prepare scans otherwise or have other classes
     */
    public static Predictor ensemble(List<Predictor> members) {
        if (members.isEmpty()) {
            throw new IllegalArgumentException("an ensemble needs at least one model");
        }
        Predictor first = members.get(0);
        for (Predictor member : members) {
            if (!member.plan.preparationHash().equals(first.plan.preparationHash())
                    || !member.plan.classes().equals(first.plan.classes())) {
                throw new IllegalArgumentException(
                        "models of an ensemble must prepare scans in the same way and have the same"
                                + " classes; one at " + member.plan.spacing() + " has " + member.plan.classes()
                                + ", the first at " + first.plan.spacing() + " has " + first.plan.classes()
                                + ": leave one out, or train both by one plan");
            }
            if (!member.channelNames().equals(first.channelNames())) {
                throw new IllegalArgumentException(
                        "models of an ensemble must take the same channels in the same order; one takes "
                                + member.channelNames() + ", the first " + first.channelNames() + ": leave one out");
            }
            if (!member.postProcessing.equals(first.postProcessing)) {
                // Asked for here: where one network predicts, nobody need have a logger.
                LoggerFactory.getLogger(Predictor.class)
                        .warn(
                                "models of an ensemble have different post-processing: done is that of the first, {}; another has {}",
                                first.postProcessing.classes(),
                                member.postProcessing.classes());
            }
            member.plan.topology().requireDivisible(first.window.window());
        }
        return new Predictor(
                members.stream().flatMap(member -> member.engines.stream()).toList(),
                members.stream()
                        .flatMap(member -> member.weightsSha256.stream())
                        .toList(),
                first.plan,
                first.window,
                first.postProcessing,
                members.stream().flatMap(member -> member.ranges.stream()).findFirst());
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
        Seat seat = new Seat();
        List<Predictor> members = new ArrayList<>();
        for (Loader loader : loaders) {
            Predictor first = loader.load();
            Engine guest = seat.guest(first.onlyEngine(), () -> first.again(loader));
            members.add(first.with(List.of(guest)));
        }
        return ensemble(members);
    }

    /** Returns what {@link #ensemble} does of what {@code loaders} load; where one fails, the others are closed. */
    public static Predictor loadEnsemble(List<Loader> loaders) throws IOException {
        List<Predictor> members = new ArrayList<>();
        try {
            for (Loader loader : loaders) {
                members.add(loader.load());
            }
            return ensemble(members);
        } catch (IOException | RuntimeException e) {
            members.forEach(Predictor::close);
            throw e;
        }
    }

    private Engine onlyEngine() {
        if (engines.size() != 1) {
            close();
            throw new IllegalArgumentException("one network at a time needs a loader for each; one gave "
                    + engines.size() + " networks: give the models of an ensemble one by one");
        }
        return engines.get(0);
    }

    private Engine again(Loader loader) throws IOException {
        Predictor loaded = loader.load();
        if (!loaded.weightsSha256.equals(weightsSha256)) {
            loaded.close();
            throw new IOException("the weights of a network of " + plan.dataset()
                    + " have changed since the prediction began: wait until its training has ended, and predict again");
        }
        return loaded.onlyEngine();
    }

    private Predictor with(List<Engine> others) {
        return new Predictor(others, weightsSha256, plan, window, postProcessing, ranges);
    }

    private List<String> channelNames() {
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

    /** Returns this with {@code other} done to the network's labels; it shares the engines as well. */
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
        return predict(Preparation.view(plan, scan));
    }

    /** Returns the class of every voxel of the scan that was prepared, on its own grid. */
    Labels predict(PreparedView prepared) {
        return predict(prepared, prepared.recipe().undoLogits(plan.classCount()));
    }

    /**
     * Returns what {@link #predict(PreparedView)} does, and hands on how probable each class was before post-processing: the
     * softmax of logits interpolated on the scan's own spacing, of several networks the mean of their softmax, interpolated there.
     */
    Labels predict(PreparedView prepared, ProbabilitySlices probabilities) {
        return predict(
                prepared,
                engines.size() == 1
                        ? prepared.recipe().undoLogits(plan.classCount(), probabilities)
                        : prepared.recipe().undoProbabilities(plan.classCount(), probabilities));
    }

    private Labels predict(PreparedView prepared, LogitsUndo back) {
        LogitSlices slices = (z, logits) -> back.add(logits);
        if (engines.size() == 1) {
            window.slices(engines.get(0), prepared.channels(), prepared.shape(), slices);
        } else {
            List<Sweep> sweeps = engines.stream()
                    .map(engine -> window.sweep(engine, prepared.channels(), prepared.shape()))
                    .toList();
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
