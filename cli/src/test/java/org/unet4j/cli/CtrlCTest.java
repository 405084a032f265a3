package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Dataset;
import org.unet4j.io.Phantom;
import org.unet4j.io.Progress;
import org.unet4j.prep.Budget;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Prepare;
import org.unet4j.prep.Topology;
import org.unet4j.train.RunFolder;
import org.unet4j.volume.Shape;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Ctrl-C while a network learns, sent as a shell sends it to a process of its own. */
@DisabledOnOs(OS.WINDOWS)
class CtrlCTest {
    /** A second of work or more, so that a signal that is sent after the first steps comes long before the last one. */
    private static final int STEPS = 300;

    private static final long PATIENCE_SECONDS = 120;
    private static final long POLL_MILLIS = 10;

    @TempDir
    static Path folder;

    private final Path out = folder.resolve("out.txt");
    private final Path err = folder.resolve("err.txt");
    private Process process;

    /** Makes five cases, and a plan whose steps take milliseconds. */
    @BeforeAll
    static void prepare() throws IOException, InterruptedException {
        assumeTrue(sigintIsHeard(), "SIGINT is ignored: a shell has it so for background jobs and all they start");
        Phantom.write(folder.resolve("ct"), Phantom.Settings.small(), 5, 3, Progress.silent());
        Dataset dataset = Dataset.open(folder.resolve("ct"));
        Plan plan = Prepare.planned(dataset, Budget.COMPACT, folder.resolve("work/prepared/ct"), 2, Progress.silent())
                .plan();
        Topology twoStages = new Topology(
                List.of(Shape.cube(1), Shape.cube(2)), List.of(Shape.cube(3), Shape.cube(3)), List.of(4, 8));
        plan.withTopology(twoStages).withPatch(Shape.cube(16)).withBatch(2).write(folder.resolve("small.yaml"));
        Files.writeString(
                folder.resolve("config.yaml"),
                "steps: %d\nmachine: {checkpointEvery: %d}\nvalidation: {every: 0}\n".formatted(STEPS, STEPS));
    }

    private static boolean sigintIsHeard() throws IOException, InterruptedException {
        return new ProcessBuilder("sh", "-c", "kill -INT $$").start().waitFor() == Main.INTERRUPTED;
    }

    @AfterEach
    void leaveNoProcess() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Test
    void aStoppedTrainingIsSavedAndGoesOn() throws IOException, InterruptedException {
        RunFolder run = new RunFolder(folder.resolve("run"));
        train(run);
        waitForLine(run.metrics());
        pressCtrlC();
        assertThat(end()).isEqualTo(Main.INTERRUPTED);
        int done = run.readMetrics().steps().size();
        assertThat(err).content().contains("stopped after step " + done + "; go on with the same command and --resume");
        assertThat(run.checkpoint()).exists();
        assertThat(run.finished()).isFalse();

        train(run, "--resume");
        assertThat(end()).as("%s", Files.readString(err)).isEqualTo(Main.DONE);
        assertThat(err).content().contains("going on after step " + done);
        assertThat(out).content().contains("trained " + STEPS + " steps");
    }

    @Test
    void whatKeepsTheCheckpointFromBeingSavedIsToldBeforeTheProcessEnds() throws IOException, InterruptedException {
        RunFolder run = new RunFolder(folder.resolve("blocked"));
        train(run);
        waitForLine(run.metrics());
        Files.createDirectories(run.last().resolve("in the way")); // No file replaces a folder that is not empty.
        pressCtrlC();
        assertThat(end()).isEqualTo(Main.INTERRUPTED);
        assertThat(err).content().contains("unet4j: [last.safetensors] could not be written");
    }

    @Test
    void anErrorIsToldBeforeTheProcessEndsHoweverLongThatTakes() throws IOException, InterruptedException {
        process = EndToEndTest.start(folder, out, err, SlowToTell.class);
        waitForLine(out);
        pressCtrlC();
        waitForLine(folder.resolve(SlowToTell.FAILED));
        process.getOutputStream().close();
        assertThat(end()).isEqualTo(Main.INTERRUPTED);
        assertThat(err).content().contains("no space left");
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
            System.exit(CtrlC.during(command, new Terminal(System.out, System.err), stop -> {
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
        Process kill = new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    private int end() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
