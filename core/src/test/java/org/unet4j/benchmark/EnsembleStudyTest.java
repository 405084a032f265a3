package org.unet4j.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.eval.CaseScore;
import org.unet4j.eval.CaseScores;
import org.unet4j.eval.Tolerances;
import org.unet4j.infer.PostProcessing;
import org.unet4j.infer.Predictor;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.io.Split;
import org.unet4j.io.Yaml;
import org.unet4j.prep.Store;
import org.unet4j.torch.Device;
import org.unet4j.torch.Precision;
import org.unet4j.train.Team;
import org.unet4j.train.TrainConfig;
import org.unet4j.volume.Scan;

/** Ball 4 and ball 5 are outside of both folds. */
class EnsembleStudyTest {

    private static final List<Split> HALVES = List.of(
            new Split(List.of("ball_2", "ball_3"), List.of("ball_0", "ball_1")),
            new Split(List.of("ball_0", "ball_1"), List.of("ball_2", "ball_3")));

    @TempDir
    Path folder;

    private CrossValidation trained(Dataset dataset) throws IOException {
        Store store = Worlds.store(dataset, folder.resolve("prepared"));
        TrainConfig training = TrainConfig.defaults("unet", store.plan(), Device.cpu())
                .withSteps(30)
                .withLearningRate(0.02)
                .withPrecision(Precision.FP32);
        CrossValidation validation = new CrossValidation(
                BenchmarkConfig.of(List.of("unet"), "all folds", training),
                store,
                dataset,
                HALVES,
                folder.resolve("out"),
                Device.cpu(),
                "again");
        validation.run(List.of(0, 1), Team.alone(), BenchmarkListener.silent(), () -> false);
        validation.postProcess(Team.alone(), BenchmarkListener.silent(), () -> false);
        validation.gather(BenchmarkListener.silent());
        return validation;
    }

    @Test
    void allFoldsNetworksAreScoredTogetherOnCasesThatNoneLearnedFrom() throws Exception {
        Dataset dataset = Worlds.dataset(folder.resolve("Balls"));
        CrossValidation validation = trained(dataset);
        TestSet test = TestSet.outside(dataset, HALVES).orElseThrow();
        assertThat(test.cases()).extracting(Case::id).containsExactly("ball_4", "ball_5");
        int[] asked = {0};
        assertThat(validation.test(test, Team.alone(), BenchmarkListener.silent(), () -> asked[0]++ == 1))
                .as("stopped after one case")
                .isEmpty();
        Path first = folder.resolve("out/test-outside-the-folds/unet/case-ball_4.json");
        FileTime before = Files.getLastModifiedTime(first);
        CaseScores scores = validation
                .test(test, Team.alone(), BenchmarkListener.silent(), () -> false)
                .orElseThrow()
                .get("unet");
        assertThat(Files.getLastModifiedTime(first)).as("not scored twice").isEqualTo(before);
        assertThat(CaseScores.readJson(folder.resolve("out/test-outside-the-folds/scores-unet.json")))
                .isEqualTo(scores);
        List<Predictor> members = new ArrayList<>();
        for (Path run : validation.runFolders("unet")) {
            members.add(Predictor.load(run, Device.cpu()));
        }
        try (Predictor ensemble = Predictor.ensemble(members)) {
            for (CaseScore score : scores.cases()) {
                Case one = TrainedRun.labelled(dataset, score.caseId());
                Scan scan = one.readScan();
                assertThat(score)
                        .isEqualTo(CaseScore.of(
                                score.caseId(),
                                ensemble.predict(scan),
                                one.readLabels(scan.grid()),
                                Set.of(1),
                                Tolerances.ONE_MM));
            }
        }
        assertThat(scores.meanDice()).as("it learned something").isGreaterThan(0.2);
    }

    private static final PostProcessing TAKES_ALL =
            new PostProcessing(new TreeMap<>(Map.of(1, new PostProcessing.Rule(false, 1000, false))));

    @Test
    void whatDecidesAScoreMakesItAnew() throws Exception {
        Dataset dataset = Worlds.dataset(folder.resolve("Balls"));
        CrossValidation validation = trained(dataset);
        TestSet test = TestSet.outside(dataset, HALVES).orElseThrow();
        CaseScores scores = scores(validation, test);
        Path reference = folder.resolve("Balls/labelsTr/ball_4.nii.gz");
        Files.copy(folder.resolve("Balls/labelsTr/ball_5.nii.gz"), reference, StandardCopyOption.REPLACE_EXISTING);
        CaseScores corrected = scores(validation, test);
        assertThat(corrected.cases().get(0))
                .as("another reference")
                .isNotEqualTo(scores.cases().get(0));
        assertThat(corrected.cases().get(1)).isEqualTo(scores.cases().get(1));
        Files.copy(
                folder.resolve("Balls/imagesTr/ball_5.nii.gz"),
                folder.resolve("Balls/imagesTr/ball_4.nii.gz"),
                StandardCopyOption.REPLACE_EXISTING);
        assertThat(scores(validation, test).cases().get(0).dice())
                .as("another scan: the same as ball 5 now")
                .isEqualTo(scores.cases().get(1).dice());
        Yaml.write(folder.resolve("out/postprocessing-unet.yaml"), TAKES_ALL);
        assertThat(scores(validation, test).meanDice())
                .as("other post-processing was chosen")
                .isZero();
        Path first = folder.resolve("out/test-outside-the-folds/unet/case-ball_4.json");
        String before = Files.readString(first);
        int conditions = before.indexOf("\"conditions\"");
        Files.writeString(
                first, before.substring(0, conditions) + before.substring(before.indexOf("\"score\"", conditions)));
        scores(validation, test);
        assertThat(first).as("of the first versions").hasContent(before);
    }

    private static CaseScores scores(CrossValidation validation, TestSet test) throws IOException {
        return validation
                .test(test, Team.alone(), BenchmarkListener.silent(), () -> false)
                .orElseThrow()
                .get("unet");
    }

    @Test
    void anEnsembleWhoseFoldsHaveDifferentPostProcessingIsRefused() throws Exception {
        Dataset dataset = Worlds.dataset(folder.resolve("Balls"));
        CrossValidation validation = trained(dataset);
        TestSet test = TestSet.outside(dataset, HALVES).orElseThrow();
        CaseScores scores = scores(validation, test);
        Path first = validation.runFolders("unet").get(0);
        Path second = validation.runFolders("unet").get(1);
        Yaml.write(PostProcessing.in(first), TAKES_ALL);
        assertThat(scores(validation, test)).as("what was chosen is scored").isEqualTo(scores);
        assertThatIOException()
                .isThrownBy(() -> Predictor.load(validation.ensemble("unet"), Device.cpu()))
                .withMessageContaining("[" + validation.ensemble("unet") + "] models of an ensemble must have the same"
                        + " postprocessing.yaml")
                .withMessageContaining("model 2 of 2 has {}, the first {1=components from 1000.0 ml}: say what");
        try (Predictor one = Predictor.load(first, Device.cpu());
                Predictor other = Predictor.load(second, Device.cpu())) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Predictor.ensemble(List.of(one, other)))
                    .withMessageContaining("model 2 of 2 has {}");
            assertThat(Predictor.ensemble(List.of(one.withoutPostProcessing(), other))
                            .postProcessing())
                    .isEqualTo(PostProcessing.nothing());
        }
        Yaml.write(PostProcessing.in(second), TAKES_ALL);
        try (Predictor equal = Predictor.load(validation.ensemble("unet"), Device.cpu())) {
            assertThat(equal.postProcessing()).isEqualTo(TAKES_ALL);
        }
    }

    /** Describes a scan in its header, and compresses it less. */
    private static void packAgain(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            bytes = in.readAllBytes();
        }
        int description = 148; // nifti1.h: descrip
        bytes[description] = 'x';
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file)) {
            {
                def.setLevel(Deflater.BEST_SPEED);
            }
        }) {
            out.write(bytes);
        }
    }

    @Test
    void aTestSetThatHoldsACaseOfTheFoldsIsRefused() throws Exception {
        Dataset dataset = Worlds.dataset(folder.resolve("Balls"));
        Path copy = folder.resolve("Copy");
        Dataset same = Worlds.dataset(copy);
        packAgain(copy.resolve("imagesTr/ball_0.nii.gz"));
        assertThat(Files.mismatch(
                        copy.resolve("imagesTr/ball_0.nii.gz"), folder.resolve("Balls/imagesTr/ball_0.nii.gz")))
                .as("another header, packed otherwise")
                .isNotNegative();
        TestSet packed = new TestSet("Copy", List.of(TrainedRun.labelled(same, "ball_0")));
        assertThatIOException()
                .isThrownBy(() -> packed.requireUnseen(dataset, HALVES))
                .withMessageContaining("is the scan of case ball_0 of Balls, which networks learn from");
        TestSet outside =
                new TestSet("Copy", List.of(TrainedRun.labelled(same, "ball_4"), TrainedRun.labelled(same, "ball_5")));
        assertThatCode(() -> outside.requireUnseen(dataset, HALVES))
                .as("no fold has them")
                .doesNotThrowAnyException();
        Files.writeString(
                copy.resolve("dataset.json"),
                Files.readString(copy.resolve("dataset.json")).replace("\"ball\"", "\"cube\""));
        assertThatIOException()
                .isThrownBy(() -> TestSet.of(Dataset.open(copy), dataset))
                .withMessageContaining(
                        "Copy] has the classes {0=background, 1=cube}, the dataset that networks learn from has"
                                + " {0=background, 1=ball}");
        assertThat(TestSet.outside(dataset, List.of(Worlds.SPLIT))).isEmpty();
    }
}
