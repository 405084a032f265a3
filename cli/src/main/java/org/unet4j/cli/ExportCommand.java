package org.unet4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.unet4j.export.Export;
import org.unet4j.export.Format;
import org.unet4j.export.Onnx;
import org.unet4j.export.OnnxInt8;
import org.unet4j.export.Patches;
import org.unet4j.export.TorchScript;
import org.unet4j.export.TrainedNetwork;
import org.unet4j.infer.Weights;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.torch.Torch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a network for other programs. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description =
                "Writes a trained network as ONNX or TorchScript, and checks by running it that its logits are the same.",
        footer = {
            "",
            "The network takes prepared images (batch, channels, depth, height, width) and gives logits; any batch, and any"
                    + " size that the plan's strides divide. The plan and the names of the labels are in the file's metadata.",
            "Weights of an ONNX file of more than 2 GB lie beside it, in FILE.weights."
        })
final class ExportCommand implements Callable<Integer> {

    /** What {@code --format} may be. */
    enum Name {
        ONNX,
        TORCHSCRIPT
    }

    /** What {@code --weights} may be. */
    enum Stored {
        FP32,
        FP16,
        INT8
    }

    private static final double PERCENT = 100;

    private final Terminal terminal;

    @Parameters(paramLabel = "RUN", description = "The run folder of a training.")
    private Path run;

    @Option(
            names = "--format",
            required = true,
            paramLabel = "onnx|torchscript",
            description = "ONNX for ONNX Runtime, OpenVINO and TensorRT; TorchScript for libtorch and PyTorch.")
    private Name format;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "Such as pancreas.onnx or pancreas.pt.")
    private Path out;

    @Option(
            names = "--weights",
            paramLabel = "fp32|fp16|int8",
            description =
                    "fp16 makes an ONNX file half as large; it is computed in fp32 all the same. int8 computes large"
                            + " convolutions in eight bits, by the ranges in patches of --calibrate (default: fp32).")
    private Stored weights = Stored.FP32;

    @Option(
            names = "--calibrate",
            paramLabel = "DATASET",
            description =
                    "With --weights int8: the dataset that the run was trained on; the first 16 cases that it learnt from"
                            + " are read, every fourth for the check alone.")
    private Path calibrate;

    @Option(names = "--best", description = "Take the weights that scored highest in validation, not the last.")
    private boolean best;

    ExportCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        requireFormat();
        Torch.start(Torch.physicalCores(), true);
        Weights chosen = best ? Weights.BEST : Weights.LAST;
        try (TrainedNetwork trained = TrainedNetwork.read(run, chosen.fileName())) {
            Export export = Export.write(trained, format(trained), out);
            export.files().forEach(file -> terminal.print(file.toString()));
            terminal.note(
                    "checked on %d batches of %s: %.2f %% of the foreground's voxels have the network's label, and no logit differs by more than %.1e from the network's (the largest is %.1f)"
                            .formatted(
                                    export.parity().images(),
                                    weights == Stored.INT8 ? "patches" : "noise",
                                    PERCENT * export.parity().sameLabels(),
                                    export.parity().largestDifference(),
                                    export.parity().largestLogit()));
        }
        return Main.DONE;
    }

    private void requireFormat() {
        String asGiven = "--weights " + weights.name().toLowerCase(Locale.ROOT);
        if (format == Name.TORCHSCRIPT && weights != Stored.FP32) {
            throw new UsageException(asGiven + " goes with --format onnx only; torchscript keeps fp32");
        }
        if ((weights == Stored.INT8) != (calibrate != null)) {
            throw new UsageException("--weights int8 and --calibrate DATASET go together");
        }
    }

    private Format format(TrainedNetwork trained) throws IOException {
        if (format == Name.TORCHSCRIPT) {
            return new TorchScript();
        }
        return switch (weights) {
            case FP32 -> Onnx.float32();
            case FP16 -> Onnx.halfWeights();
            case INT8 -> new OnnxInt8(Patches.of(calibration(), trained.plan()));
        };
    }

    private List<Case> calibration() throws IOException {
        List<Case> cases = CalibrationCases.of(Dataset.open(calibrate), run, List.of());
        if (cases.isEmpty()) {
            throw new IOException("[" + calibrate + "] has none of the cases that [" + run
                    + "] learnt from: give the dataset that it was trained on");
        }
        return cases;
    }
}
