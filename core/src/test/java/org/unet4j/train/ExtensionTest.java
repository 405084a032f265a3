package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.prep.Store;

/** Runs that become longer than they were to be. */
class ExtensionTest {

    @TempDir
    static Path data;

    private static Store store;

    @TempDir
    Path out;

    @BeforeAll
    static void prepare() throws IOException {
        store = TinyData.store(data);
    }

    private static TrainConfig constant(int steps) {
        TrainConfig config = TinyData.config(steps).withValidateEvery(3);
        return config.withOptimization(config.optimization().withWarmup(0).withSchedule(new Schedule.Constant()));
    }

    private RunFolder train(TrainConfig config, String name) throws IOException {
        TinyRuns.train(config, store, out.resolve(name), TrainListener.silent());
        return new RunFolder(out.resolve(name));
    }

    private TrainResult resume(TrainConfig config, RunFolder run) throws IOException {
        return TinyRuns.resume(config, store, run.path(), TrainListener.silent());
    }

    @Test
    void withAConstantRateAnExtendedRunEqualsTheLongerOneBitForBit() throws IOException {
        RunFolder whole = train(constant(12), "whole");
        RunFolder extended = train(constant(6), "extended");
        byte[] validation = Files.readAllBytes(extended.validation());
        Files.writeString(extended.report(), "the page of six steps");
        List<Path> maps = files(extended.path().resolve("validation"));
        List<byte[]> bytes = new ArrayList<>();
        for (Path map : maps) {
            bytes.add(Files.readAllBytes(map));
        }
        TrainResult result = resume(constant(12), extended);
        TinyRuns.assertEqual(whole.path(), extended.path());
        assertThat(extended.validation()).hasSameBinaryContentAs(whole.validation());
        assertThat(result.step()).isEqualTo(12);
        assertThat(TrainResult.read(extended.path())).isEqualTo(result);
        assertThat(extended.readConfig().steps()).isEqualTo(12);
        assertThat(extended.path().resolve("summary-6.json")).exists();
        assertThat(extended.path().resolve("validation-6.json")).hasBinaryContent(validation);
        assertThat(extended.path().resolve("report-6.html")).hasContent("the page of six steps");
        assertThat(extended.report()).doesNotExist();
        assertThat(maps).isNotEmpty();
        for (int i = 0; i < maps.size(); i++) {
            assertThat(extended.path()
                            .resolve("validation-6")
                            .resolve(maps.get(i).getFileName()))
                    .hasBinaryContent(bytes.get(i));
        }
    }

    /** Killed after its label maps and before its scores: the maps would lie under the scores of another end. */
    @Test
    void labelMapsOfAnEndThatWasNotScoredDoNotStay() throws IOException {
        RunFolder run = train(constant(4), "run");
        Files.delete(run.summary());
        Files.delete(run.validation());
        Files.writeString(run.validationLabels("gone"), "of an end that was never scored");
        resume(constant(6), run);
        assertThat(run.validationLabels("gone")).doesNotExist();
        assertThat(run.path().resolve("validation-4")).doesNotExist();
        assertThat(files(run.path().resolve("validation"))).isNotEmpty();
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    @Test
    void aFallingRateIsThatOfTheNewLengthFromThereOn() throws IOException {
        TrainConfig config = TinyData.config(4);
        RunFolder run = train(config, "run");
        resume(config.withSteps(8), run);
        List<Metrics.Step> steps = run.readMetrics().steps();
        assertThat(steps).hasSize(8);
        for (Metrics.Step step : steps) {
            TrainConfig then = step.step() <= 4 ? config : config.withSteps(8);
            assertThat(step.learningRate()).isEqualTo(then.learningRate(step.step() - 1));
        }
        RunFolder again = train(config, "again");
        resume(config.withSteps(8), again);
        TinyRuns.assertEqual(run.path(), again.path());
    }

    @Test
    void aRunThatHasNotEndedCanBeExtendedOrCutShort() throws IOException {
        RunFolder run = new RunFolder(out.resolve("run"));
        TinyRuns.trainUntil(3, constant(6), store, run.path());
        assertThatThrownBy(() -> resume(constant(2), run))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has done 3 steps; it cannot end after 2");
        assertThat(resume(constant(5), run).step()).isEqualTo(5);
        assertThat(resume(constant(9), run).step()).isEqualTo(9);
        TinyRuns.assertEqual(train(constant(9), "whole").path(), run.path());
    }

    @Test
    void whileAnExtendedRunTrainsNoScoreOfTheShorterOneLiesThere() throws IOException {
        RunFolder run = train(constant(4), "run");
        boolean[] seen = new boolean[1];
        TinyRuns.resume(constant(5), store, run.path(), new TrainListener() {
            @Override
            public void step(StepEvent step) {
                seen[0] = run.finished() || Files.exists(run.validation());
            }
        });
        assertThat(seen[0]).isFalse();
        assertThat(run.finished()).isTrue();
    }

    @Test
    void aFinishedRunCannotBecomeShorter() throws IOException {
        RunFolder run = train(constant(4), "run");
        assertThatThrownBy(() -> resume(constant(3), run))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot end after 3");
        assertThat(run.finished()).isTrue();
    }
}
