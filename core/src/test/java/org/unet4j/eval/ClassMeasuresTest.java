package org.unet4j.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.InputStream;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ClassMeasuresTest {

    /** MONAI computes in single precision. */
    private static final double MONAI_TOLERANCE = 1e-6;

    private static final double ROUNDING = 1e-12;

    private static ClassMeasures measures(int... predictionThenReference) {
        int voxels = predictionThenReference.length / 2;
        byte[] prediction = new byte[voxels];
        byte[] reference = new byte[voxels];
        for (int i = 0; i < voxels; i++) {
            prediction[i] = (byte) predictionThenReference[i];
            reference[i] = (byte) predictionThenReference[voxels + i];
        }
        Grid grid = Grid.of(new Shape(1, 1, voxels), new Spacing(2, 5, 1));
        return CaseScore.of(
                        "a",
                        new Labels(grid, prediction),
                        new Labels(grid, reference),
                        Set.of(1),
                        Tolerances.uniform(1))
                .measures()
                .orElseThrow()
                .get(1);
    }

    @Test
    void countsAreThoseOfVoxels() {
        // Four predicted, three wanted, two of them found, in voxels of 10 mm^3.
        ClassMeasures measures = measures(1, 1, 1, 1, 0, 2, 0, 0, 1, 1, 1, 2);
        assertThat(measures.iou()).isCloseTo(2.0 / 5, within(ROUNDING));
        assertThat(measures.precision()).isCloseTo(2.0 / 4, within(ROUNDING));
        assertThat(measures.recall()).isCloseTo(2.0 / 3, within(ROUNDING));
        assertThat(measures.volumeDifferenceMl()).isCloseTo(0.01, within(ROUNDING));
        assertThat(measures.relativeVolumeDifference()).isCloseTo(1.0 / 3, within(ROUNDING));
        assertThat(measures.hd95Mm()).isEqualTo(2);
        assertThat(measures.toleranceMm()).isEqualTo(1);
    }

    @Test
    void tooLittleIsANegativeShareOfTheVolume() {
        ClassMeasures measures = measures(1, 0, 0, 0, 1, 1, 1, 1);
        assertThat(measures.relativeVolumeDifference()).isEqualTo(-0.75);
        assertThat(measures.volumeDifferenceMl()).isCloseTo(0.03, within(ROUNDING));
    }

    @Test
    void equalsMonaiAndSurfaceDistanceOnEllipsoids() throws Exception {
        JsonNode golden;
        try (InputStream in = ClassMeasuresTest.class.getResourceAsStream("/golden/surfaces.json")) {
            golden = JsonMapper.shared().readTree(in);
        }
        for (JsonNode one : golden.get("cases")) {
            ClassMeasures measures = CaseScore.of(
                            "a",
                            Ellipsoids.prediction(one),
                            Ellipsoids.reference(one),
                            Set.of(1),
                            Tolerances.uniform(0.5))
                    .measures()
                    .orElseThrow()
                    .get(1);
            String name = one.get("name").asString();
            assertThat(measures.iou()).as(name).isCloseTo(one.get("iou").asDouble(), within(MONAI_TOLERANCE));
            assertThat(measures.nsd())
                    .as(name)
                    .isCloseTo(one.get("surfaceDice").get("0.5").asDouble(), within(MONAI_TOLERANCE));
            if (one.get("hd95").isNumber()) {
                assertThat(measures.hd95Mm()).as(name).isCloseTo(one.get("hd95").asDouble(), within(MONAI_TOLERANCE));
            } else {
                assertThat(measures.hd95Mm()).as(name).isInfinite();
            }
        }
    }

    @Test
    void twoEmptyMasksAgreeAndHaveNoDistance() {
        ClassMeasures measures = measures(0, 2, 0, 0, 0, 2);
        assertThat(measures).isEqualTo(ClassMeasures.bothEmpty(1));
        assertThat(measures.iou()).isEqualTo(1);
        assertThat(measures.nsd()).isEqualTo(1);
        assertThat(measures.volumeDifferenceMl()).isZero();
        assertThat(new double[] {
                    measures.precision(),
                    measures.recall(),
                    measures.relativeVolumeDifference(),
                    measures.hd95Mm(),
                    measures.asdMm()
                })
                .containsOnly(Double.NaN);
    }

    @Test
    void missedClassIsInfinitelyFar() {
        ClassMeasures measures = measures(0, 0, 0, 1, 1, 0);
        assertThat(measures.iou()).isZero();
        assertThat(measures.nsd()).isZero();
        assertThat(measures.recall()).isZero();
        assertThat(measures.precision()).as("nothing was predicted").isNaN();
        assertThat(measures.relativeVolumeDifference()).isEqualTo(-1);
        assertThat(measures.hd95Mm()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(measures.asdMm()).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void inventedClassIsInfinitelyFar() {
        ClassMeasures measures = measures(0, 1, 0, 0, 0, 0);
        assertThat(measures.iou()).isZero();
        assertThat(measures.nsd()).isZero();
        assertThat(measures.precision()).isZero();
        assertThat(measures.recall()).as("nothing was to be found").isNaN();
        assertThat(measures.relativeVolumeDifference()).isNaN();
        assertThat(measures.hd95Mm()).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void momentsCountWhatTheyLeaveOut() {
        Moments moments = Moments.of(new double[] {1, Double.NaN, 3, Double.POSITIVE_INFINITY, Double.NaN});
        assertThat(moments).isEqualTo(new Moments(2, Math.sqrt(2), 2, 1, 2));
        assertThat(moments.leftOut()).isEqualTo(3);
        assertThat(Moments.of(new double[] {Double.POSITIVE_INFINITY}))
                .isEqualTo(new Moments(Double.NaN, Double.NaN, 0, 1, 0));
    }

    @Test
    void differentTolerancesAreNotAveraged() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClassMeasures.bothEmpty(1).plus(ClassMeasures.bothEmpty(2), 0.5))
                .withMessageContaining("1.0 and 2.0 mm");
    }
}
