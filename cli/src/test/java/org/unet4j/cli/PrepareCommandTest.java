package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code prepare} says, and in which order. */
class PrepareCommandTest {

    @TempDir
    Path folder;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        PrintStream print = new PrintStream(err, true, StandardCharsets.UTF_8);
        return Main.run(print, print, arguments);
    }

    /** It is not said first that the plan replaces the one that is there. */
    @Test
    void aPlanOfAnotherDatasetIsRefusedBeforeAnythingElseIsSaid() throws IOException {
        Path dataset = folder.resolve("phantoms");
        Path store = folder.resolve("store");
        assertThat(run("phantom", dataset.toString(), "--cases", "2")).isEqualTo(Main.DONE);
        assertThat(run("prepare", dataset.toString(), "--out", store.toString()))
                .isEqualTo(Main.DONE);
        Path other = folder.resolve("other.yaml");
        Files.writeString(other, Files.readString(store.resolve("plan.yaml")).replace("  2: tumour\n", ""));
        err.reset();
        assertThat(run("prepare", dataset.toString(), "--out", store.toString(), "--plan", other.toString()))
                .isEqualTo(Main.FAILED);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("the plan has 2 classes and 1 channels, dataset phantoms has 3 and 1")
                .doesNotContain("replaces");
    }
}
