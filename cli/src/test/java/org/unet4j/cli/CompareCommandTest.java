package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.eval.CaseScore;
import org.unet4j.eval.CaseScores;
import org.unet4j.eval.RunComparison;
import org.unet4j.eval.Tolerances;
import org.unet4j.io.Json;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/** Six cases of twelve voxels: run {@code off} is one voxel beside the reference, run {@code none} predicts nothing. */
class CompareCommandTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int compare(String... files) {
        String[] arguments = Stream.concat(
                        Stream.of("compare"),
                        Arrays.stream(files).map(file -> file.startsWith("-") ? file : path(file)))
                .toArray(String[]::new);
        return Main.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                arguments);
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private void write(String name, int cases, int shift, int length) throws IOException {
        List<CaseScore> scores = new ArrayList<>();
        for (int i = 0; i < cases; i++) {
            byte[] reference = new byte[12];
            byte[] prediction = new byte[12];
            Arrays.fill(reference, i, i + 4, (byte) 1);
            Arrays.fill(prediction, i + shift, i + shift + length, (byte) 1);
            Grid grid = Grid.of(new Shape(1, 1, 12), new Spacing(3, 3, 1));
            scores.add(CaseScore.of(
                    "case" + i,
                    new Labels(grid, prediction),
                    new Labels(grid, reference),
                    Set.of(1),
                    Tolerances.uniform(0.5)));
        }
        new CaseScores(scores).writeJson(folder.resolve(name));
    }

    @BeforeEach
    void writeRuns() throws IOException {
        write("same.json", 6, 0, 4);
        write("off.json", 6, 1, 4);
        write("none.json", 6, 0, 0);
        write("fewer.json", 4, 0, 4);
    }

    @Test
    void runsAreComparedWithTheFirst() throws IOException {
        assertThat(compare("same.json", "off.json", "none.json", "--json", "comparison.json"))
                .isEqualTo(Main.DONE);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("Dice: 6 cases")
                .containsPattern(
                        "off +0.750 +0.750 to 0.750 +\u22120.250 +\u22120.250 to \u22120.250 +0.031 +0.063 +2 +2 to 2 +0.0 %")
                .contains("HD95 mm: 0 cases")
                .contains("Left out, for all runs, are 6 of 6 cases, of which a mask is empty in a run.");
        RunComparison written = Json.read(folder.resolve("comparison.json"), RunComparison.class);
        assertThat(written.metrics().get(0).runs())
                .extracting(RunComparison.Run::name)
                .containsExactly("same", "off", "none");
        assertThat(compare("same.json", "off.json", "--json", "comparison.json"))
                .isEqualTo(Main.FAILED);
        assertThat(errors()).contains("comparison.json] already exists: results are never overwritten");
    }

    @Test
    void runsThatAreCalledAlikeAreCounted() {
        assertThat(compare("same.json", "same.json")).isEqualTo(Main.DONE);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("same (2)");
    }

    @Test
    void oneRunIsTooFew() {
        assertThat(compare("same.json")).isEqualTo(Main.USAGE);
        assertThat(errors()).contains("there is only one run, [same]");
    }

    @Test
    void whatIsNoRunIsNamed() throws IOException {
        assertThat(compare("same.json", "fewer.json")).isEqualTo(Main.FAILED);
        assertThat(errors()).contains("[fewer] has no score of 2 of the 6 cases of [same], such as case4");
        Files.createDirectory(folder.resolve("empty"));
        assertThat(compare("same.json", "empty")).isEqualTo(Main.FAILED);
        assertThat(errors()).contains("empty] holds no results.json and no validation.json");
        assertThat(compare("same.json", "nowhere")).isEqualTo(Main.FAILED);
        assertThat(errors()).contains("nowhere] does not exist");
        Files.writeString(folder.resolve("text.json"), "[]");
        assertThat(compare("same.json", "text.json")).isEqualTo(Main.FAILED);
        assertThat(errors()).contains("text.json] line 1").contains("give a file that evaluate --json wrote");
        Files.writeString(
                folder.resolve("twice.json"),
                Files.readString(folder.resolve("same.json")).replace("\"case1\"", "\"case0\""));
        assertThat(compare("same.json", "twice.json")).isEqualTo(Main.FAILED);
        assertThat(errors()).contains("twice.json] [case0] is scored twice");
        Files.writeString(
                folder.resolve("null.json"),
                Files.readString(folder.resolve("same.json")).replaceFirst("\"nsd\" : 1.0,", "\"nsd\" : null,"));
        assertThat(compare("same.json", "null.json")).isEqualTo(Main.FAILED);
        assertThat(errors()).contains("null.json] line", "key 'cases[0].measures.1.nsd' is not a number");
    }

    @Test
    void scoresByDiceAloneAreTold() throws IOException {
        CaseScores all = CaseScores.readJson(folder.resolve("off.json"));
        new CaseScores(all.cases().stream()
                        .map(score -> new CaseScore(score.caseId(), score.dice()))
                        .toList())
                .writeJson(folder.resolve("old.json"));
        assertThat(compare("same.json", "old.json")).isEqualTo(Main.DONE);
        assertThat(errors()).contains("by Dice alone: [old] has nothing else");
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("NSD");
    }
}
