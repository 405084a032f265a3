package org.unet4j.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrientationTest {

    @ParameterizedTest
    @CsvSource({
        "1 0 0 0 1 0 0 0 1, RAS",
        "-2 0 0 0 2 0 0 0 2, LAS",
        "-1 0 0 0 -1 0 0 0 1, LPS",
        "0 0 1 -1 0 0 0 1 0, PSR",
        "0 -1 0 0 0 -5 1 0 0, SLP",
        "0.9 -0.1 0.2 0.1 0.9 -0.3 -0.2 0.3 4.5, RAS"
    })
    void codeNamesWhereTheAxesRun(String matrix, String code) {
        assertThat(Orientation.of(affine(matrix)).code()).isEqualTo(code);
    }

    @Test
    void atFortyFiveDegreesTheFirstAxisChooses() {
        assertThat(Orientation.of(affine("1 -1 0 1 1 0 0 0 1")).code()).isEqualTo("RAS");
    }

    @Test
    void theAxisThatFitsBestChoosesFirst() {
        // nibabel 5.4: x leans to A more than to R, but y is A almost alone
        assertThat(Orientation.of(affine("0.6 -0.05 0 0.8 1 0 0 0 1")).code()).isEqualTo("RAS");
    }

    @Test
    void aSingularAffineHasNoOrientation() {
        assertThatIllegalArgumentException().isThrownBy(() -> Orientation.of(affine("1 2 0 1 2 0 0 0 1")));
    }

    @Test
    void everyWorldAxisIsNamedOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Orientation(1, -1, 3))
                .withMessageContaining("(1, -1, 3)");
        assertThatIllegalArgumentException().isThrownBy(() -> new Orientation(1, 2, 0));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void closestRotationIsOrthogonalAndKeepsRotations(long seed) {
        Random random = new Random(seed);
        double[][] rows = new double[3][4];
        for (double[] row : rows) {
            for (int i = 0; i < 3; i++) {
                row[i] = random.nextGaussian();
            }
        }
        Affine affine = Affine.of(rows);
        double[][] r = affine.closestRotation();
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                double dot = r[0][i] * r[0][j] + r[1][i] * r[1][j] + r[2][i] * r[2][j];
                assertThat(dot).isCloseTo(i == j ? 1 : 0, within(1e-12));
            }
        }
        Affine rotation =
                new Affine(r[0][0], r[0][1], r[0][2], 0, r[1][0], r[1][1], r[1][2], 0, r[2][0], r[2][1], r[2][2], 0);
        assertThat(rotation.determinant()).isCloseTo(Math.signum(affine.determinant()), within(1e-12));
        double[][] again = rotation.closestRotation();
        for (int i = 0; i < 3; i++) {
            assertThat(again[i]).containsExactly(r[i], within(1e-12));
        }
    }

    private static Affine affine(String numbers) {
        String[] n = numbers.split(" ");
        double[][] rows = new double[3][4];
        for (int i = 0; i < 9; i++) {
            rows[i / 3][i % 3] = Double.parseDouble(n[i]);
        }
        return Affine.of(rows);
    }
}
