package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.eval.Dice;
import org.unet4j.io.Dataset;
import org.unet4j.io.Nifti;
import org.unet4j.io.Progress;
import org.unet4j.io.Split;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Store;
import org.unet4j.report.CasePicture;
import org.unet4j.report.Failure;
import org.unet4j.report.RunPage;
import org.unet4j.torch.Device;

class RunReportTest {
    private static final Split FOUR_FOR_VALIDATION =
            new Split(List.of("ball_0"), List.of("ball_1", "ball_2", "ball_3", "ball_4"));

    @TempDir
    Path folder;

    private static void train(int steps, Split split, Store store, Path out) throws IOException {
        Trainer.train(TrainRequest.of(
                TinyData.config(steps), store, split, out, Device.cpu(), TrainListener.silent(), () -> false));
    }

    /** The label maps that stay are those that were scored: their Dice is what validation.json says. */
    @Test
    void aRunLeavesWhatItMadeOfTheWorstTheMedianAndTheBestCase() throws Exception {
        Store store = TinyData.store(folder);
        Path out = folder.resolve("run");
        train(6, FOUR_FOR_VALIDATION, store, out);
        RunFolder run = new RunFolder(out);
        try (Stream<Path> kept = Files.list(out.resolve("validation"))) {
            assertThat(kept).hasSize(3);
        }
        int compared = 0;
        for (var score : ValidationScores.read(run.validation()).last().cases()) {
            Path file = run.validationLabels(score.caseId());
            if (Files.exists(file)) {
                var labels = Nifti.readLabels(file);
                assertThat(Dice.perClass(
                                labels.voxels(),
                                store.get(score.caseId()).labels(),
                                score.dice().keySet()))
                        .isEqualTo(score.dice());
                compared++;
            }
        }
        assertThat(compared).isEqualTo(3);
        RunPage page = RunReport.of(List.of(out), List.of(store));
        assertThat(page.pictures())
                .hasSize(3)
                .allSatisfy(picture -> assertThat(picture.outlines()).hasSize(1));
        assertThat(page.volumes()).hasSize(3);
        assertThat(page.html()).contains("On 4 validation cases", "worst", "median", "best");
        assertThat(RunReport.of(List.of(out), List.of()).pictures()).isEmpty();
    }

    /** Both datasets have a case ball_4, and each is another patient; the first class has another name. */
    @Test
    void runsOfOtherDatasetsAreShownOnTheirOwnImages() throws Exception {
        Store store = TinyData.store(folder.resolve("first"));
        Path elsewhere = folder.resolve("second");
        TinyData.store(elsewhere, 9);
        Plan renamed = new Plan(
                "Other",
                store.plan().channels(),
                new TreeMap<>(Map.of(0, "background", 1, "lesion", 2, "dim")),
                store.plan().crop(),
                store.plan().spacing(),
                store.plan().resampling(),
                store.plan().medianShape(),
                store.plan().budget(),
                store.plan().patch(),
                store.plan().batch(),
                store.plan().topology());
        Store other = Store.prepare(
                new Dataset(
                        "Other",
                        elsewhere.resolve("raw"),
                        List.of("MR"),
                        renamed.classes(),
                        TinyData.dataset(elsewhere, 9).training(),
                        List.of()),
                renamed,
                elsewhere.resolve("renamed"),
                1,
                Progress.silent());
        Path one = folder.resolve("one");
        Path two = folder.resolve("two");
        train(2, TinyData.split(), store, one);
        train(2, TinyData.split(), other, two);
        RunPage alone = RunReport.of(List.of(two), List.of(other));
        RunPage both = RunReport.of(List.of(one, two), List.of(store, other));
        assertThat(both.pictures()).extracting(CasePicture::role).containsExactly("the case (one)", "the case (two)");
        assertThat(both.pictures().get(1).imageUri())
                .isEqualTo(alone.pictures().get(0).imageUri())
                .isNotEqualTo(both.pictures().get(0).imageUri());
        assertThat(both.pictures())
                .allSatisfy(picture -> assertThat(picture.outlines()).hasSize(1));
        assertThat(both.volumes().get(0).html()).contains("bright").doesNotContain("lesion");
        assertThat(both.volumes().get(1).html()).contains("lesion").doesNotContain("bright");
        assertThat(RunReport.of(List.of(one, two), List.of(store)).pictures()).hasSize(1);
    }

    @Test
    void theLastValidationOnAllCasesIsNoPointOfTheCurveOfAFew() throws Exception {
        Store store = TinyData.store(folder);
        Path out = folder.resolve("run");
        TrainConfig quiet = TinyData.config(6);
        TrainConfig config =
                quiet.withValidation(quiet.validation().withEvery(2).withCases(2));
        Trainer.train(TrainRequest.of(
                config, store, FOUR_FOR_VALIDATION, out, Device.cpu(), TrainListener.silent(), () -> false));
        Metrics metrics = new RunFolder(out).readMetrics();
        assertThat(metrics.validations()).extracting(Metrics.Validation::cases).endsWith(4);
        assertThat(metrics.comparable()).isNotEmpty().allMatch(validation -> validation.cases() == 2);
        assertThat(RunReport.of(List.of(out), List.of()).runs().get(0).dice())
                .hasSize(metrics.validations().size() - 1);
    }

    @Test
    void runsSideBySideAreToldApartByNameAndThoseStoppedAreFailures() throws Exception {
        Store store = TinyData.store(folder);
        Path one = folder.resolve("a/run");
        Path other = folder.resolve("b/run");
        train(3, TinyData.split(), store, one);
        TinyRuns.trainUntil(2, TinyData.config(5), store, Files.createDirectories(other));
        RunPage page = RunReport.of(List.of(one, other), List.of(store));
        assertThat(page.runs()).extracting(run -> run.name()).containsExactly("run", "run (2)");
        assertThat(page.failures()).hasSize(1);
        assertThat(page.failures().get(0).what()).isEqualTo("not finished: 2 of 5 steps; train --resume goes on");
        assertThat(page.html()).contains("Only run has a score");
    }

    /** One of three was killed before it had begun, another in the middle of a line. */
    @Test
    void aRunThatCannotBeReadDoesNotCostThePageOfTheOthers() throws Exception {
        Store store = TinyData.store(folder);
        Path whole = folder.resolve("whole");
        Path torn = folder.resolve("torn");
        Path early = folder.resolve("early");
        train(3, TinyData.split(), store, whole);
        TinyRuns.trainUntil(2, TinyData.config(5), store, Files.createDirectories(torn));
        Files.writeString(torn.resolve("metrics.jsonl"), "{\"step\":3,\"epo", StandardOpenOption.APPEND);
        Files.copy(whole.resolve("config.yaml"), Files.createDirectories(early).resolve("config.yaml"));
        RunPage page = RunReport.of(List.of(early, whole, torn), List.of(store));
        assertThat(page.runs()).extracting(run -> run.name()).containsExactly("whole", "torn");
        assertThat(page.runs().get(1).loss()).hasSize(2);
        assertThat(page.failures())
                .extracting(Failure::run, Failure::what)
                .contains(tuple("early", "left out: [split.json] there is no such file"));
        assertThat(page.pictures()).isNotEmpty();
        assertThatThrownBy(() -> RunReport.of(List.of(early), List.of())).isInstanceOf(IOException.class);
    }

    /** As on a full disk: the first map is written, the second not, and none stays that might be of an earlier end. */
    @Test
    void whereOneLabelMapCannotBeWrittenNoneStays() throws Exception {
        Store store = TinyData.store(folder);
        Path out = folder.resolve("run");
        Files.createDirectories(out);
        List<String> told = new ArrayList<>();
        TrainListener listener = new TrainListener() {
            @Override
            public void validating(int done, int total) {
                try {
                    if (done == 1) {
                        assertThat(new RunFolder(out).validationLabels("ball_1"))
                                .exists();
                        Files.createDirectories(
                                new RunFolder(out).validationLabels("ball_2").resolve("in the way"));
                    }
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }

            @Override
            public void recovered(String what) {
                told.add(what);
            }
        };
        Trainer.train(TrainRequest.of(
                TinyData.config(2), store, FOUR_FOR_VALIDATION, out, Device.cpu(), listener, () -> false));
        assertThat(told).hasSize(1);
        try (Stream<Path> left = Files.list(out.resolve("validation"))) {
            assertThat(left).noneMatch(Files::isRegularFile);
        }
    }

    /** A folder in the way is as good as a disk that is full: the run does without, and says so. */
    @Test
    void aRunWhoseLabelMapsCannotBeKeptEndsAllTheSame() throws Exception {
        Store store = TinyData.store(folder);
        Path out = folder.resolve("run");
        List<String> told = new ArrayList<>();
        TrainListener listener = new TrainListener() {
            @Override
            public void started(RunStart start) {
                try {
                    Files.writeString(out.resolve("validation"), "a file");
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }

            @Override
            public void recovered(String what) {
                told.add(what);
            }
        };
        TrainResult result = Trainer.train(
                TrainRequest.of(TinyData.config(2), store, TinyData.split(), out, Device.cpu(), listener, () -> false));
        assertThat(result.scores()).isPresent();
        assertThat(new RunFolder(out).finished()).isTrue();
        assertThat(told).hasSize(1);
        assertThat(told.get(0)).startsWith("label maps of validation cases for the report could not be kept");
    }

    @Test
    void whatAPersonTypedIsInTheProvenance() throws Exception {
        Store store = TinyData.store(folder);
        Path out = folder.resolve("run");
        Trainer.train(TrainRequest.of(
                        TinyData.config(2),
                        store,
                        TinyData.split(),
                        out,
                        Device.cpu(),
                        TrainListener.silent(),
                        () -> false)
                .withCommand("unet4j train Tiny --model unet --fold 0"));
        RunPage page = RunReport.of(List.of(out), List.of());
        assertThat(page.runs().get(0).provenance())
                .containsEntry("command", "unet4j train Tiny --model unet --fold 0")
                .containsEntry("seed", "1");
        OptionalLong peak = page.runs().get(0).end().orElseThrow().peakMemoryBytes();
        assertThat(peak.isPresent()).as("Linux says it").isEqualTo(Files.exists(Path.of("/proc/self/status")));
        assertThat(peak.orElse(1 << 20)).as("a JVM takes more").isGreaterThanOrEqualTo(1 << 20);
    }
}
