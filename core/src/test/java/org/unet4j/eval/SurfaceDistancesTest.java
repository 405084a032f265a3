package org.unet4j.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.InputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SurfaceDistancesTest {

    /** What is promised; both compute in double precision. */
    private static final double TOLERANCE = 1e-6;

    /** MONAI computes in single precision. */
    private static final double SINGLE = 1e-6;

    private static JsonNode golden;

    @BeforeAll
    static void read() throws Exception {
        try (InputStream in = SurfaceDistancesTest.class.getResourceAsStream("/golden/surfaces.json")) {
            golden = JsonMapper.shared().readTree(in);
        }
        assertThat(golden.get("cases")).hasSize(6);
    }

    @Test
    void equalsSurfaceDistanceOnEllipsoids() {
        for (JsonNode one : golden.get("cases")) {
            SurfaceDistances distances = distances(one);
            String name = one.get("name").asString();
            same(name, distances.hausdorffMm(95), one.get("hd95"));
            same(name, distances.hausdorffMm(100), one.get("hd100"));
            same(name, distances.referenceToPredictionMm(), one.get("referenceToPrediction"));
            same(name, distances.predictionToReferenceMm(), one.get("predictionToReference"));
            same(name, distances.referenceArea(), one.get("referenceArea"));
            same(name, distances.predictionArea(), one.get("predictionArea"));
            one.get("surfaceDice")
                    .properties()
                    .forEach(entry -> same(
                            name + " within " + entry.getKey(),
                            distances.surfaceDice(Double.parseDouble(entry.getKey())),
                            entry.getValue()));
        }
    }

    @Test
    void equalsMonaisSurfaceDiceOfSubvoxels() {
        for (JsonNode one : golden.get("cases")) {
            one.get("monaiSurfaceDiceOfSubvoxels")
                    .properties()
                    .forEach(entry -> assertThat(distances(one).surfaceDice(Double.parseDouble(entry.getKey())))
                            .as(one.get("name").asString())
                            .isCloseTo(entry.getValue().asDouble(), within(SINGLE)));
        }
    }

    @Test
    void averageWeighsBothDirectionsByTheirArea() {
        JsonNode one = golden.get("cases").get(1);
        double reference = one.get("referenceArea").asDouble();
        double prediction = one.get("predictionArea").asDouble();
        double expected = (one.get("referenceToPrediction").asDouble() * reference
                        + one.get("predictionToReference").asDouble() * prediction)
                / (reference + prediction);
        assertThat(distances(one).averageMm()).isCloseTo(expected, within(TOLERANCE));
    }

    @Test
    void areasAreThoseOfSurfaceDistancesTable() {
        assertThat(golden.get("normals")).hasSize(29);
        for (Spacing spacing :
                new Spacing[] {new Spacing(1, 1, 1), new Spacing(2.5, 0.9, 0.8), new Spacing(0.3, 2, 7)}) {
            double[] areas = SurfaceElements.areas(spacing);
            golden.get("normals").properties().forEach(entry -> {
                double area = 0;
                for (JsonNode normal : entry.getValue()) {
                    double z = normal.get(0).asDouble() * spacing.y() * spacing.x();
                    double y = normal.get(1).asDouble() * spacing.z() * spacing.x();
                    double x = normal.get(2).asDouble() * spacing.z() * spacing.y();
                    area += Math.sqrt(z * z + y * y + x * x);
                }
                assertThat(areas[ourCode(Integer.parseInt(entry.getKey()))])
                        .as("code " + entry.getKey() + ", spacing " + spacing)
                        .isCloseTo(area, within(1e-12));
            });
        }
    }

    @Test
    void insideAndOutsideShareOneSurface() {
        double[] areas = SurfaceElements.areas(new Spacing(2, 3, 5));
        assertThat(areas[0]).isZero();
        for (int code = 0; code < 256; code++) {
            assertThat(areas[code]).as("code " + code).isEqualTo(areas[255 - code]);
        }
    }

    @Test
    void distancesBetweenTwoVoxelsAreCountedByHand() {
        // One voxel each in a row of ten, 3 mm apart: its eight corners are its surface, eight triangles of sqrt(3)/8
        // mm^2.
        byte[] prediction = new byte[10];
        byte[] reference = new byte[10];
        prediction[2] = 1;
        reference[5] = 1;
        SurfaceDistances distances = SurfaceDistances.between(row(prediction), row(reference), 1);
        assertThat(distances.predictionArea()).isCloseTo(Math.sqrt(3), within(1e-12));
        assertThat(distances.hausdorffMm(100)).isEqualTo(3);
        assertThat(distances.hausdorffMm(50)).isEqualTo(2);
        assertThat(distances.averageMm()).isCloseTo(2.5, within(1e-12));
        assertThat(distances.surfaceDice(2)).isCloseTo(0.5, within(1e-12));
        assertThat(distances.surfaceDice(1.999)).isZero();
    }

    @Test
    void distancesGoBothWays() {
        // The prediction is the reference and one voxel far away: only the way from the prediction is long.
        byte[] reference = new byte[20];
        reference[1] = 1;
        byte[] prediction = reference.clone();
        prediction[16] = 1;
        SurfaceDistances distances = SurfaceDistances.between(row(prediction), row(reference), 1);
        assertThat(distances.referenceToPredictionMm()).isZero();
        assertThat(distances.predictionToReferenceMm()).isCloseTo(14.5 / 2, within(1e-12));
        assertThat(SurfaceDistances.between(row(reference), row(prediction), 1).hausdorffMm(95))
                .isEqualTo(distances.hausdorffMm(95))
                .isEqualTo(15);
    }

    @Test
    void onlyTheClassAskedForCounts() {
        Labels one = row(new byte[] {1, 2, 2, 0, 3});
        Labels other = row(new byte[] {0, 2, 2, 1, 3});
        assertThat(SurfaceDistances.between(one, other, 2).hausdorffMm(100)).isZero();
        assertThat(SurfaceDistances.between(one, other, 1).hausdorffMm(100)).isEqualTo(3);
    }

    @Test
    void emptyMasksHaveNoSurface() {
        Labels empty = row(new byte[4]);
        Labels full = row(new byte[] {1, 1, 1, 1});
        SurfaceDistances one = SurfaceDistances.between(empty, full, 1);
        assertThat(one.hausdorffMm(95)).isInfinite();
        assertThat(one.averageMm()).isInfinite();
        assertThat(one.surfaceDice(1)).isZero();
        SurfaceDistances both = SurfaceDistances.between(empty, empty, 1);
        assertThat(both.hausdorffMm(95)).isInfinite();
        assertThat(both.averageMm()).isNaN();
        assertThat(both.surfaceDice(1)).isNaN();
    }

    @Test
    void masksOfDifferentShapeAreRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SurfaceDistances.between(row(new byte[4]), row(new byte[5]), 1))
                .withMessageContaining("(1, 1, 4)")
                .withMessageContaining("(1, 1, 5)");
    }

    private static void same(String name, double actual, JsonNode expected) {
        double value = expected.isNumber() ? expected.asDouble() : Double.parseDouble(expected.asString());
        if (Double.isFinite(value)) {
            assertThat(actual).as(name).isCloseTo(value, within(TOLERANCE));
        } else {
            assertThat(actual).as(name).isEqualTo(Double.valueOf(value)); // NaN equals NaN
        }
    }

    /** Returns the code of the same eight voxels: theirs has bit 7 for (0, 0, 0), 6 for (0, 0, 1), and so on. */
    private static int ourCode(int theirs) {
        int code = 0;
        for (int corner = 0; corner < 8; corner++) {
            int z = corner >> 2;
            int y = corner >> 1 & 1;
            int x = corner & 1;
            code |= (theirs >> (7 - corner) & 1) << (y + 2 * z + 4 * x);
        }
        return code;
    }

    private static SurfaceDistances distances(JsonNode one) {
        return SurfaceDistances.between(Ellipsoids.prediction(one), Ellipsoids.reference(one), 1);
    }

    private static Labels row(byte[] classes) {
        return new Labels(Grid.of(new Shape(1, 1, classes.length), new Spacing(1, 1, 1)), classes);
    }
}
