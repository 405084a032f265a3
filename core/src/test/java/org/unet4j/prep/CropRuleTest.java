package org.unet4j.prep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unet4j.volume.Box;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

class CropRuleTest {

    private static final short AIR = -1000;

    private static Volume ct(Shape shape, Spacing spacing, int[]... tissue) {
        short[] hu = new short[shape.arrayLength()];
        Arrays.fill(hu, AIR);
        for (int[] at : tissue) {
            hu[shape.index(at[0], at[1], at[2])] = 40;
        }
        return Volume.of(Grid.of(shape, spacing), hu);
    }

    @Test
    void theBodyIsKeptWithTenMillimetresAroundIt() {
        Volume ct = ct(new Shape(20, 20, 20), new Spacing(5, 4, 20), new int[] {10, 10, 10}, new int[] {10, 11, 10});
        assertThat(CropRule.BODY.box(List.of(ct), 0)).isEqualTo(Box.between(8, 7, 9, 13, 15, 12));
    }

    @Test
    void theMarginEndsAtTheScan() {
        Volume ct = ct(new Shape(4, 4, 4), new Spacing(5, 5, 5), new int[] {0, 1, 3});
        assertThat(CropRule.BODY.box(List.of(ct), 0)).isEqualTo(Box.between(0, 0, 1, 3, 4, 4));
    }

    @Test
    void aTableBesideTheBodyIsCutAway() {
        Volume ct = ct(
                new Shape(1, 8, 8),
                new Spacing(50, 50, 50),
                new int[] {0, 1, 1},
                new int[] {0, 1, 2},
                new int[] {0, 2, 2},
                new int[] {0, 6, 5},
                new int[] {0, 6, 6});
        assertThat(LargestComponent.box(ct, -500)).isEqualTo(Box.between(0, 1, 1, 1, 3, 3));
    }

    @Test
    void armsThatMeetLaterAreOneComponent() {
        Volume ct = ct(
                new Shape(1, 3, 5),
                new Spacing(1, 1, 1),
                new int[] {0, 0, 0},
                new int[] {0, 1, 0},
                new int[] {0, 0, 4},
                new int[] {0, 1, 4},
                new int[] {0, 2, 0},
                new int[] {0, 2, 1},
                new int[] {0, 2, 2},
                new int[] {0, 2, 3},
                new int[] {0, 2, 4});
        assertThat(LargestComponent.box(ct, -500)).isEqualTo(Box.all(new Shape(1, 3, 5)));
    }

    @Test
    void cornersThatTouchAreNotConnected() {
        Volume ct = ct(
                new Shape(1, 3, 4), new Spacing(1, 1, 1), new int[] {0, 0, 0}, new int[] {0, 1, 1}, new int[] {0, 1, 2
                });
        assertThat(LargestComponent.box(ct, -500)).isEqualTo(Box.between(0, 1, 1, 1, 2, 3));
    }

    @Test
    void airIsKeptWhole() {
        Volume air = ct(new Shape(2, 3, 4), new Spacing(1, 1, 1));
        assertThat(CropRule.BODY.box(List.of(air), 0)).isEqualTo(Box.all(new Shape(2, 3, 4)));
        Volume zero = Volume.of(Grid.of(new Shape(2, 3, 4), new Spacing(1, 1, 1)), new float[24]);
        assertThat(CropRule.NON_ZERO.box(List.of(zero), 0)).isEqualTo(Box.all(new Shape(2, 3, 4)));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aFloodFillFindsTheSameComponent(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Shape shape = new Shape(random.nextInt(1, 9), random.nextInt(1, 15), random.nextInt(1, 40));
        short[] hu = new short[shape.arrayLength()];
        for (int i = 0; i < hu.length; i++) {
            hu[i] = random.nextDouble() < 0.3 ? 0 : AIR;
        }
        Volume volume = Volume.of(Grid.of(shape, new Spacing(1, 1, 1)), hu);
        assertThat(floodFilledSizes(shape, hu)).contains(LargestComponent.box(volume, -500));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void rowsThatStreamByGiveTheSameBox(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Shape shape = new Shape(random.nextInt(1, 9), random.nextInt(1, 15), random.nextInt(1, 40));
        Grid grid = Grid.of(shape, new Spacing(4, 3, 20));
        short[] hu = new short[shape.arrayLength()];
        float[] pet = new float[hu.length];
        for (int i = 0; i < hu.length; i++) {
            hu[i] = random.nextDouble() < 0.2 ? 0 : AIR;
            pet[i] = random.nextDouble() < 0.01 ? 1 : 0;
        }
        List<Volume> channels = List.of(Volume.of(grid, pet), Volume.of(grid, hu));
        for (CropRule rule : CropRule.values()) {
            CropRule.Finder finder = rule.finder(grid, 1);
            float[] line = new float[shape.x()];
            for (int channel = 0; channel < 2; channel++) {
                for (int from = 0; from < hu.length; from += line.length) {
                    channels.get(channel).copyTo(from, line, 0, line.length);
                    finder.row(channel, line);
                }
            }
            assertThat(finder.box()).as(rule.name()).isEqualTo(rule.box(channels, 1));
        }
    }

    /** Returns the boxes of all components that have the largest size; there may be ties. */
    private static List<Box> floodFilledSizes(Shape shape, short[] hu) {
        boolean[] seen = new boolean[hu.length];
        List<Box> boxes = new ArrayList<>();
        int largest = 0;
        for (int start = 0; start < hu.length; start++) {
            if (seen[start] || hu[start] == AIR) {
                continue;
            }
            int size = 0;
            int[] from = shape.toArray();
            int[] to = {0, 0, 0};
            Deque<Integer> open = new ArrayDeque<>(List.of(start));
            seen[start] = true;
            while (!open.isEmpty()) {
                int at = open.pop();
                size++;
                int[] zyx = {at / (shape.y() * shape.x()), at / shape.x() % shape.y(), at % shape.x()};
                for (int axis = 0; axis < 3; axis++) {
                    from[axis] = Math.min(from[axis], zyx[axis]);
                    to[axis] = Math.max(to[axis], zyx[axis] + 1);
                    for (int step = -1; step <= 1; step += 2) {
                        int[] next = zyx.clone();
                        next[axis] += step;
                        if (next[axis] >= 0 && next[axis] < shape.get(axis)) {
                            int index = shape.index(next[0], next[1], next[2]);
                            if (!seen[index] && hu[index] != AIR) {
                                seen[index] = true;
                                open.push(index);
                            }
                        }
                    }
                }
            }
            if (size > largest) {
                boxes.clear();
                largest = size;
            }
            if (size == largest) {
                boxes.add(Box.between(from[0], from[1], from[2], to[0], to[1], to[2]));
            }
        }
        return boxes.isEmpty() ? List.of(Box.all(shape)) : boxes;
    }

    @Test
    void theNonZeroBoxHoldsAllChannels() {
        Shape shape = new Shape(4, 5, 6);
        float[] first = new float[shape.arrayLength()];
        float[] second = new float[shape.arrayLength()];
        first[shape.index(1, 2, 3)] = -1;
        second[shape.index(2, 1, 4)] = 1;
        Grid grid = Grid.of(shape, new Spacing(1, 1, 1));
        Box box = CropRule.NON_ZERO.box(List.of(Volume.of(grid, first), Volume.of(grid, second)), 0);
        assertThat(box).isEqualTo(Box.between(1, 1, 3, 3, 3, 5));
    }

    @Test
    void everythingIsKeptOnRequest() {
        Volume ct = ct(new Shape(4, 4, 4), new Spacing(5, 5, 5), new int[] {0, 1, 3});
        assertThat(CropRule.NONE.box(List.of(ct), 0)).isEqualTo(Box.all(Shape.cube(4)));
    }

    @Test
    void ctIsKnownByItsNameInAnyCase() {
        assertThat(CropRule.of(List.of("PET", "cT"))).isEqualTo(CropRule.BODY);
        assertThat(CropRule.ctChannel(List.of("PET", "cT"))).isEqualTo(1);
        assertThat(CropRule.of(List.of("CTA"))).isEqualTo(CropRule.NON_ZERO);
    }
}
