package org.unet4j.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import tools.jackson.databind.JsonNode;

class DerivationTest {

    private static final Intensities MR = new Intensities(100, 20, 0, 200, 100, 10, 190);
    private static final TreeMap<Integer, String> TWO =
            new TreeMap<>(Map.of(0, "background", 1, "anterior", 2, "posterior"));

    private static Fingerprint same(int cases, Shape shape, Spacing spacing) {
        List<Fingerprint.CaseSize> sizes = IntStream.range(0, cases)
                .mapToObj(i -> new Fingerprint.CaseSize("case" + i, shape, spacing))
                .toList();
        return new Fingerprint("set", sizes, List.of(MR));
    }

    private static Plan plan(Fingerprint fingerprint, Budget budget) {
        return Derivation.plan(fingerprint, List.of("MRI"), TWO, budget);
    }

    private static Fingerprint hippocampus() {
        List<Fingerprint.CaseSize> sizes = new ArrayList<>();
        for (Shape shape : Golden.shapes(Golden.nnunet().get("hippocampus").get("shapes"))) {
            sizes.add(new Fingerprint.CaseSize("case" + sizes.size(), shape, new Spacing(1, 1, 1)));
        }
        return new Fingerprint("Hippocampus", sizes, List.of(MR));
    }

    @Test
    void hippocampusIsPlannedAsByNnunet() {
        JsonNode golden = Golden.nnunet().get("hippocampus");
        Plan plan = plan(hippocampus(), Budget.STANDARD);
        assertThat(plan.spacing()).isEqualTo(Golden.spacing(golden.get("spacing")));
        assertThat(plan.medianShape()).isEqualTo(Golden.shape(golden.get("medianShape")));
        assertThat(plan.patch()).isEqualTo(Golden.shape(golden.get("patch")));
        assertThat(plan.batch()).isEqualTo(golden.get("batch").asInt());
        assertThat(plan.topology().strides()).isEqualTo(Golden.shapes(golden.get("strides")));
        assertThat(plan.topology().kernels()).isEqualTo(Golden.shapes(golden.get("kernels")));
        assertThat(plan.topology().features()).containsExactly(32, 64, 128, 256);
        assertThat(plan.crop()).isEqualTo(CropRule.NON_ZERO);
        assertThat(plan.channels()).containsExactly(new Channel("MRI", new Normalization.ZScore()));
    }

    @Test
    void compactHippocampusDiffersInWidthAndBatchOnly() {
        Plan standard = plan(hippocampus(), Budget.STANDARD);
        Plan compact = plan(hippocampus(), Budget.COMPACT);
        assertThat(compact.batch()).isEqualTo(4);
        assertThat(compact.topology().features()).containsExactly(16, 32, 64, 128);
        assertThat(compact.patch()).isEqualTo(standard.patch());
        assertThat(compact.preparationHash()).isEqualTo(standard.preparationHash());
    }

    @Test
    void aLargeIsotropicScanGetsThePatchOfNnunet() {
        Plan plan = plan(same(100, new Shape(300, 400, 400), new Spacing(1, 1, 1)), Budget.STANDARD);
        assertThat(plan.patch().voxels()).isBetween(96L * 128 * 128, 128L * 128 * 144);
        assertThat(plan.batch()).isEqualTo(2);
        assertThat(plan.topology().stages()).isEqualTo(6);
    }

    @Test
    void compactPatchesOfSmallAndLargeCtsFitAProcessor() {
        Plan phantom = plan(same(20, new Shape(64, 96, 96), new Spacing(3, 3, 3)), Budget.COMPACT);
        assertThat(phantom.patch().voxels() * phantom.batch()).isBetween(200_000L, 260_000L);
        Plan pancreas = plan(same(281, new Shape(93, 380, 500), new Spacing(2.5, 0.8, 0.8)), Budget.COMPACT);
        assertThat(pancreas.patch().voxels()).isBetween(400_000L, 64L * 96 * 96);
        assertThat(pancreas.batch()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(Budget.class)
    void aSingleSliceAndAFewVoxelsCanBePlanned(Budget budget) {
        for (Shape shape :
                List.of(new Shape(1, 2000, 2000), Shape.cube(1), new Shape(3, 600, 5), new Shape(2, 9, 3000))) {
            Plan plan = plan(same(3, shape, new Spacing(4, 0.5, 0.5)), budget);
            assertThat(plan.batch()).isGreaterThanOrEqualTo(2);
        }
    }

    /** Thick slices in which half of the scans are finer: the target takes the finer tenth, not the median. */
    @Test
    void aCoarseAxisWithFewSlicesGetsItsTenthPercentile() {
        double[] thickness = {3, 4, 5, 5, 5, 5, 5, 5, 5, 5, 6};
        List<Fingerprint.CaseSize> sizes = Arrays.stream(thickness)
                .mapToObj(mm -> new Fingerprint.CaseSize("case", new Shape(20, 300, 300), new Spacing(mm, 0.8, 0.8)))
                .toList();
        Spacing target = Derivation.targetSpacing(new Fingerprint("set", sizes, List.of(MR)));
        assertThat(target).isEqualTo(new Spacing(4, 0.8, 0.8));
    }

    @Test
    void theCoarseAxisIsNeverMadeFinerThanTheOthers() {
        double[] thickness = {0.5, 0.5, 5, 5, 5};
        List<Fingerprint.CaseSize> sizes = Arrays.stream(thickness)
                .mapToObj(mm -> new Fingerprint.CaseSize("case", new Shape(20, 300, 300), new Spacing(mm, 0.8, 0.8)))
                .toList();
        Spacing target = Derivation.targetSpacing(new Fingerprint("set", sizes, List.of(MR)));
        assertThat(target.z()).isEqualTo(0.8 + 1e-5);
    }

    @Test
    void manySlicesKeepTheMedian() {
        Spacing target = Derivation.targetSpacing(same(3, new Shape(200, 300, 300), new Spacing(5, 0.8, 0.8)));
        assertThat(target).isEqualTo(new Spacing(5, 0.8, 0.8));
    }

    @Test
    void ctIsClippedToItsForegroundAndCroppedToTheBody() {
        Intensities hu = new Intensities(80, 30, -900, 400, 85, -20, 160);
        Fingerprint fingerprint = new Fingerprint(
                "ct", same(3, Shape.cube(64), new Spacing(1, 1, 1)).cases(), List.of(hu));
        Plan plan = Derivation.plan(fingerprint, List.of("ct"), TWO, Budget.COMPACT);
        assertThat(plan.crop()).isEqualTo(CropRule.BODY);
        assertThat(plan.channels().get(0).normalization()).isEqualTo(new Normalization.CtWindow(-20, 160, 80, 30));
    }

    @Test
    void aCtWithoutContrastIsRejected() {
        Intensities flat = new Intensities(0, 0, 0, 0, 0, 0, 0);
        Fingerprint fingerprint = new Fingerprint(
                "ct", same(3, Shape.cube(64), new Spacing(1, 1, 1)).cases(), List.of(flat));
        assertThatThrownBy(() -> Derivation.plan(fingerprint, List.of("CT"), TWO, Budget.COMPACT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("all foreground voxels have the value 0.0");
    }

    @Test
    void aDatasetWithoutLabelsHasNoFingerprint() {
        assertThatThrownBy(() -> new Fingerprint("empty", List.of(), List.of()))
                .hasMessageContaining("dataset empty has no labelled case");
    }
}
