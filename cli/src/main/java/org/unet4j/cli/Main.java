package org.unet4j.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The command line: parses the arguments, makes one call into the library, returns its exit code. */
@Command(
        name = "unet4j",
        description = "Trains, compares and uses 3D U-Nets on medical images. For research; not a medical device.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            DownloadCommand.class,
            BenchmarkCommand.class,
            CrossValidateCommand.class,
            DatasetCommand.class,
            InspectCommand.class,
            PhantomCommand.class,
            PrepareCommand.class,
            TrainCommand.class,
            PredictCommand.class,
            PackageCommand.class,
            ExportCommand.class,
            EvaluateCommand.class,
            CompareCommand.class,
            ReportCommand.class,
            ThroughputCommand.class,
            AugmentPreviewCommand.class,
            ViewCommand.class
        },
        footer = {"", "Results go under work/ in the current folder. `unet4j COMMAND --help` explains one command."})
public final class Main implements Runnable {
    /** Exit code: done. */
    static final int DONE = 0;

    /** Exit code: it failed; the message says what, where and what to do. */
    static final int FAILED = 1;

    /** Exit code: the command was not written as {@code --help} says. */
    static final int USAGE = 2;

    /** Exit code: done but for some of the inputs, which are listed. */
    static final int PARTLY = 3;

    /** Exit code: stopped by Ctrl-C (128 + SIGINT), as shells expect. */
    static final int INTERRUPTED = 130;

    @Spec
    private CommandSpec spec;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show the stack trace of an error.")
    private boolean debug;

    /** Runs the command line and ends the process. */
    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT); // Numbers have a point, wherever it runs: scripts read them.
        System.exit(
                Standalone.model().isPresent()
                        ? runStandalone(Standalone.model().get(), arguments)
                        : run(System.out, System.err, arguments));
    }

    private static int runStandalone(Path model, String... arguments) {
        var terminal = new Terminal(System.out, System.err);
        String[] all =
                Stream.concat(Stream.of(model.toString()), Stream.of(arguments)).toArray(String[]::new);
        return run(Standalone.commandLine(terminal), terminal, () -> false, all);
    }

    /** Returns the exit code of one command line; what it prints goes to the given streams. */
    static int run(PrintStream out, PrintStream err, String... arguments) {
        var main = new Main();
        var terminal = new Terminal(out, err);
        return run(new CommandLine(main, new Commands(terminal)), terminal, () -> main.debug, arguments);
    }

    private static int failed(Throwable e, Terminal terminal, BooleanSupplier debug) {
        terminal.endProgress();
        StringWriter text = new StringWriter();
        int code = Failure.report(e, new PrintWriter(text, true), debug.getAsBoolean());
        terminal.failure(text.toString());
        return code;
    }

    /** Returns the exit code of {@code arguments}, given to {@code commandLine}; its failures are told on {@code terminal}. */
    static int run(CommandLine commandLine, Terminal terminal, BooleanSupplier debug, String... arguments) {
        OutputOptions.addTo(commandLine, terminal);
        commandLine.setOut(terminal.writer());
        commandLine.setErr(terminal.errorWriter());
        commandLine.setUsageHelpAutoWidth(true);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.registerConverter(Path.class, Main::path);
        commandLine.setParameterExceptionHandler(Failure::usage);
        commandLine.setExecutionExceptionHandler((e, line, parsed) -> {
            if (e instanceof UsageException) {
                terminal.endProgress();
                return Failure.usage(new ParameterException(line, e.getMessage()));
            }
            return failed(e, terminal, debug);
        });
        int code;
        try {
            code = commandLine.execute(arguments);
        } catch (OutOfMemoryError e) { // The handler hears of exceptions only.
            code = failed(e, terminal, debug);
        }
        terminal.flush();
        return code;
    }

    /** An empty path would be the current folder, and is mostly a variable of a script that has no value. */
    private static Path path(String text) {
        if (text.isBlank()) {
            throw new TypeConversionException("a path is empty; is a variable of a script not set?");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new TypeConversionException("'" + text + "' is no path: " + e.getReason());
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }
}
