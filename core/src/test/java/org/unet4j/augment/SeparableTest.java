package org.unet4j.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.unet4j.torch.OneThread;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Shape;

/** Both ways to multiply along axes: slices, as the processor does it, and matrix products, as a card does. */
@ExtendWith(OneThread.class)
class SeparableTest {

    /** Sums of float32 up to 9 long of voxels up to 1, in another order. */
    private static final double ROUNDING = 1e-6;

    private static final Shape SHAPE =
            new Shape(70, 33, 97); // more than one block of rows, and not a whole number of them

    @Test
    void bothWaysSumTheVoxelsThatTheMatricesSay() {
        try (Scope scope = new Scope()) {
            Tensor image = Worlds.random(9, 2, SHAPE);
            double[][][] matrices = {banded(70, 3, 1), banded(33, 2, 2), banded(97, 4, 3)};
            float[] values = Tensors.toFloats(image);
            double[] expected = new double[values.length];
            for (int i = 0; i < values.length; i++) {
                expected[i] = values[i];
            }
            expected = along(expected, matrices[0], 33 * 97);
            expected = along(expected, matrices[1], 97);
            expected = along(expected, matrices[2], 1);
            float[] slices = Tensors.toFloats(Separable.apply(image, matrices));
            float[] products = Tensors.toFloats(Separable.products(image, matrices));
            for (int i = 0; i < expected.length; i++) {
                assertThat((double) slices[i]).isCloseTo(expected[i], within(ROUNDING));
                assertThat((double) products[i]).isCloseTo(expected[i], within(ROUNDING));
            }
        }
    }

    @Test
    void identitiesChangeNoBit() {
        try (Scope scope = new Scope()) {
            Tensor image = Worlds.random(9, 2, SHAPE);
            Tensor same =
                    Separable.apply(image, Separable.identity(70), Separable.identity(33), Separable.identity(97));
            assertThat(Tensors.toFloats(same)).isEqualTo(Tensors.toFloats(image));
        }
    }

    /** Returns a matrix of up to 2 {@code reach} + 1 weights in a row, which sum to 1; some within the band are 0. */
    private static double[][] banded(int size, int reach, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] matrix = new double[size][size];
        for (int row = 0; row < size; row++) {
            double sum = 0;
            for (int column = Math.max(0, row - reach); column <= Math.min(size - 1, row + reach); column++) {
                matrix[row][column] = column == row || random.nextInt(3) > 0 ? random.nextDouble(0.1, 1) : 0;
                sum += matrix[row][column];
            }
            for (int column = 0; column < size; column++) {
                matrix[row][column] /= sum;
            }
        }
        return matrix;
    }

    private static double[] along(double[] values, double[][] matrix, int stride) {
        double[] product = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            int row = i / stride % matrix.length;
            for (int column = 0; column < matrix.length; column++) {
                product[i] += matrix[row][column] * values[i + (column - row) * stride];
            }
        }
        return product;
    }
}
