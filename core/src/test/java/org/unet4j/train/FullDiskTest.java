package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.prep.Store;

/** A disk that has room for the weights and not for a checkpoint: a process that may not write files of that size. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class FullDiskTest {

    private static final int STEPS = 6;

    /** The unit of {@code ulimit -f}. */
    private static final int BLOCK = 512;

    @TempDir
    Path folder;

    @Test
    void theCheckpointsBeforeStayWholeAndTheRunGoesOnWhenThereIsRoom() throws Exception {
        Store store = TinyData.store(folder);
        TrainConfig config = TinyProcess.config(STEPS);
        RunFolder whole = new RunFolder(folder.resolve("whole"));
        TinyRuns.train(config, store, whole.path(), TrainListener.silent());
        RunFolder run = new RunFolder(folder.resolve("run"));
        TinyRuns.trainUntil(4, config, store, run.path());
        byte[] newest = Files.readAllBytes(run.checkpoint());
        byte[] previous = Files.readAllBytes(run.previousCheckpoint());

        long blocks = (Files.size(run.last()) + newest.length) / 2 / BLOCK;
        List<String> limited = new ArrayList<>(List.of("sh", "-c", "ulimit -f " + blocks + "; exec \"$@\"", "sh"));
        limited.addAll(TinyProcess.command(store, run.path(), STEPS).command());
        Process process = new ProcessBuilder(limited).start();
        String told = errors(process);
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(told)
                .contains("step 6 could not be saved: [checkpoint-next.safetensors] could not be written in")
                .contains("File too large", "checkpoints saved before are whole", "then resume the run");
        assertThat(run.checkpoint()).hasBinaryContent(newest);
        assertThat(run.previousCheckpoint()).hasBinaryContent(previous);

        TinyRuns.resume(config, store, run.path(), TrainListener.silent());
        TinyRuns.assertEqual(whole.path(), run.path());
    }

    private static String errors(Process process) throws IOException {
        return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
