package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unet4j.train.RunFolder;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Ctrl-C, or SIGTERM, while a network learns, sent as a shell or a scheduler sends it to a process of its own. */
@DisabledOnOs(OS.WINDOWS)
class CtrlCTest {
    /** Seconds of work, so that a signal that is sent after the first steps comes long before the last one. */
    private static final int STEPS = 1000;

    /** Of a training that is not to end by itself, however late the signal comes. */
    private static final String FOR_EVER = "1000000";

    private static final long PATIENCE_SECONDS = 480;
    private static final long POLL_MILLIS = 10;

    @TempDir
    static Path folder;

    private final Path out = folder.resolve("out.txt");
    private final Path err = folder.resolve("err.txt");
    private Process process;

    @BeforeAll
    static void prepare() throws IOException, InterruptedException {
        assumeTrue(sigintIsHeard(), "SIGINT is ignored: a shell has it so for background jobs and all they start");
        TinyPhantoms.prepare(folder);
        Files.writeString(
                folder.resolve("config.yaml"),
                "steps: %d\nmachine: {checkpointEvery: %s}\nvalidation: {every: 0}\n".formatted(STEPS, FOR_EVER));
    }

    static boolean sigintIsHeard() throws IOException, InterruptedException {
        return new ProcessBuilder("sh", "-c", "kill -INT $$").start().waitFor() == Main.INTERRUPTED;
    }

    @AfterEach
    void leaveNoProcess() {
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** The same command each time: it begins the run, says so, and goes on with it. */
    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void aStoppedTrainingIsSavedAndGoesOn(String signal, int exitCode) throws IOException, InterruptedException {
        RunFolder run = new RunFolder(folder.resolve("run-" + signal));
        train(run, "--resume");
        waitForLine(run.metrics());
        send(signal);
        assertThat(end()).isEqualTo(exitCode);
        int done = run.readMetrics().steps().size();
        assertThat(err)
                .content()
                .contains("no run lies in [" + run.path() + "] yet: beginning one")
                .contains("stopped after step " + done + "; go on with the same command and --resume");
        assertThat(run.checkpoint()).exists();
        assertThat(run.finished()).isFalse();

        train(run, "--resume");
        assertThat(end()).as("%s", Files.readString(err)).isEqualTo(Main.DONE);
        assertThat(err).content().contains("going on after step " + done);
        assertThat(out).content().contains("trained " + STEPS + " steps");
    }

    @Test
    void twoRanksAreStoppedAndGoOnTogether() throws IOException, InterruptedException {
        RunFolder run = new RunFolder(folder.resolve("ranks"));
        train(run, "--resume", "--ranks", "2");
        waitForLine(run.metrics());
        pressCtrlC();
        assertThat(end()).isEqualTo(Main.INTERRUPTED);
        int done = run.readMetrics().steps().size();
        assertThat(err).content().containsOnlyOnce("stopped after step " + done + "; go on with the same command");

        train(run, "--resume", "--ranks=2");
        assertThat(end()).as("%s", Files.readString(err)).isEqualTo(Main.DONE);
        assertThat(err).content().containsOnlyOnce("going on after step " + done);
        assertThat(out).content().containsOnlyOnce("trained " + STEPS + " steps");
    }

    @Test
    void aRankThatIsKilledIsNamedInOneLine() throws IOException, InterruptedException {
        RunFolder run = new RunFolder(folder.resolve("killed"));
        train(run, "--ranks", "2", "--steps", FOR_EVER);
        waitForLine(run.metrics());
        List<ProcessHandle> ranks = process.children()
                .sorted(Comparator.comparing(ProcessHandle::pid))
                .toList();
        ranks.get(1).destroyForcibly();
        assertThat(end()).isEqualTo(Main.FAILED);
        assertThat(err)
                .content()
                .containsOnlyOnce("unet4j: ")
                .contains(
                        "unet4j: rank 1 of 2 is gone; there is no checkpoint yet: give the same command with --resume");
    }

    @Test
    void whatKeepsTheCheckpointFromBeingSavedIsToldBeforeTheProcessEnds() throws IOException, InterruptedException {
        RunFolder run = new RunFolder(folder.resolve("blocked"));
        train(run, "--steps", FOR_EVER);
        waitForLine(run.metrics());
        Files.createDirectories(run.last().resolve("in the way")); // No file replaces a folder that is not empty.
        pressCtrlC();
        assertThat(end()).isEqualTo(Main.INTERRUPTED);
        assertThat(err)
                .content()
                .contains("could not be saved: [last.safetensors] could not be written", "then resume the run");
    }

    @Test
    void anErrorIsToldBeforeTheProcessEndsHoweverLongThatTakes() throws IOException, InterruptedException {
        process = EndToEndTest.start(folder, out, err, SlowToTell.class);
        waitForLine(out);
        pressCtrlC();
        waitForLine(folder.resolve(SlowToTell.FAILED));
        process.getOutputStream().close();
        assertThat(end()).isEqualTo(Main.INTERRUPTED);
        assertThat(err)
                .content()
                .as("heard though it is quiet, and no error")
                .contains("{\"event\":\"note\",\"text\":\"stopping after this step")
                .contains("no space left");
    }

    /** Work that fails when it is to stop, and an error that is told only when standard input ends. */
    static final class SlowToTell {
        static final String FAILED = "failed.txt";

        private SlowToTell() {}

        public static void main(String[] arguments) throws Exception {
            var command = new CommandLine(CommandSpec.create());
            command.setExecutionExceptionHandler((e, line, parsed) -> {
                Files.writeString(Path.of(FAILED), "it failed\n");
                System.in.readAllBytes();
                System.err.println(e.getMessage());
                return Main.FAILED;
            });
            Terminal terminal = new Terminal(System.out, System.err);
            terminal.setQuiet();
            terminal.setJson();
            System.exit(CtrlC.during(command, terminal, stop -> {
                System.out.println("it works");
                while (!stop.getAsBoolean()) {
                    Thread.onSpinWait();
                }
                throw new IOException("no space left");
            }));
        }
    }

    private void train(RunFolder run, String... more) throws IOException {
        String[] command = {
            "train", "ct", "--model", "unet", "--fold", "all", "--plan", "small.yaml", "--config", "config.yaml"
        };
        Stream<String> arguments = Stream.of(
                        Stream.of(command), Stream.of("--out", run.path().toString()), Stream.of(more))
                .flatMap(words -> words);
        process = EndToEndTest.start(folder, out, err, Main.class, arguments.toArray(String[]::new));
    }

    /** Waits for the first line of a file that the process writes. */
    private void waitForLine(Path file) throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (!Files.exists(file) || !Files.readString(file).contains("\n")) {
            assertThat(process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS))
                    .as("ended before it wrote %s: %s", file, Files.readString(err))
                    .isFalse();
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS));
        }
    }

    private void pressCtrlC() throws IOException, InterruptedException {
        send("INT");
    }

    private void send(String signal) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    private int end() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
