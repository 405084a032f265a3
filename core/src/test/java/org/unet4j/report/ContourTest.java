package org.unet4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Masks small enough to draw; {@code #} is inside. */
class ContourTest {

    private static Contour of(String... rows) {
        boolean[] mask = new boolean[rows.length * rows[0].length()];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = rows[i / rows[0].length()].charAt(i % rows[0].length()) == '#';
        }
        return Contour.of(mask, rows[0].length(), rows.length);
    }

    @Test
    void onePixelIsASquare() {
        assertThat(of("...", ".#.", "...").loops()).hasSize(1);
        assertThat(of("...", ".#.", "...").loops().get(0)).containsExactly(2, 1, 2, 2, 1, 2, 1, 1);
    }

    @Test
    void straightBordersHaveNoPointsBetweenCorners() {
        assertThat(of("###", "###").loops().get(0)).hasSize(8);
    }

    @Test
    void pixelsThatTouchAtACornerAreTwoLoops() {
        assertThat(of("#.", ".#").loops()).hasSize(2);
        assertThat(of(".#", "#.").loops()).hasSize(2);
    }

    @Test
    void holesRunTheOtherWay() {
        Contour ring = of("###", "#.#", "###");
        assertThat(ring.loops()).hasSize(2);
        assertThat(ring.loops().stream().mapToDouble(ContourTest::area)).containsExactlyInAnyOrder(9.0, -1.0);
    }

    @Test
    void emptyMaskHasNoBorder() {
        assertThat(of("..", "..").loops()).isEmpty();
        assertThat(of("..", "..").path()).isEmpty();
    }

    @Test
    void pathIsRoundedBetweenTheMiddlesOfEdges() {
        assertThat(of("#").path()).isEqualTo("M0.5 0Q1 0 1 0.5L1 0.5Q1 1 0.5 1L0.5 1Q0 1 0 0.5L0 0.5Q0 0 0.5 0Z");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void loopsEncloseExactlyTheMask(long seed) {
        Random random = new Random(seed);
        int width = 3 + random.nextInt(20);
        int height = 3 + random.nextInt(20);
        boolean[] mask = new boolean[width * height];
        int inside = 0;
        for (int i = 0; i < mask.length; i++) {
            mask[i] = random.nextInt(3) > 0;
            inside += mask[i] ? 1 : 0;
        }
        double area = Contour.of(mask, width, height).loops().stream()
                .mapToDouble(ContourTest::area)
                .sum();
        assertThat(area).isEqualTo(inside);
    }

    /** The shoelace formula; positive for loops that run clockwise on the screen. */
    private static double area(int[] loop) {
        double twice = 0;
        for (int i = 0; i < loop.length; i += 2) {
            int next = (i + 2) % loop.length;
            twice += (double) loop[i] * loop[next + 1] - (double) loop[next] * loop[i + 1];
        }
        return twice / 2;
    }
}
