package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.prep.Store;
import org.unet4j.torch.Device;
import org.unet4j.torch.Torch;

/** Training on prepared cases that were changed or deleted. */
class DamagedCaseTest {

    @TempDir
    Path out;

    /** The number of threads is the process's. */
    @AfterEach
    void computeOnOneThread() {
        Torch.start(1, true);
    }

    @Test
    void aDamagedCaseStopsTheRunByName() throws IOException {
        Path copy = out.resolve("data");
        Store damaged = TinyData.store(copy);
        Path file;
        try (var files = Files.list(damaged.folder())) {
            file = files.filter(f -> f.getFileName().toString().startsWith("ball_2"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        assertThatThrownBy(() -> Trainer.train(TrainRequest.of(
                        TinyData.config(20),
                        damaged,
                        TinyData.split(),
                        out.resolve("run"),
                        Device.cpu(),
                        TrainListener.silent(),
                        () -> false)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("training case ball_2");
    }

    @Test
    void aDamagedOrMissingValidationCaseStopsTheRunByName() throws IOException {
        Store damaged = TinyData.store(out.resolve("data"));
        Path file = damaged.folder().resolve("ball_4" + suffix(damaged));
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        TrainConfig config = TinyData.config(2).withValidateEvery(1);
        assertThatThrownBy(() -> trainOn(damaged, config, out.resolve("damaged")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("validation case ball_4")
                .hasMessageContaining("checksum");
        Store missing = Store.open(damaged.folder());
        Files.delete(file);
        assertThatThrownBy(() -> trainOn(missing, config, out.resolve("missing")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ball_4")
                .hasMessageContaining("missing from the store");
    }

    private static String suffix(Store of) throws IOException {
        try (var files = Files.list(of.folder())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("ball_4"))
                    .findFirst()
                    .orElseThrow()
                    .substring("ball_4".length());
        }
    }

    private static void trainOn(Store prepared, TrainConfig config, Path folder) throws IOException {
        Trainer.train(TrainRequest.of(
                config, prepared, TinyData.split(), folder, Device.cpu(), TrainListener.silent(), () -> false));
    }
}
