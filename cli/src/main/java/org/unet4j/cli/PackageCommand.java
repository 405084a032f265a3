package org.unet4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.unet4j.infer.ModelPackage;
import org.unet4j.infer.Weights;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Packs a run folder for others. */
@Command(
        name = "package",
        mixinStandardHelpOptions = true,
        description = "Packs a trained network into one file that another person can predict with.",
        footer = {
            "",
            "It holds the weights, the plan with the names of the classes, the ranges of the training cases' spacing"
                    + " and",
            "intensities, the training's configuration and provenance, and",
            "the licence note; no names of cases, no paths of files."
        })
final class PackageCommand implements Callable<Integer> {
    private static final String NO_LICENCE =
            "No licence was given with these weights: ask whoever gave you the file what you may do with them.";

    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "RUN", description = "The run folder of a training.")
    private Path run;

    @Option(names = "--out", required = true, paramLabel = "FILE.u4j", description = "The file to write.")
    private Path out;

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
        if (!out.getFileName().toString().endsWith(".u4j")) {
            throw new UsageException("--out: the name of a package ends in .u4j; given " + out);
        }
        ModelPackage.write(run, best ? Weights.BEST : Weights.LAST, licence, out);
        terminal.print(out.toString());
        return Main.DONE;
    }
}
