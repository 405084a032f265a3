package org.unet4j.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Box;
import org.unet4j.volume.Crop;
import org.unet4j.volume.Grid;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Order;
import org.unet4j.volume.Reorient;
import org.unet4j.volume.Resample;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

class RecipeTest {

    /** 30 degrees about z, then about x. */
    private static final Affine OBLIQUE =
            new Affine(0.866, -0.433, 0.25, -40, 0.5, 0.75, -0.433, 12, 0, 0.5, 0.866, -7);

    static Stream<Grid> grids() {
        Shape shape = new Shape(22, 26, 30);
        return Stream.of(
                Grid.of(shape, new Spacing(1, 1, 1)),
                new Grid(shape, new Affine(-1, 0, 0, 90, 0, 1, 0, -126, 0, 0, 1, -72)),
                new Grid(shape, new Affine(0, 0, 1, -90, -1, 0, 0, 126, 0, -1, 0, 72)),
                new Grid(shape, OBLIQUE));
    }

    /** The scan is zero in a border, so that it is cropped too. */
    private static Scan bordered(Grid grid) {
        float[] voxels = new float[grid.shape().arrayLength()];
        Labels labels = Worlds.labels(grid);
        for (int i = 0; i < voxels.length; i++) {
            voxels[i] = labels.get(i);
        }
        return new Scan("bordered", List.of(Volume.of(grid, voxels)));
    }

    @ParameterizedTest
    @MethodSource("grids")
    void withoutResamplingLabelsComeBackExactly(Grid grid) {
        Labels labels = Worlds.labels(grid);
        Plan plan = Worlds.plan(Reorient.toRas(grid).grid().spacing(), CropRule.NON_ZERO, new Normalization.ZScore());
        PreparedScan prepared = Preparation.apply(plan, bordered(grid), Optional.of(labels));
        assertThat(prepared.shape().voxels()).isLessThan(grid.shape().voxels());
        Labels back = prepared.recipe().undo(prepared.labels().get());
        assertThat(back.grid()).isEqualTo(grid);
        assertThat(back.voxels().bytes()).isEqualTo(labels.voxels().bytes());
    }

    @ParameterizedTest
    @MethodSource("grids")
    void throughAnotherSpacingLabelsComeBackAlmost(Grid grid) {
        Labels labels = Worlds.labels(grid);
        Plan plan = Worlds.plan(new Spacing(0.7, 0.8, 0.6), CropRule.NON_ZERO, new Normalization.ZScore());
        PreparedScan prepared = Preparation.apply(plan, bordered(grid), Optional.of(labels));
        Labels back = prepared.recipe().undo(prepared.labels().get());
        assertThat(back.grid()).isEqualTo(grid);
        for (int cls = 1; cls <= 2; cls++) {
            assertThat(dice(labels.voxels().bytes(), back.voxels().bytes(), cls))
                    .isGreaterThan(0.97);
        }
    }

    @ParameterizedTest
    @MethodSource("grids")
    void logitsComeBackAtLeastAsWellAsLabels(Grid grid) {
        Labels labels = Worlds.labels(grid);
        Plan plan = Worlds.plan(new Spacing(1.6, 1.7, 1.5), CropRule.NON_ZERO, new Normalization.ZScore());
        Recipe recipe =
                Preparation.apply(plan, bordered(grid), Optional.of(labels)).recipe();
        float[][] logits = {blurred(recipe, labels, 0), blurred(recipe, labels, 1), blurred(recipe, labels, 2)};
        Labels byLogits = undo(recipe, logits);
        Labels byLabels = recipe.undo(LabelArray.of(hard(recipe, labels)));
        assertThat(byLogits.grid()).isEqualTo(grid);
        for (int cls = 1; cls <= 2; cls++) {
            assertThat(dice(labels.voxels().bytes(), byLogits.voxels().bytes(), cls))
                    .isGreaterThan(0.9)
                    .isGreaterThanOrEqualTo(
                            dice(labels.voxels().bytes(), byLabels.voxels().bytes(), cls) - 1e-9);
        }
    }

    private static Labels undo(Recipe recipe, float[][] logits) {
        LogitsUndo back = recipe.undoLogits(logits.length);
        int plane = recipe.shape().y() * recipe.shape().x();
        for (int z = 0; z < recipe.shape().z(); z++) {
            float[][] slice = new float[logits.length][];
            for (int cls = 0; cls < logits.length; cls++) {
                slice[cls] = Arrays.copyOfRange(logits[cls], z * plane, (z + 1) * plane);
            }
            back.add(slice);
        }
        return back.labels();
    }

    /** Shapes before and after; of the last, slices are several tiles of 16 voxels wide and high. */
    static Stream<Arguments> scans() {
        Shape from = new Shape(5, 6, 7);
        return Stream.of(
                arguments(from, new Shape(13, 11, 9)),
                arguments(from, new Shape(2, 3, 4)),
                arguments(from, new Shape(1, 6, 7)),
                arguments(from, new Shape(40, 2, 9)),
                arguments(from, new Shape(5, 6, 8)),
                arguments(from, from),
                arguments(new Shape(3, 33, 40), new Shape(5, 60, 51)),
                arguments(new Shape(3, 17, 16), new Shape(3, 17, 16)),
                arguments(new Shape(3, 40, 33), new Shape(2, 35, 70)));
    }

    /** Random logits, where every voxel is at a border, and smooth ones, where few are; many classes with small ones among them. */
    @ParameterizedTest
    @MethodSource("scans")
    void classesAreThoseOfInterpolatingAllLogitsEverywhere(Shape from, Shape to) {
        Grid grid = Grid.of(to, new Spacing(1, 1, 1));
        Recipe recipe = new Recipe(grid, Box.all(to), from);
        for (double roughness : new double[] {0.05, 0.3, 10}) {
            SplittableRandom random = new SplittableRandom(5);
            float[][] logits = new float[40][from.arrayLength()];
            for (int cls = 0; cls < logits.length; cls++) {
                for (int i = 0; i < logits[cls].length; i++) {
                    logits[cls][i] = (float) (Math.sin(cls + Math.floorDiv(i, from.x()) * 0.3 + i % from.x() * 0.2)
                            + roughness * random.nextDouble());
                }
            }
            assertThat(undo(recipe, logits).voxels().bytes()).isEqualTo(interpolatedEverywhere(logits, from, to));
        }
    }

    private static byte[] interpolatedEverywhere(float[][] logits, Shape from, Shape to) {
        byte[] expected = new byte[to.arrayLength()];
        float[] most = new float[expected.length];
        Arrays.fill(most, Float.NEGATIVE_INFINITY);
        for (int cls = 0; cls < logits.length; cls++) {
            float[] whole = Resample.image(logits[cls], from, to, Order.LINEAR);
            for (int i = 0; i < whole.length; i++) {
                if (whole[i] > most[i]) {
                    most[i] = whole[i];
                    expected[i] = (byte) cls;
                }
            }
        }
        return expected;
    }

    /** Three classes meet at a point that none of them fills to one half. */
    @Test
    void onTheWayBackTheLargestClassWinsEvenBelowOneHalf() {
        Grid grid = Grid.of(new Shape(1, 1, 1), new Spacing(1, 1, 1));
        Recipe recipe = new Recipe(grid, Box.all(grid.shape()), new Shape(1, 2, 4));
        // Linear interpolation at the middle takes a quarter each of the four voxels around it: 1, 2 and 3, 3.
        byte[] classes = {0, 1, 2, 0, 0, 3, 3, 0};
        assertThat(recipe.undo(LabelArray.of(classes)).get(0)).isEqualTo(3);
        byte[] tied = {0, 1, 2, 0, 0, 3, 0, 0};
        assertThat(recipe.undo(LabelArray.of(tied)).get(0)).isZero();
        byte[] below = {0, 3, 2, 0, 0, 1, 1, 0};
        assertThat(recipe.undo(LabelArray.of(below)).get(0)).isEqualTo(1);
        byte[] three = {0, 3, 1, 0, 0, 2, 1, 0};
        assertThat(recipe.undo(LabelArray.of(three)).get(0)).isEqualTo(1);
    }

    /** Returns class {@code cls} as a mask, resampled to the prepared grid linearly: what a perfect network would say. */
    private static float[] blurred(Recipe recipe, Labels labels, int cls) {
        float[] mask = new float[labels.voxels().bytes().length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = labels.get(i) == cls ? 1 : 0;
        }
        Volume part = Crop.crop(Volume.of(labels.grid(), mask), recipe.crop());
        float[] reoriented = recipe.reorientation().apply(part).toFloats();
        return Resample.image(reoriented, recipe.cropped().shape(), recipe.shape(), Order.LINEAR);
    }

    private static byte[] hard(Recipe recipe, Labels labels) {
        float[][] masks = {blurred(recipe, labels, 0), blurred(recipe, labels, 1), blurred(recipe, labels, 2)};
        byte[] classes = new byte[masks[0].length];
        for (int i = 0; i < classes.length; i++) {
            for (int cls = 1; cls < 3; cls++) {
                classes[i] = masks[cls][i] > masks[classes[i]][i] ? (byte) cls : classes[i];
            }
        }
        return classes;
    }

    @Test
    void voxelsStayAtTheirPlaceInSpace() {
        Grid grid = new Grid(new Shape(8, 9, 10), OBLIQUE);
        Recipe recipe = new Recipe(grid, Box.between(1, 2, 3, 7, 8, 9), new Shape(6, 6, 6));
        double[] first = recipe.cropped().affine().apply(0, 0, 0);
        assertThat(first).containsExactly(grid.affine().apply(3, 2, 1), within(1e-9));
    }

    @Test
    void logitsOfAnotherSizeAreRejected() {
        Grid grid = Grid.of(Shape.cube(4), new Spacing(1, 1, 1));
        Recipe recipe = new Recipe(grid, Box.all(Shape.cube(4)), Shape.cube(2));
        LogitsUndo back = recipe.undoLogits(2);
        assertThatThrownBy(() -> back.add(new float[2][5])).hasMessageContaining("has 4 values a class, given 5");
        assertThatThrownBy(() -> back.add(new float[3][4])).hasMessageContaining("has 2 classes, given 3");
        assertThatThrownBy(back::labels).hasMessageContaining("2 slices of");
        back.add(new float[2][4]);
        back.add(new float[2][4]);
        assertThatThrownBy(() -> back.add(new float[2][4])).hasMessageContaining("all 2 slices were given");
        assertThat(back.labels().grid()).isEqualTo(grid);
        assertThatThrownBy(() -> recipe.undo(LabelArray.of(new byte[9]))).hasMessageContaining("has 8 voxels, given 9");
    }

    /** Slices are kept in the same arrays: where no label was set, that of a slice before would stand. */
    @Test
    void logitsThatAreNotNumbersAreRejected() {
        Shape shape = new Shape(2, 20, 40);
        Grid grid = Grid.of(shape, new Spacing(1, 1, 1));
        for (Shape from : List.of(shape, new Shape(2, 20, 30))) {
            for (int cls = 0; cls < 2; cls++) {
                LogitsUndo back = new Recipe(grid, Box.all(shape), from).undoLogits(2);
                float[][] logits = new float[2][from.y() * from.x()];
                back.add(logits);
                logits[cls][logits[cls].length - 3] = Float.NaN;
                assertThatThrownBy(() -> back.add(logits))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith("the network's output is not a number: ");
            }
        }
    }

    /** Class 2 is left out of all tiles; class 3 is large in the column after the first tile only, and wins on both sides of it. */
    @Test
    void aClassOfTheColumnAfterATileIsNotLeftOut() {
        Shape from = new Shape(2, 16, 32);
        Shape to = new Shape(2, 16, 96);
        Recipe recipe = new Recipe(Grid.of(to, new Spacing(1, 1, 1)), Box.all(to), from);
        float[][] logits = new float[4][from.arrayLength()];
        for (int i = 0; i < from.arrayLength(); i++) {
            int x = i % from.x();
            logits[0][i] = x % 2;
            logits[1][i] = 1 - x % 2;
            logits[2][i] = -50;
            logits[3][i] = x == LogitTiles.SIDE ? 9 : -1;
        }
        byte[] classes = undo(recipe, logits).voxels().bytes();
        assertThat(classes).isEqualTo(interpolatedEverywhere(logits, from, to));
        assertThat(Arrays.copyOfRange(classes, 46, 53)).containsExactly(0, 3, 3, 3, 3, 3, 0);
    }

    @Test
    void aCropOutsideTheScanIsRejected() {
        Grid grid = Grid.of(Shape.cube(4), new Spacing(1, 1, 1));
        assertThatThrownBy(() -> new Recipe(grid, Box.between(0, 0, 0, 5, 1, 1), Shape.cube(2)))
                .hasMessageContaining("reaches outside");
    }

    private static double dice(byte[] a, byte[] b, int cls) {
        int both = 0;
        int sum = 0;
        for (int i = 0; i < a.length; i++) {
            both += a[i] == cls && b[i] == cls ? 1 : 0;
            sum += (a[i] == cls ? 1 : 0) + (b[i] == cls ? 1 : 0);
        }
        return 2.0 * both / sum;
    }
}
