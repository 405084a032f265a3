package org.unet4j.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.eval.CaseScore;
import org.unet4j.eval.CaseScores;
import org.unet4j.infer.Predictor;
import org.unet4j.io.Dataset;
import org.unet4j.io.Json;
import org.unet4j.io.Split;
import org.unet4j.prep.Store;
import org.unet4j.report.BenchmarkResult;
import org.unet4j.torch.Device;
import org.unet4j.train.Team;
import org.unet4j.train.TrainConfig;
import org.unet4j.volume.Scan;

class CrossValidationTest {

    private static final List<Split> THIRDS = List.of(split(0, 1), split(2, 3), split(4, 5));

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static Dataset dataset;
    private static Store store;

    @BeforeAll
    static void prepare() throws IOException {
        dataset = Worlds.dataset(shared.resolve("Balls"));
        store = Worlds.store(dataset, shared.resolve("prepared"));
    }

    private static Split split(int one, int other) {
        List<String> training = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            if (i != one && i != other) {
                training.add("ball_" + i);
            }
        }
        return new Split(training, List.of("ball_" + one, "ball_" + other));
    }

    private CrossValidation validation(List<Split> splits, String... networks) {
        TrainConfig training =
                TrainConfig.defaults("unet", store.plan(), Device.cpu()).withSteps(2);
        return new CrossValidation(
                BenchmarkConfig.of(List.of(networks), "all folds", training),
                store,
                dataset,
                splits,
                folder,
                Device.cpu(),
                "unet4j cross-validate Balls");
    }

    /** Scores that nobody measured: ball_i has a Dice of i tenths, a tenth more for the second network. */
    private void write(CrossValidation validation, int fold, String network, String... ids) throws IOException {
        List<CaseScore> cases = new ArrayList<>();
        for (String id : ids) {
            int number = id.charAt(id.length() - 1) - '0' + (network.equals("unet") ? 0 : 1);
            cases.add(new CaseScore(id, new TreeMap<>(Map.of(1, number / 10.0))));
        }
        Run run = new Run(network, validation.config().training().seed());
        Json.write(
                new BenchmarkFolder(validation.fold(fold)).scores(run),
                new RunScores(
                        network,
                        run.seed(),
                        cases,
                        5,
                        6,
                        10 + fold,
                        20,
                        0,
                        fold,
                        OptionalLong.of(100 + fold),
                        OptionalLong.empty(),
                        Worlds.PROVENANCE));
    }

    @Test
    void everyCaseIsScoredOnceOverAllFolds() throws Exception {
        CrossValidation validation = validation(THIRDS, "unet", "resunet");
        for (int fold = 0; fold < 3; fold++) {
            for (String network : List.of("unet", "resunet")) {
                write(validation, fold, network, "ball_" + (2 * fold), "ball_" + (2 * fold + 1));
            }
        }
        assertThat(validation.missing()).isEmpty();
        BenchmarkResult result = validation.gather(BenchmarkListener.silent());
        assertThat(result.fold()).isEqualTo("3 folds");
        assertThat(result.networks().get(0).cases())
                .extracting(CaseScore::caseId)
                .containsExactly("ball_0", "ball_1", "ball_2", "ball_3", "ball_4", "ball_5");
        assertThat(result.networks().get(0).mean().dice()).isEqualTo(0.25);
        assertThat(result.networks().get(0).robustness().casesUnderTenth()).isEqualTo(1);
        assertThat(result.networks().get(1).difference().orElseThrow().p())
                .as("6 of 6 positive")
                .isEqualTo(2.0 / 64);
        assertThat(result.networks().get(0).trainSeconds())
                .as("mean over folds")
                .isEqualTo(11);
        assertThat(result.networks().get(0).predictSecondsPerCase()).isEqualTo(1);
        assertThat(result.networks().get(0).peakMemoryBytes()).hasValue(102);
        assertThat(BenchmarkResult.read(folder.resolve("results.json"))).isEqualTo(result);
        assertThat(folder.resolve("results.md"))
                .content()
                .contains("3 folds: 6 cases")
                .contains("| resunet |");
        assertThat(CaseScores.readJson(validation.scores("resunet")).caseMeans())
                .containsExactly(0.1, 0.2, 0.3, 0.4, 0.5, 0.6);
        assertThat(folder.resolve("scores-unet.csv")).content().startsWith("case,class,dice\nball_0,1,0.0\n");
        assertThat(ScoredRun.read(folder))
                .extracting(ScoredRun::name)
                .containsExactly(folder.getFileName() + "/unet", folder.getFileName() + "/resunet");
    }

    private void allFoldsNetworksPredictAsOneModel(CrossValidation validation) throws IOException {
        Scan scan = TrainedRun.labelled(dataset, "ball_3").readScan();
        Run run = validation.runs("unet").get(0);
        List<Predictor> members = new ArrayList<>();
        for (int fold = 0; fold < 3; fold++) {
            members.add(Predictor.load(new BenchmarkFolder(validation.fold(fold)).run(run), Device.cpu()));
        }
        Path moved = folder.resolveSibling(folder.getFileName() + "-moved");
        try (Predictor given = Predictor.ensemble(members);
                Predictor first = Predictor.load(validation.ensemble("unet"), Device.cpu())) {
            byte[] expected = given.predict(scan).bytes();
            assertThat(first.weightsSha256()).hasSize(3).isEqualTo(given.weightsSha256());
            assertThat(first.predict(scan).bytes()).isEqualTo(expected);
            Files.move(folder, moved);
            try (Predictor elsewhere =
                    Predictor.load(moved.resolve("ensemble-unet").resolve("ensemble.yaml"), Device.cpu())) {
                assertThat(elsewhere.predict(scan).bytes()).isEqualTo(expected);
            }
        } finally {
            Files.move(moved, folder);
        }
    }

    /** Gathers scores of three folds that nobody measured; all cases are there, and {@code told} hears what is not. */
    private void gatherTelling(List<String> told) throws Exception {
        CrossValidation validation = validation(THIRDS, "unet");
        for (int fold = 0; fold < 3; fold++) {
            write(validation, fold, "unet", "ball_" + (2 * fold), "ball_" + (2 * fold + 1));
        }
        BenchmarkResult result = validation.gather(new BenchmarkListener() {
            @Override
            public void recovered(String what) {
                told.add(what);
            }
        });
        assertThat(result.caseCount()).isEqualTo(6);
    }

    @Test
    void aPageThatCannotBeWrittenCostsNoScore() throws Exception {
        Files.writeString(folder.resolve("report.html"), "<p>of a person</p>");
        List<String> told = new ArrayList<>();
        gatherTelling(told);
        assertThat(told).hasSize(1);
        assertThat(folder.resolve("report.html")).content().isEqualTo("<p>of a person</p>");
    }

    @Test
    void whereTheDatasetLiesCostsNoScoreEither() throws Exception {
        Files.createDirectories(folder.resolve("dataset.yaml").resolve("in the way"));
        List<String> told = new ArrayList<>();
        gatherTelling(told);
        assertThat(told).hasSize(1);
        assertThat(told.get(0))
                .startsWith("[dataset.yaml] could not be written in ")
                .endsWith("; the results are whole without: `report " + folder + "` needs --dataset for pictures");
        assertThat(folder.resolve("report.html")).isNotEmptyFile();
    }

    @Test
    void foldsThatAreMissingAreNamed() throws Exception {
        CrossValidation validation = validation(THIRDS, "unet");
        write(validation, 1, "unet", "ball_2", "ball_3");
        assertThat(validation.missing()).containsExactly(0, 2);
        assertThatIOException()
                .isThrownBy(() -> validation.gather(BenchmarkListener.silent()))
                .withMessageContaining("lacks the scores of the folds [0, 2]");
    }

    @Test
    void scoresOfOtherSplitsAreRefused() throws Exception {
        CrossValidation validation = validation(THIRDS, "unet");
        write(validation, 0, "unet", "ball_0", "ball_1");
        write(validation, 1, "unet", "ball_2", "ball_4");
        write(validation, 2, "unet", "ball_4", "ball_5");
        assertThatIOException()
                .isThrownBy(() -> validation.gather(BenchmarkListener.silent()))
                .withMessageContaining("other cases than fold 1 holds out");
    }

    @Test
    void aCaseThatIsHeldOutTwiceIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> validation(List.of(split(0, 1), split(1, 2)), "unet"))
                .withMessageContaining("case 'ball_1' is held out in fold 0 and in fold 1");
    }

    @Test
    void foldsAreTrainedAndScoredOneAfterTheOther() throws Exception {
        CrossValidation validation = validation(THIRDS, "unet");
        assertThat(validation.run(List.of(0, 2), Team.alone(), BenchmarkListener.silent(), () -> false))
                .isTrue();
        assertThat(validation.missing()).containsExactly(1);
        assertThat(validation.fold(2).resolve("report.html")).exists();
        assertThat(validation.run(List.of(1), Team.alone(), BenchmarkListener.silent(), () -> true))
                .as("stopped")
                .isFalse();
        assertThat(validation.run(List.of(0, 1, 2), Team.alone(), BenchmarkListener.silent(), () -> false))
                .isTrue();
        BenchmarkResult result = validation.gather(BenchmarkListener.silent());
        assertThat(folder.resolve("report.html"))
                .content()
                .contains(
                        "unet-seed1, fold-0 ends at", "unet-seed1, fold-2 ends at", "class=\"outline k0\"", "The plan");
        assertThat(result.caseCount()).isEqualTo(6);
        assertThat(result.networks().get(0).boundary()).isPresent();
        assertThat(result.provenance()).containsEntry("command", "unet4j cross-validate Balls");
        allFoldsNetworksPredictAsOneModel(validation);
    }
}
