package org.unet4j.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Dataset;
import org.unet4j.io.Problem;
import org.unet4j.io.Progress;
import org.unet4j.volume.Shape;

class SurveyTest {

    @TempDir
    Path folder;

    private RowWorld world;

    @BeforeEach
    void makeWorld() throws IOException {
        world = new RowWorld(folder);
    }

    private Survey survey() throws IOException {
        return Survey.of(world.dataset(), world.all(), 2, Progress.silent());
    }

    private void twoLegs() throws IOException {
        world.labelled("one", 1, "#####...###.", ".1.......12.");
        world.labelled("two", 1, "#####.......", ".12.........");
    }

    @Test
    void foregroundOutsideTheCropIsAWarningThatNamesTheRemedy() throws IOException {
        twoLegs();
        Survey survey = survey();
        assertThat(survey.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.isError()).isFalse();
            assertThat(problem.file()).isEqualTo(folder.resolve("labelsTr/one.nii.gz"));
            assertThat(problem.what())
                    .startsWith("2 of 3 foreground voxels lie outside what 'crop: body' keeps of the scan")
                    .contains("'crop: none'", "plan.yaml", "prepare again");
        });
        assertThat(survey.requireFingerprint().cases().get(0).shape()).isEqualTo(new Shape(1, 1, 6));
    }

    @Test
    void theRemedyAgainstLostForegroundSilencesTheWarning() throws IOException {
        twoLegs();
        assertThat(Survey.of(world.dataset(), world.labelled, CropRule.NONE, 1, Progress.silent())
                        .problems())
                .isEmpty();
    }

    @Test
    void foregroundInTheMarginIsNotLost() throws IOException {
        world.labelled("one", 1, ".###..", "1.2...");
        world.labelled("two", 1, ".###..", "....1.");
        assertThat(survey().problems()).isEmpty();
    }

    @Test
    void anImageOfOneValueIsAWarning() throws IOException {
        twoLegs();
        world.labelled("three", 1, "#########", ".12......");
        assertThat(survey().problems()).last().satisfies(problem -> {
            assertThat(problem.isError()).isFalse();
            assertThat(problem.file()).hasFileName("three.nii.gz");
            assertThat(problem.what()).startsWith("every voxel is ").endsWith("was it exported empty?");
        });
        assertThat(survey().fingerprint()).isPresent();
    }

    @Test
    void whatCannotBeReadLeavesNoFingerprint() throws IOException {
        twoLegs();
        world.unlabelled("three", "#########");
        assertThat(survey().fingerprint()).isPresent();
        Files.write(world.unlabelled.get(0).images().get(0), new byte[9]);
        assertThat(survey().problems())
                .last()
                .satisfies(problem -> assertThat(problem.file()).hasFileName("three.nii.gz"))
                .matches(Problem::isError);
        assertThat(survey().fingerprint()).isEmpty();
    }

    @Test
    void everyCaseCountsInTheProgress() throws IOException {
        twoLegs();
        world.unlabelled("three", "#########");
        AtomicLong most = new AtomicLong();
        Survey.of(
                world.dataset(),
                world.all(),
                2,
                (what, done, total) -> most.accumulateAndGet(done * 100 + total, Math::max));
        assertThat(most).hasValue(303);
    }

    @Test
    void oneLookFindsTheFingerprintAndAllProblems() throws IOException {
        Dataset written = Worlds.dataset(folder.resolve("data"), 4);
        Survey survey = Survey.of(written, written.training(), 2, Progress.silent());
        assertThat(survey.problems()).isEmpty();
        Fingerprint fingerprint = survey.requireFingerprint();
        assertThat(fingerprint.cases().get(1).shape()).isEqualTo(Shape.cube(17));
        fingerprint.write(folder.resolve("fingerprint.yaml"));
        assertThat(Fingerprint.read(folder.resolve("fingerprint.yaml"))).isEqualTo(fingerprint);
        Files.write(written.training().get(0).images().get(0), new byte[9]);
        Files.write(written.training().get(3).labels().orElseThrow(), new byte[9]);
        assertThatThrownBy(() -> Fingerprint.of(written, written.training(), 2, Progress.silent()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("2 problems")
                .hasMessageContaining("case_0.nii.gz")
                .hasMessageContaining("case_3.nii.gz");
    }
}
