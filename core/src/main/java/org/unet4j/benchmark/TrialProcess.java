package org.unet4j.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.unet4j.io.FolderTree;
import org.unet4j.io.Json;
import org.unet4j.ranks.SameJava;

/** Runs trials in processes that are started as this one was: same Java, options, class path and environment. */
final class TrialProcess {

    private static final long ASK_MILLIS = 200;
    private static final int KILLED = 128 + 9;
    private static final String THROWN = "Exception in thread \"main\" ";

    private final Path out;
    private final BooleanSupplier stop;

    /** A trial did not come to its end; the message says why. */
    static final class FailedException extends IOException {
        private static final long serialVersionUID = 1;

        FailedException(String message) {
            super(message);
        }
    }

    /** Makes the runner of trials whose files lie in {@code out} as long as they run. */
    TrialProcess(Path out, BooleanSupplier stop) {
        this.out = out;
        this.stop = stop;
    }

    /**
     * Returns the trial's outcome; empty if it was stopped.
     *
     * @throws FailedException if its process failed
     */
    Optional<Trial.Outcome> run(Trial trial) throws IOException {
        return run(Trial.class, trial, Trial.Outcome.class);
    }

    /**
     * Returns what {@code program} wrote; empty if it was stopped.
     *
     * @param program is given the file that holds {@code trial}, a folder that it may make, and the file to write
     * @param outcome the record that it writes
     * @throws FailedException if its process failed
     */
    <T> Optional<T> run(Class<?> program, Object trial, Class<T> outcome) throws IOException {
        Path folder = out.resolve("trial");
        FolderTree.delete(folder); // Of a process that was killed.
        Files.createDirectory(folder);
        try {
            return run(program, trial, outcome, folder);
        } finally {
            FolderTree.delete(folder);
        }
    }

    private <T> Optional<T> run(Class<?> program, Object trial, Class<T> type, Path folder) throws IOException {
        Path asked = folder.resolve("trial.json");
        Path outcome = folder.resolve("outcome.json");
        Path log = folder.resolve("log.txt");
        Json.write(asked, trial);
        List<String> command = SameJava.command(
                program, List.of(asked.toString(), folder.resolve("run").toString(), outcome.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        int code = await(process);
        if (stop.getAsBoolean()) {
            return Optional.empty();
        }
        if (code != 0) {
            throw new FailedException(reason(
                    code, Files.readString(log, StandardCharsets.UTF_8).lines().toList()));
        }
        return Optional.of(Json.read(outcome, type));
    }

    private int await(Process process) {
        try {
            while (!process.waitFor(ASK_MILLIS, TimeUnit.MILLISECONDS)) {
                if (stop.getAsBoolean()) {
                    process.destroy();
                    return process.waitFor();
                }
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while a trial ran");
        }
    }

    /** Returns in a line why a process ended with {@code code} that printed {@code lines}. */
    static String reason(int code, List<String> lines) {
        Optional<String> thrown = lines.stream()
                .filter(line -> line.startsWith(THROWN))
                .map(line -> line.substring(THROWN.length()))
                .findFirst();
        if (thrown.isPresent()) {
            return thrown.get();
        }
        if (code == KILLED) {
            return "the process was killed, perhaps for want of memory";
        }
        String last = lines.isEmpty() ? "nothing was printed" : lines.get(lines.size() - 1);
        return "the process ended with " + code + ": " + last;
    }
}
