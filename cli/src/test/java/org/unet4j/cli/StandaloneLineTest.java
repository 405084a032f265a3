package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What a standalone folder offers is what it can do. */
class StandaloneLineTest {

    private final CommandLine line = Standalone.commandLine(Terminal.silent());

    @Test
    void whatNeedsAnotherNetworkOrARunFolderIsNeitherOfferedNorMentioned() {
        assertThat(line.getCommandSpec().optionsMap())
                .containsOnlyKeys(
                        "--out",
                        "--overlap",
                        "--post-processing",
                        "--probabilities",
                        "--existing",
                        "--volume",
                        "--shard",
                        "--help",
                        "-h",
                        "--version",
                        "-V");
        assertThat(line.getUsageMessage())
                .contains("Usage: predict INPUT... --out DIR", "--overlap")
                .doesNotContain("--with")
                .doesNotContain(Standalone.ABSENT)
                .doesNotContain("MODEL", "libtorch");
    }

    /** Java refuses to start with two collectors. */
    @Test
    void theWindowsScriptChoosesACollectorAsTheLauncherDoes() throws IOException {
        List<String> launcher = collector(Path.of("../unet4j.cmd"));
        assertThat(launcher).hasSize(3);
        List<String> script = collector(Path.of("src/main/resources/org/unet4j/cli/standalone/predict.cmd"));
        assertThat(script.subList(0, 2)).isEqualTo(launcher.subList(0, 2));
        assertThat(script).hasSize(3).last().asString().contains(" %collector% ");
    }

    private static List<String> collector(Path script) throws IOException {
        return Files.readAllLines(script).stream()
                .filter(text -> text.contains("collector") || text.contains("SerialGC"))
                .toList();
    }
}
