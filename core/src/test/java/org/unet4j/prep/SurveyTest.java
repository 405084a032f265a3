package org.unet4j.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.io.Nifti;
import org.unet4j.io.Problem;
import org.unet4j.io.Progress;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Volume;

/** Scans of a single row, drawn as one: a CT is air (.) and tissue (#), a label map background (.) and classes. */
class SurveyTest {

    private static final short AIR = -1000;
    private static final short TISSUE = 40;

    @TempDir
    Path folder;

    private final List<Case> labelled = new ArrayList<>();
    private final List<Case> unlabelled = new ArrayList<>();

    /** Returns a row of voxels of 10 x 20 x 50 mm (x, y, z), which is cropped with one voxel around the body. */
    private static Grid row(int voxels, int xTowards) {
        return new Grid(new Shape(1, 1, voxels), new Affine(xTowards * 10, 0, 0, 0, 0, 20, 0, 0, 0, 0, 50, 0));
    }

    private Case scan(String id, Grid grid, String ct, Optional<Path> labels) throws IOException {
        short[] hu = new short[ct.length()];
        for (int x = 0; x < hu.length; x++) {
            hu[x] = ct.charAt(x) == '#' ? TISSUE : AIR;
        }
        Path file = folder.resolve("imagesTr").resolve(id + ".nii.gz");
        Nifti.write(file, Volume.of(grid, hu));
        return new Case(id, List.of(file), labels);
    }

    private void labelled(String id, int xTowards, String ct, String classes) throws IOException {
        Grid grid = row(ct.length(), xTowards);
        Path file = folder.resolve("labelsTr").resolve(id + ".nii.gz");
        Nifti.write(file, new Labels(grid, bytes(classes)));
        labelled.add(scan(id, grid, ct, Optional.of(file)));
    }

    private static byte[] bytes(String classes) {
        byte[] values = new byte[classes.length()];
        for (int x = 0; x < values.length; x++) {
            values[x] = (byte) (classes.charAt(x) == '.' ? 0 : classes.charAt(x) - '0');
        }
        return values;
    }

    private Dataset dataset() {
        return new Dataset(
                "row",
                folder,
                List.of("CT"),
                new TreeMap<>(Map.of(0, "background", 1, "bone", 2, "marrow")),
                labelled,
                unlabelled);
    }

    private List<Case> all() {
        List<Case> all = new ArrayList<>(labelled);
        all.addAll(unlabelled);
        return all;
    }

    private Survey survey() throws IOException {
        return Survey.of(dataset(), all(), 2, Progress.silent());
    }

    private void twoLegs() throws IOException {
        labelled("one", 1, "#####...###.", ".1.......12.");
        labelled("two", 1, "#####.......", ".12.........");
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
        assertThat(Survey.of(dataset(), labelled, CropRule.NONE, 1, Progress.silent())
                        .problems())
                .isEmpty();
    }

    @Test
    void foregroundInTheMarginIsNotLost() throws IOException {
        labelled("one", 1, ".###..", "1.2...");
        labelled("two", 1, ".###..", "....1.");
        assertThat(survey().problems()).isEmpty();
    }

    @Test
    void theContentsAreThoseOfTheFilesAndNotOfTheCrop() throws IOException {
        labelled("one", 1, "##....", "12....");
        labelled("two", -1, "####..", "11....");
        labelled("three", -1, "####....", "1111....");
        Contents contents = survey().contents().orElseThrow();
        assertThat(contents.cases()).isEqualTo(3);
        assertThat(contents.shape())
                .containsExactly(
                        new Contents.Spread(6, 6, 8), new Contents.Spread(1, 1, 1), new Contents.Spread(1, 1, 1));
        assertThat(contents.spacing())
                .containsExactly(
                        new Contents.Spread(10, 10, 10),
                        new Contents.Spread(20, 20, 20),
                        new Contents.Spread(50, 50, 50));
        assertThat(contents.orientations()).isEqualTo(Map.of("RAS", 1, "LAS", 2));
        assertThat(contents.channels()).singleElement().satisfies(ct -> {
            assertThat(ct.name()).isEqualTo("CT");
            assertThat(ct.min()).isEqualTo(AIR);
            assertThat(ct.max()).isEqualTo(TISSUE);
            assertThat(ct.mean()).as("10 of 20 voxels are air").isCloseTo(-480, within(1e-9));
        });
        assertThat(contents.classes().keySet()).containsExactly(1, 2);
        CaseContents two = survey().cases().get(1);
        assertThat(two.id()).isEqualTo("two");
        assertThat(two.shape()).containsExactly(6, 1, 1);
        assertThat(two.spacing()).containsExactly(10.0, 20.0, 50.0);
        assertThat(two.orientation()).isEqualTo("LAS");
        assertThat(two.voxels()).isEqualTo(Map.of(0, 4L, 1, 2L));
        assertThat(two.volumesMl()).isEqualTo(Map.of(0, 40.0, 1, 20.0));
        assertThat(contents.classes().get(1))
                .isEqualTo(new Contents.Occurrence(
                        "bone",
                        3,
                        Optional.of(new Contents.Spread(1, 2, 4)),
                        Optional.of(new Contents.Spread(10, 20, 40))));
        assertThat(contents.classes().get(2))
                .as("over the cases that have it")
                .isEqualTo(new Contents.Occurrence(
                        "marrow",
                        1,
                        Optional.of(new Contents.Spread(1, 1, 1)),
                        Optional.of(new Contents.Spread(10, 10, 10))));
    }

    @Test
    void whatCannotBeReadIsAProblemAndTheOthersAreStillShown() throws IOException {
        labelled("one", 1, "##....", "11....");
        labelled("two", 1, "####..", "11....");
        Files.write(labelled.get(0).images().get(0), new byte[9]);
        Survey survey = survey();
        assertThat(survey.problems()).singleElement().matches(Problem::isError);
        assertThat(survey.fingerprint()).isEmpty();
        Contents contents = survey.contents().orElseThrow();
        assertThat(contents.cases()).isEqualTo(1);
        assertThat(contents.classes().get(2))
                .isEqualTo(new Contents.Occurrence("marrow", 0, Optional.empty(), Optional.empty()));
        Files.write(labelled.get(1).labels().orElseThrow(), new byte[9]);
        assertThat(survey().contents()).isEmpty();
    }

    @Test
    void unlabelledCasesAreLookedAtForProblemsOnly() throws IOException {
        labelled("one", 1, "##....", "12....");
        labelled("two", 1, "##....", "12....");
        Survey before = survey();
        unlabelled.add(scan("three", row(9, 1), "#########", Optional.empty()));
        Survey after = survey();
        assertThat(after.problems()).isEqualTo(before.problems());
        assertThat(after.contents()).isEqualTo(before.contents());
        assertThat(after.fingerprint()).isEqualTo(before.fingerprint());
        assertThat(after.cases()).hasSize(3).startsWith(before.cases().toArray(CaseContents[]::new));
        assertThat(after.cases().get(2).voxels()).isEmpty();
        Files.write(unlabelled.get(0).images().get(0), new byte[9]);
        assertThat(survey().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.file()).hasFileName("three.nii.gz"));
    }

    @Test
    void everyCaseCountsInTheProgress() throws IOException {
        twoLegs();
        unlabelled.add(scan("three", row(9, 1), "#########", Optional.empty()));
        AtomicLong most = new AtomicLong();
        Survey.of(dataset(), all(), 2, (what, done, total) -> most.accumulateAndGet(done * 100 + total, Math::max));
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
