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

class DiceTest {

    /** MONAI computes in single precision. */
    private static final double MONAI_TOLERANCE = 1e-6;

    @Test
    void equalsMonaiOnEllipsoids() throws Exception {
        JsonNode golden;
        try (InputStream in = DiceTest.class.getResourceAsStream("/golden/dice.json")) {
            golden = JsonMapper.shared().readTree(in);
        }
        assertThat(golden.get("cases")).hasSize(6);
        for (JsonNode one : golden.get("cases")) {
            byte[] reference = ellipsoid(one.get("shape"), one.get("reference"));
            byte[] prediction = ellipsoid(one.get("shape"), one.get("prediction"));
            String name = one.get("name").asString();
            assertThat(ones(reference))
                    .as(name)
                    .isEqualTo(one.get("referenceVoxels").asLong());
            assertThat(ones(prediction))
                    .as(name)
                    .isEqualTo(one.get("predictionVoxels").asLong());
            assertThat(Dice.dice(prediction, reference, 1))
                    .as(name)
                    .isCloseTo(one.get("dice").asDouble(), within(MONAI_TOLERANCE));
        }
    }

    @Test
    void twoEmptyMasksAgreePerfectly() {
        assertThat(Dice.dice(new byte[4], new byte[4], 1)).isEqualTo(1);
    }

    @Test
    void exactlyOneEmptyMaskScoresZero() {
        assertThat(Dice.dice(new byte[] {1, 0}, new byte[2], 1)).isZero();
        assertThat(Dice.dice(new byte[2], new byte[] {1, 0}, 1)).isZero();
    }

    @Test
    void halfOverlapIsCountedByHand() {
        // Two voxels each, one shared: 2 * 1 / (2 + 2).
        assertThat(Dice.dice(new byte[] {1, 1, 0, 2}, new byte[] {0, 1, 1, 2}, 1))
                .isEqualTo(0.5);
    }

    @Test
    void onePassOverAllClassesEqualsOneClassAtATime() {
        byte[] p = {0, 1, 1, 2, (byte) 200, (byte) 200, 3, 0};
        byte[] r = {0, 1, 2, 2, (byte) 200, 1, 0, 0};
        Labels prediction = labels(p);
        Labels reference = labels(r);
        assertThat(Dice.perClass(prediction, reference, Set.of(1, 2, 3, 4, 200)))
                .containsOnlyKeys(1, 2, 3, 4, 200)
                .allSatisfy((cls, dice) -> assertThat(dice).isEqualTo(Dice.dice(p, r, cls)));
        assertThat(Dice.dice(prediction, reference, 4)).isEqualTo(1);
    }

    @Test
    void masksOfDifferentShapeAreRejected() {
        Labels other = new Labels(Grid.of(new Shape(2, 2, 2), new Spacing(1, 1, 1)), new byte[8]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dice.dice(labels(new byte[8]), other, 1))
                .withMessageContaining("(1, 1, 8)")
                .withMessageContaining("(2, 2, 2)")
                .withMessageContaining("same shape");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dice.dice(new byte[1], new byte[2], 1))
                .withMessageContaining("1 voxels")
                .withMessageContaining("2 voxels");
    }

    private static Labels labels(byte[] classes) {
        return new Labels(Grid.of(new Shape(1, 1, classes.length), new Spacing(1, 1, 1)), classes);
    }

    private static long ones(byte[] mask) {
        long count = 0;
        for (byte voxel : mask) {
            count += voxel;
        }
        return count;
    }

    private static byte[] ellipsoid(JsonNode shape, JsonNode centreAndRadii) {
        return Ellipsoids.mask(JsonMapper.shared().convertValue(shape, int[].class), centreAndRadii);
    }
}
