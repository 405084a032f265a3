package org.unet4j.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** {@code --quiet} and {@code --json}, which all commands of long work have, in the same words. */
final class OutputOptions {
    private static final List<Class<?>> QUIET = List.of(
            BenchmarkCommand.class,
            CrossValidateCommand.class,
            DatasetCommand.class,
            DownloadCommand.class,
            EvaluateCommand.class,
            InspectCommand.class,
            PhantomCommand.class,
            PredictCommand.class,
            PrepareCommand.class,
            ReportCommand.class,
            ThroughputCommand.class,
            TrainCommand.class);

    /** Not {@code evaluate}, whose {@code --json} takes a file, nor {@code phantom}, which has nothing to tell but its files. */
    private static final List<Class<?>> JSON = List.of(
            BenchmarkCommand.class,
            CrossValidateCommand.class,
            DatasetCommand.class,
            DownloadCommand.class,
            InspectCommand.class,
            PredictCommand.class,
            PrepareCommand.class,
            ReportCommand.class,
            ThroughputCommand.class,
            TrainCommand.class);

    private OutputOptions() {}

    /** Adds to a command, and those below it, what they have of them. */
    static void addTo(CommandLine line, Terminal terminal) {
        CommandSpec spec = line.getCommandSpec();
        Class<?> command = spec.userObject().getClass();
        if (QUIET.contains(command)) {
            spec.addMixin("quiet", CommandSpec.forAnnotatedObject(new Quiet(terminal)));
        }
        if (JSON.contains(command)) {
            spec.addMixin("json", CommandSpec.forAnnotatedObject(new Json(terminal)));
        }
        line.getSubcommands().values().forEach(below -> addTo(below, terminal));
    }

    static final class Quiet {
        private final Terminal terminal;

        Quiet(Terminal terminal) {
            this.terminal = terminal;
        }

        @Option(names = "--quiet", description = "Print nothing but the result and errors.")
        void setQuiet(boolean quiet) {
            if (quiet) {
                terminal.setQuiet();
            }
        }
    }

    static final class Json {
        private final Terminal terminal;

        Json(Terminal terminal) {
            this.terminal = terminal;
        }

        @Option(
                names = "--json",
                description =
                        "For scripts: print the result as one JSON object, and what goes on as JSON Lines on standard error.")
        void setJson(boolean json) {
            if (json) {
                terminal.setJson();
            }
        }
    }
}
