package org.unet4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.unet4j.export.OnnxDevice;
import org.unet4j.infer.EnsembleFile;
import org.unet4j.infer.Existing;
import org.unet4j.infer.ModelPackage;
import org.unet4j.infer.OnnxEngine;
import org.unet4j.infer.PostProcessing;
import org.unet4j.infer.PredictionRequest;
import org.unet4j.infer.Predictions;
import org.unet4j.infer.Predictor;
import org.unet4j.infer.SlidingWindow;
import org.unet4j.infer.Weights;
import org.unet4j.io.Shard;
import org.unet4j.torch.Device;
import org.unet4j.torch.Precision;
import org.unet4j.torch.Torch;
import org.unet4j.train.RunFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Segments scans. */
@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        description = "Segments scans with a trained network; labels lie on each scan's own grid.",
        footer = {
            "",
            "Scans with several channels are named as in nnU-Net: case_0000.nii.gz, case_0001.nii.gz, or are 4D.",
            "Of a 4D scan, such as a time series, a network of one channel segments the volume that --volume names.",
            "One unreadable scan does not stop the others: it is listed at the end, and the exit code is 3.",
            "NAME.prediction.json says what a label map was made with, and the ml of each class; manifest.json gathers"
                    + " them when the command ends. A PNG shows three slices.",
            "Shards write into one --out. One that a scheduler starts again goes on with --existing skip. Processes that are"
                    + " given the same scans, one --out and --existing skip share them; without it all but one of them end, and with"
                    + " overwrite the later one may replace what was written."
        })
final class PredictCommand implements Callable<Integer> {
    /** What {@code --engine} may be. */
    enum EngineName {
        LIBTORCH,
        ONNX
    }

    private final Terminal terminal;

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "The run folder of a training, a package of one (.u4j), an ONNX file of export (.onnx), or an"
                    + " ensemble of cross-validate (a folder with ensemble.yaml).")
    private Path model;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "INPUT", description = "Scans, or folders of scans.")
    private List<Path> inputs;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Folder for the labels, each under its scan's name, what belongs to them, and manifest.json.")
    private Path out;

    @Option(names = "--best", description = "Use the weights that scored highest in validation, not the last.")
    private boolean best;

    @Option(
            names = "--with",
            paramLabel = "MODEL",
            description = "Another model, such as of another fold; may be given again. Probabilities are averaged.")
    private List<Path> others = List.of();

    @Option(
            names = "--one-at-a-time",
            description =
                    "Keep one network of --with in memory at a time; they are read again for each layer of windows.")
    private boolean oneAtATime;

    @Option(
            names = "--overlap",
            paramLabel = "SHARE",
            description = "Least share of a window that neighbours have in common (default: 0.5; less is faster).")
    private Double overlap;

    @Option(
            names = "--mirror",
            description =
                    "Average over copies of each scan mirrored as in training: up to eight times slower, steadier.")
    private boolean mirror;

    @Option(
            names = "--engine",
            paramLabel = "libtorch|onnx",
            description = "What runs the networks: onnx is ONNX Runtime (default: libtorch; onnx for an ONNX file).")
    private EngineName engine;

    @Option(
            names = "--device",
            paramLabel = "cpu|cuda|tensorrt",
            description = "What ONNX Runtime computes on (default: cpu). The others need the build for cards"
                    + " (UNET4J_NATIVES=cuda) and an NVIDIA card.")
    private OnnxDevice device;

    @Option(
            names = "--probabilities",
            description = "Also write how probable each class is, as a 4D file NAME.probabilities.nii.gz:"
                    + " 16-bit integers with a slope of 1/65535, read as 0 to 1.")
    private boolean probabilities;

    @Option(
            names = "--post-processing",
            paramLabel = "FILE|none",
            description = "What is done to the labels, in place of the postprocessing.yaml of the models. That of"
                    + " cross-validate was chosen for single networks, also where it is done to what all say together.")
    private Path postProcessing;

    @Option(
            names = "--existing",
            paramLabel = "fail|skip|overwrite",
            description = "What to do where labels are there already (default: fail).")
    private Existing existing = Existing.FAIL;

    @Option(
            names = "--volume",
            paramLabel = "N",
            description = "Segment volume N of each 4D scan, counted from 0 as in FSL and nibabel.")
    private Integer volume;

    @Mixin
    private ShardOption shard;

    PredictCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Shard share = shard.shard().orElse(Shard.WHOLE);
        List<Path> models = models();
        models.stream().filter(OnnxEngine::isOnnx).forEach(this::requireNoRunFolderNeeded);
        requireDevice(models);
        if (volume != null && volume < 0) {
            throw new UsageException("--volume " + volume + " must be 0 or more: volumes are counted from 0");
        }
        List<Integer> axes = mirror ? mirrorAxes(models) : List.of();
        if (!models.stream().allMatch(OnnxEngine::isOnnx)) { // else libtorch is not needed, and may be absent
            Torch.start(Torch.physicalCores(), true);
        }
        try (Predictor loaded = load(models)) {
            SlidingWindow window = loaded.window().withMirroring(axes);
            Predictor predictor = loaded.withWindow(overlap == null ? window : window.withOverlap(overlap));
            if (predictor.ranges().isEmpty()) {
                terminal.note(
                        "the ranges of the training cases are not known: warnings compare scans with the plan only");
            }
            Predictions done = predictor.predictFiles(request(share), terminal);
            done.written().forEach(file -> terminal.print(file.toString()));
            if (!done.skipped().isEmpty()) {
                terminal.note(done.skipped().size()
                        + " skipped: their labels were there already, or another process makes them");
            }
            done.warnings().forEach(warning -> terminal.note(warning.scan() + ": " + warning.text()));
            done.failures().forEach(failure -> terminal.error(failure.scan() + ": " + failure.reason()));
            if (done.written().size() + done.skipped().size() + done.failures().size() == 0) {
                terminal.note("shard " + share + " has no scan: there are fewer scans than shards");
            }
            terminal.result(done);
            return done.failures().isEmpty() ? Main.DONE : Main.PARTLY;
        }
    }

    private PredictionRequest request(Shard share) {
        PredictionRequest request =
                PredictionRequest.of(inputs, out).withExisting(existing).withShard(share);
        request = volume == null ? request : request.withVolume(volume);
        return probabilities ? request.withProbabilities() : request;
    }

    private Predictor load(List<Path> models) throws IOException {
        Weights weights = best ? Weights.BEST : Weights.LAST;
        List<Predictor.Loader> loaders = models.stream()
                .<Predictor.Loader>map(path -> engine == EngineName.ONNX || OnnxEngine.isOnnx(path)
                        ? () -> finished(Predictor.loadOnnx(path, weights, Torch.physicalCores(), onnxDevice()))
                        : () -> finished(Predictor.load(path, weights, Device.best(), Precision.best(Device.best()))))
                .toList();
        return oneAtATime ? Predictor.ensembleOneAtATime(loaders) : Predictor.loadEnsemble(loaders);
    }

    /** Returns {@code loaded} with the post-processing that was asked for. */
    private Predictor finished(Predictor loaded) throws IOException {
        if (postProcessing == null) {
            return loaded;
        }
        if (postProcessing.toString().equals("none")) {
            return loaded.withoutPostProcessing();
        }
        try {
            return loaded.withPostProcessing(PostProcessing.readGiven(postProcessing, loaded.plan()));
        } catch (IOException e) {
            loaded.close();
            throw e;
        }
    }

    private OnnxDevice onnxDevice() {
        return device == null ? OnnxDevice.CPU : device;
    }

    private void requireDevice(List<Path> models) {
        if (device == null) {
            return;
        }
        if (engine != EngineName.ONNX && models.stream().noneMatch(OnnxEngine::isOnnx)) {
            throw new UsageException(
                    "--device is for --engine onnx; libtorch takes a card by itself where there is one");
        }
        device.requireBuilt();
    }

    /** An ONNX file has one set of weights, and does not say how they were trained. */
    private void requireNoRunFolderNeeded(Path onnx) {
        if (engine == EngineName.LIBTORCH || best || mirror) {
            throw new UsageException((best ? "--best" : mirror ? "--mirror" : "--engine libtorch")
                    + " needs a run folder or a package of one; " + onnx + " is an ONNX file");
        }
    }

    /** Returns the models, of ensembles those that they are made of. */
    private List<Path> models() throws IOException {
        List<Path> all = new ArrayList<>(EnsembleFile.models(model));
        for (Path other : others) {
            all.addAll(EnsembleFile.models(other));
        }
        return all;
    }

    /** Returns the axes along which all models learnt with mirroring. */
    private static List<Integer> mirrorAxes(List<Path> models) throws IOException {
        List<Integer> common = new ArrayList<>(List.of(0, 1, 2));
        for (Path path : models) {
            common.retainAll(ModelPackage.open(
                    path,
                    run -> new RunFolder(run)
                            .readConfig()
                            .samples()
                            .augmentation()
                            .mirroring()
                            .trainedAxes()));
            if (common.isEmpty()) {
                throw new IOException(
                        "--mirror: the network in [" + path + "] learned without mirroring, and would take mirrored"
                                + " scans for what they are not; leave --mirror out, or"
                                + " train with augmentation.mirroring.axes");
            }
        }
        return common;
    }
}
