package org.unet4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.unet4j.io.HeapAdvice;
import org.unet4j.torch.NativesException;
import org.unet4j.torch.Torch;
import org.unet4j.train.DivergedException;
import org.unet4j.train.OutOfDeviceMemoryException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Turns what went wrong into one or two lines for a person: what, where and what to do. */
final class Failure {
    private Failure() {}

    /** Prints what is wrong with the usage and where help is; returns exit code 2. */
    static int usage(ParameterException e, String... arguments) {
        CommandLine line = e.getCommandLine();
        line.getErr().println("unet4j: " + e.getMessage());
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(e, line.getErr())) {
            line.getErr().println("See `" + line.getCommandSpec().qualifiedName() + " --help`.");
        }
        line.getErr().flush();
        return Main.USAGE;
    }

    /** Prints the error, with its stack trace if {@code debug}; returns exit code 1. */
    static int report(Throwable thrown, PrintWriter err, boolean debug) {
        Throwable e = thrown instanceof UncheckedIOException && thrown.getCause() != null ? thrown.getCause() : thrown;
        err.println("unet4j: " + message(e));
        if (!isExpected(e)) {
            err.println("This looks like a defect of unet4j; run again with --debug and report the trace.");
        }
        if (debug) {
            thrown.printStackTrace(err);
        }
        err.flush();
        return Main.FAILED;
    }

    private static String message(Throwable e) {
        if (e instanceof NoSuchFileException missing) {
            return "[" + missing.getFile() + "] "
                    + (Files.isSymbolicLink(Path.of(missing.getFile()))
                            ? "is a link that leads to no file"
                            : "does not exist");
        }
        if (e instanceof AccessDeniedException denied) {
            return "[" + denied.getFile() + "] may not be read or written: check its permissions";
        }
        if (e instanceof NotDirectoryException notFolder) {
            return "[" + notFolder.getFile() + "] is not a folder";
        }
        if (e instanceof FileAlreadyExistsException exists) {
            return "[" + exists.getFile() + "] already exists"
                    + (exists.getReason() == null ? "" : ": " + exists.getReason());
        }
        if (Torch.isOutOfMemory(e) && !(e instanceof OutOfDeviceMemoryException)) {
            return "out of memory ("
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse("") + "); use a smaller patch or batch"
                    + " in the plan, or for large scans " + HeapAdvice.giveMore();
        }
        if (e.getMessage() == null) {
            return e.getClass().getSimpleName();
        }
        return isExpected(e) ? e.getMessage() : e.getClass().getSimpleName() + ": " + e.getMessage();
    }

    /** What files, arguments, memory, libraries or a training can do wrong, and whose message says what to do. */
    private static boolean isExpected(Throwable e) {
        return e instanceof IOException
                || e instanceof IllegalArgumentException
                || e instanceof DivergedException
                || e instanceof NativesException
                || Torch.isOutOfMemory(e);
    }
}
