package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a person looks at an augmentation. */
class AugmentPreviewCommandTest {

    @TempDir
    static Path folder;

    private final Path out = folder.resolve("out.txt");
    private final Path err = folder.resolve("err.txt");

    @BeforeAll
    static void prepare() throws IOException {
        TinyPhantoms.prepare(folder);
        Files.createDirectories(folder.resolve("raw"));
    }

    private int preview(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("augment-preview"));
        command.addAll(List.of(arguments));
        return EndToEndTest.start(folder, out, err, Main.class, command.toArray(String[]::new))
                .waitFor();
    }

    @Test
    void aPageIsWrittenWhereItIsExpected() throws IOException, InterruptedException {
        assertThat(preview("ct", "--draws", "1"))
                .as("%s", Files.readString(err))
                .isEqualTo(Main.DONE);
        Path page = Path.of("work/augment-preview/ct-phantom_000.html");
        assertThat(out).content().isEqualTo("wrote " + page + System.lineSeparator());
        assertThat(folder.resolve(page)).content().contains("as it is", "draw 1", "gamma alone");
    }

    @Test
    void theAugmentationIsThatOfAConfigurationOrAPreset() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("config.yaml"), "samples: {augmentation: light}\n");
        assertThat(preview("ct", "--config", "config.yaml", "--out", "a.html")).isEqualTo(Main.DONE);
        assertThat(preview("work/prepared/ct", "--preset", "light", "--out", "b.html", "--seed", "1"))
                .isEqualTo(Main.DONE);
        assertThat(folder.resolve("a.html"))
                .content()
                .contains("brightness alone")
                .doesNotContain("rotation alone")
                .isEqualTo(Files.readString(folder.resolve("b.html")));
    }

    @Test
    void whatIsWrongIsSaidWithWhatToDo() throws IOException, InterruptedException {
        assertThat(preview("raw")).isEqualTo(Main.FAILED);
        assertThat(err).content().contains("[raw] was not prepared yet: run ./unet4j prepare raw");
        assertThat(preview("elsewhere")).isEqualTo(Main.FAILED);
        assertThat(err).content().contains("[elsewhere] does not exist");
        assertThat(preview("ct", "--case", "phantm_002")).isEqualTo(Main.USAGE);
        assertThat(err)
                .content()
                .contains("--case phantm_002 is none of the 5 prepared cases; did you mean 'phantom_002'?");
        assertThat(preview("ct", "--preset", "nnunt")).isEqualTo(Main.USAGE);
        assertThat(err).content().contains("--preset nnunt is unknown; did you mean 'nnunet'?");
        assertThat(preview("ct", "--preset", "light", "--config", "config.yaml"))
                .isEqualTo(Main.USAGE);
        assertThat(err).content().contains("--config and --preset do not go together");
        assertThat(preview("ct", "--draws", "-1")).isEqualTo(Main.USAGE);
        assertThat(err).content().contains("--draws -1 must be at least 0");
    }
}
