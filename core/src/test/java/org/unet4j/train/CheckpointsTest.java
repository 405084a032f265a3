package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unet4j.prep.Store;

/** What is gone on from, whatever a killed process or a bad disk left. */
class CheckpointsTest {

    private static final TrainConfig CONFIG =
            TinyData.config(8).withCheckpointEvery(2).withValidateEvery(3);

    @TempDir
    static Path data;

    private static Store store;

    /** A run of eight steps that was never disturbed. */
    private static RunFolder whole;

    /** A run that was stopped after step 6, with checkpoints of step 6 and step 4. */
    private static RunFolder stopped;

    @TempDir
    Path out;

    private RunFolder run;

    @BeforeAll
    static void prepare() throws IOException {
        store = TinyData.store(data);
        whole = new RunFolder(data.resolve("whole"));
        TinyRuns.train(CONFIG, store, whole.path(), TrainListener.silent());
        stopped = new RunFolder(data.resolve("stopped"));
        TinyRuns.trainUntil(6, CONFIG, store, stopped.path());
    }

    @BeforeEach
    void copy() throws IOException {
        run = new RunFolder(Files.createDirectory(out.resolve("run")));
        try (var files = Files.list(stopped.path())) {
            for (Path file : files.toList()) {
                Files.copy(file, run.path().resolve(file.getFileName()));
            }
        }
    }

    /** Resumes, and returns the steps that were done before and the lines about damage. */
    private List<String> resume() throws IOException {
        List<String> told = new ArrayList<>();
        TinyRuns.resume(CONFIG, store, run.path(), new TrainListener() {
            @Override
            public void started(RunStart start) {
                told.add("after step " + start.firstStep());
            }

            @Override
            public void recovered(String what) {
                told.add(what);
            }
        });
        return told;
    }

    @Test
    void theLastTwoAreKept() throws IOException {
        assertThat(Checkpoint.read(run.checkpoint()).position().step()).isEqualTo(6);
        assertThat(Checkpoint.read(run.previousCheckpoint()).position().step()).isEqualTo(4);
        assertThat(resume()).containsExactly("after step 6");
        TinyRuns.assertEqual(whole.path(), run.path());
        assertThat(Checkpoint.read(run.checkpoint()).position().step()).isEqualTo(8);
        assertThat(Checkpoint.read(run.previousCheckpoint()).position().step()).isEqualTo(6);
        assertThat(run.nextCheckpoint()).doesNotExist();
    }

    /** In per mille of the file: its header, what the run is and how far, and its values. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 20, 60, 100, 500, 999})
    void whereOneByteIsWrongTheOneBeforeIsTaken(int place) throws IOException {
        byte[] bytes = Files.readAllBytes(run.checkpoint());
        bytes[(int) ((long) bytes.length * place / 1000)] ^= 1;
        Files.write(run.checkpoint(), bytes);
        List<String> told = resume();
        assertThat(told).hasSize(2);
        assertThat(told.get(0)).contains("checkpoint.safetensors", "the checkpoint before it is taken, of step 4");
        assertThat(told.get(1)).isEqualTo("after step 4");
        TinyRuns.assertEqual(whole.path(), run.path());
        assertThat(run.validation()).hasSameBinaryContentAs(whole.validation());
        assertThat(Checkpoint.read(run.previousCheckpoint()).position().step())
                .as("the damaged one pushed nothing out")
                .isEqualTo(6);
    }

    @Test
    void whereItsEndIsMissingTheOneBeforeIsTaken() throws IOException {
        byte[] bytes = Files.readAllBytes(run.checkpoint());
        Files.write(run.checkpoint(), Arrays.copyOf(bytes, bytes.length - 1));
        assertThat(resume()).last().isEqualTo("after step 4");
        TinyRuns.assertEqual(whole.path(), run.path());
    }

    @Test
    void aKillBetweenTheTwoRenamesLosesNothing() throws IOException {
        Files.move(run.checkpoint(), run.nextCheckpoint());
        assertThat(resume()).containsExactly("after step 6");
        TinyRuns.assertEqual(whole.path(), run.path());
    }

    @Test
    void aKillBeforeTheFirstRenameLosesNothing() throws IOException {
        Files.move(run.checkpoint(), run.nextCheckpoint());
        Files.move(run.previousCheckpoint(), run.checkpoint());
        assertThat(resume()).containsExactly("after step 6");
        TinyRuns.assertEqual(whole.path(), run.path());
    }

    @Test
    void whereBothAreDamagedBothAreNamed() throws IOException {
        Files.writeString(run.checkpoint(), "no checkpoint");
        Files.writeString(run.previousCheckpoint(), "nor this");
        assertThatThrownBy(this::resume)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("[checkpoint.safetensors]")
                .hasMessageContaining("[checkpoint-previous.safetensors]")
                .hasMessageContaining("begin from the weights in last.safetensors");
    }

    /** The best weights may be of a step that the checkpoint taken has not done. */
    @Test
    void bestWeightsThatAreNewerThanTheCheckpointStayTheBest() throws IOException {
        Files.delete(run.checkpoint());
        RunFolder longer = new RunFolder(out.resolve("longer"));
        TinyRuns.trainUntil(7, CONFIG, store, longer.path()); // validated after step 6, as the killed run was
        Files.copy(longer.best(), run.best(), StandardCopyOption.REPLACE_EXISTING);
        assertThat(resume()).hasSize(2).last().isEqualTo("after step 4");
        TinyRuns.assertEqual(whole.path(), run.path());
    }

    @Test
    void bestWeightsThatAreDamagedAreChosenAnew() throws IOException {
        Files.writeString(run.best(), "no weights");
        assertThat(resume())
                .first()
                .asString()
                .contains("[best.safetensors] is damaged", "the next validation chooses the best weights anew");
        assertThat(run.best()).isNotEmptyFile();
        assertThat(run.validation()).exists();
    }
}
