package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.train.RunFolder;

/** How a training is extended, begun from another and gone on with, as a person does it. */
class TrainCommandTest {

    @TempDir
    static Path folder;

    private final Path out = folder.resolve("out.txt");
    private final Path err = folder.resolve("err.txt");

    @BeforeAll
    static void prepare() throws IOException {
        TinyPhantoms.prepare(folder);
        Files.writeString(folder.resolve("config.yaml"), "machine: {checkpointEvery: 2}\nvalidation: {every: 0}\n");
    }

    private void train(String run, String... more) throws IOException, InterruptedException {
        String[] command = {
            "train",
            "ct",
            "--model",
            "unet",
            "--fold",
            "all",
            "--plan",
            "small.yaml",
            "--config",
            "config.yaml",
            "--out",
            run
        };
        String[] arguments = Stream.concat(Stream.of(command), Stream.of(more)).toArray(String[]::new);
        int code = EndToEndTest.start(folder, out, err, Main.class, arguments).waitFor();
        assertThat(code).as("%s", Files.readString(err)).isEqualTo(Main.DONE);
    }

    @Test
    void aRunIsExtendedAndAnotherBeginsFromItsWeights() throws IOException, InterruptedException {
        RunFolder first = new RunFolder(folder.resolve("first"));
        train("first", "--steps", "4");
        assertThat(out).content().contains("trained 4 steps");
        train("first", "--resume", "--steps", "6");
        assertThat(out).content().contains("trained 6 steps");
        assertThat(err).content().contains("6 steps, going on after step 4");
        assertThat(first.path().resolve("summary-4.json")).exists();

        byte[] bytes = Files.readAllBytes(first.checkpoint());
        bytes[bytes.length / 2] ^= 1;
        Files.write(first.checkpoint(), bytes);
        train("first", "--resume", "--steps", "8");
        assertThat(err)
                .content()
                .contains("unet: [checkpoint.safetensors] is damaged", "the checkpoint before it is taken, of step 4");

        train("second", "--init", "first", "--steps", "2");
        assertThat(err)
                .content()
                .containsPattern("unet: begins from \\d+ tensors of first/last.safetensors after step 8\n");
        train("second", "--init", "no longer there", "--resume", "--steps", "4");
        assertThat(err).content().contains("going on after step 2").doesNotContain("begins from");
    }
}
