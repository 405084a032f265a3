package org.unet4j.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The command line of a folder of {@code package --standalone}: prediction with the network that lies in it. libtorch is not there, so
 * nothing may be asked for that needs it.
 */
final class Standalone {

    /** What the folder's script names its network by. */
    private static final String MODEL = "unet4j.standalone";

    /** What needs another network, the folder of a run, or a build for cards. */
    static final List<String> ABSENT =
            List.of("--best", "--with", "--one-at-a-time", "--mirror", "--engine", "--device");

    private Standalone() {}

    /** Returns the network of the folder that this was started from; empty where it was not. */
    static Optional<Path> model() {
        return Optional.ofNullable(System.getProperty(MODEL)).map(Path::of);
    }

    /** Returns {@code predict} without its first argument, which is always the folder's network, and what needs libtorch. */
    static CommandLine commandLine(Terminal terminal) {
        CommandLine line = new CommandLine(PredictCommand.class, new Commands(terminal));
        CommandSpec spec = line.getCommandSpec();
        ABSENT.forEach(name -> spec.remove(spec.findOption(name)));
        PositionalParamSpec model = spec.positionalParameters().get(0);
        spec.remove(model);
        spec.addPositional(PositionalParamSpec.builder(model).hidden(true).build());
        spec.usageMessage().customSynopsis("predict INPUT... --out DIR [OPTIONS]");
        spec.versionProvider(new Version());
        return line;
    }
}
