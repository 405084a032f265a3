package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.eval.CaseScore;
import org.unet4j.eval.CaseScores;
import org.unet4j.io.Dataset;
import org.unet4j.io.FolderLock;
import org.unet4j.io.FolderTree;
import org.unet4j.io.Json;
import org.unet4j.io.Phantom;
import org.unet4j.io.Progress;
import org.unet4j.report.BenchmarkResult;

/** Folds by several processes, each a user's command. */
class CrossValidateCommandTest {

    @TempDir
    Path folder;

    @BeforeEach
    void dataset() throws IOException {
        TinyPhantoms.prepare(folder);
        FolderTree.delete(folder.resolve("work/prepared/ct"));
        List<String> ids = Dataset.open(folder.resolve("ct")).trainingIds();
        Json.write(
                folder.resolve("halves.json"),
                List.of(
                        Map.of("train", ids.subList(0, 3), "val", ids.subList(3, 5)),
                        Map.of("train", ids.subList(3, 5), "val", ids.subList(0, 3))));
        Phantom.write(folder.resolve("unseen"), TinyPhantoms.SETTINGS, 2, 9, Progress.silent());
        Files.writeString(
                folder.resolve("config.yaml"), "steps: 2\nvalidation: {every: 0}\nnumerics: {precision: fp32}\n");
    }

    private Process start(String name, String... arguments) throws IOException {
        String[] all = Stream.concat(
                        Stream.of(
                                "cross-validate",
                                "ct",
                                "--models",
                                "unet",
                                "--config",
                                "config.yaml",
                                "--splits",
                                "halves.json"),
                        Stream.of(arguments))
                .toArray(String[]::new);
        return EndToEndTest.start(
                folder, folder.resolve(name + ".out"), folder.resolve(name + ".err"), Main.class, all);
    }

    private String end(Process process, String name) throws IOException, InterruptedException {
        int code = process.waitFor();
        assertThat(code).as(Files.readString(folder.resolve(name + ".err"))).isEqualTo(Main.DONE);
        return Files.readString(folder.resolve(name + ".out"));
    }

    private static List<String> idsOf(CaseScores scores) {
        return scores.cases().stream().map(CaseScore::caseId).toList();
    }

    @Test
    void twoRanksScoreEveryCaseOnceAndAllNetworksTogetherOnAnotherDataset() throws IOException, InterruptedException {
        String[] arguments = {"--plan", "small.yaml", "--ranks", "2", "--test", "unseen", "--out", "ranks"};
        String told = end(start("ranks", arguments), "ranks");
        assertThat(told)
                .contains("2 folds: 5 cases")
                .contains("Post-processing: each case by what the other folds chose")
                .contains("all folds' networks together, on 2 cases: unseen");
        Path out = folder.resolve("ranks");
        List<String> ids = Dataset.open(folder.resolve("ct")).trainingIds();
        assertThat(idsOf(CaseScores.readJson(out.resolve("scores-unet.json")))).isEqualTo(ids);
        assertThat(idsOf(CaseScores.readJson(out.resolve("scores-unet-postprocessed.json"))))
                .isEqualTo(ids);
        assertThat(CaseScores.readJson(out.resolve("test-unseen/scores-unet.json"))
                        .cases())
                .hasSize(2);
        assertThat(out.resolve("postprocessing-unet.yaml")).isNotEmptyFile();
        Path found = out.resolve("postprocessing/unet-seed1/rules-" + ids.get(0) + ".json");
        FileTime before = Files.getLastModifiedTime(found);
        assertThat(end(start("again", arguments), "again")).isEqualTo(told);
        assertThat(folder.resolve("again.err")).content().contains("scored before");
        assertThat(Files.getLastModifiedTime(found)).as("not looked at again").isEqualTo(before);

        Process predict = EndToEndTest.start(
                folder,
                folder.resolve("predict.out"),
                folder.resolve("predict.err"),
                Main.class,
                "predict",
                "ranks/ensemble-unet",
                "unseen/imagesTr",
                "--out",
                "labels");
        end(predict, "predict");
        try (Stream<Path> predicted = Files.list(folder.resolve("labels"))) {
            for (Path file :
                    predicted.filter(one -> one.toString().endsWith(".nii.gz")).toList()) {
                assertThat(file)
                        .hasSameBinaryContentAs(out.resolve("test-unseen/unet")
                                .resolve(file.getFileName().toString()));
            }
        }
    }

    /** Both find no prepared case; one prepares, and both go on with what it made. */
    @Test
    void jobsOfFoldsThatStartAtTheSameMomentPrepareOnce() throws IOException, InterruptedException {
        Process first = start("first", "--plan", "small.yaml", "--folds", "0", "--out", "of-jobs");
        Process second = start("second", "--plan", "small.yaml", "--folds", "1", "--out", "of-jobs");
        String told = end(first, "first") + end(second, "second");
        assertThat(told).as("the last one gathers").contains("2 folds: 5 cases");
        assertThat(BenchmarkResult.read(folder.resolve("of-jobs/results.json"))
                        .networks()
                        .get(0)
                        .cases())
                .hasSize(5);
        try (FolderLock gathering = FolderLock.take(folder.resolve("of-jobs"), "gathered")) {
            assertThat(end(start("late", "--plan", "small.yaml", "--folds", "1", "--out", "of-jobs"), "late"))
                    .as("ended while another one gathers")
                    .isEqualTo("another process gathers all folds in of-jobs; once it has ended, the same command"
                            + " gathers again, and scores its own --test\n");
            assertThat(end(start("json", "--plan", "small.yaml", "--folds", "1", "--out", "of-jobs", "--json"), "json"))
                    .contains("\"complete\":false")
                    .hasLineCount(1);
        }
    }

    @Test
    void casesOutsideOfTheFoldsAreToldToHaveShapedThePlan() throws IOException, InterruptedException {
        List<String> ids = Dataset.open(folder.resolve("ct")).trainingIds();
        Json.write(
                folder.resolve("halves.json"),
                List.of(
                        Map.of("train", ids.subList(0, 2), "val", ids.subList(2, 4)),
                        Map.of("train", ids.subList(2, 4), "val", ids.subList(0, 2))));
        assertThat(end(start("outside", "--plan", "small.yaml", "--out", "outside"), "outside"))
                .contains("all folds' networks together, on 1 cases: outside-the-folds")
                .contains("no network learned from these, but the plan was derived from them too");
    }
}
