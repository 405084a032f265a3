package org.unet4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.unet4j.infer.ModelPackage;
import org.unet4j.infer.Weights;
import org.unet4j.torch.Torch;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Packs a run folder for others. */
@Command(
        name = "package",
        mixinStandardHelpOptions = true,
        description =
                "Packs a trained network into one file, or into one folder with all that runs it, for another person.",
        footer = {
            "",
            "A file holds the weights, the plan with the names of the classes, the ranges of the training cases' spacing",
            "and intensities, the training's configuration and provenance without the command that was typed, and",
            "the licence note; no names of cases, no paths of files. A folder holds the network as ONNX, and no libtorch."
        })
final class PackageCommand implements Callable<Integer> {
    private static final String NO_LICENCE =
            "No licence was given with these weights: ask whoever gave you the file what you may do with them.";

    /** One of the two. */
    private static final class Target {
        @Option(
                names = "--out",
                required = true,
                paramLabel = "FILE.u4j",
                description = "The file to write, for people who have unet4j.")
        private Path file;

        @Option(
                names = "--standalone",
                required = true,
                paramLabel = "DIR",
                description =
                        "The folder to write, for people who have nothing: with a Java runtime and ONNX Runtime, for this"
                                + " system and processor. DIR/predict scan.nii.gz --out OUT segments.")
        private Path folder;
    }

    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "RUN", description = "The run folder of a training.")
    private Path run;

    @ArgGroup(multiplicity = "1")
    private Target target;

    @Option(names = "--best", description = "Pack the weights that scored highest in validation, not the last.")
    private boolean best;

    @Option(
            names = "--licence",
            paramLabel = "TEXT",
            description = "Who may use the weights, and for what; the dataset's licence may say.")
    private String licence = NO_LICENCE;

    PackageCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Weights weights = best ? Weights.BEST : Weights.LAST;
        if (target.folder != null) {
            Torch.start(Torch.physicalCores(), true);
            StandaloneFolder.write(run, weights, licence, target.folder);
            terminal.print(target.folder.toString());
            return Main.DONE;
        }
        if (!target.file.getFileName().toString().endsWith(".u4j")) {
            throw new UsageException("--out: the name of a package ends in .u4j; given " + target.file);
        }
        ModelPackage.write(run, weights, licence, target.file);
        terminal.print(target.file.toString());
        return Main.DONE;
    }
}
