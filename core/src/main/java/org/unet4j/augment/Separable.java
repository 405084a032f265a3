package org.unet4j.augment;

import java.util.function.BiFunction;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Shape;

/**
 * Linear operations along one axis after the other, exact at edges. On a card they are matrix products: far from the diagonal these
 * matrices are zero, so a few rows at a time are multiplied, by the columns that they need, a third of the work. On the processor
 * see {@link SeparableSlices}.
 */
final class Separable {

    /** Rows at a time. */
    private static final int ROWS = 32;

    private Separable() {}

    /**
     * Returns {@code tensorCDHW} with each axis multiplied by its matrix, float32.
     *
     * @param matrices for z, y, x, as large as the axis is long: rows for new voxels, columns for old ones
     */
    static Tensor apply(Tensor tensorCDHW, double[][]... matrices) {
        return tensorCDHW.is_cuda() ? products(tensorCDHW, matrices) : SeparableSlices.apply(tensorCDHW, matrices);
    }

    /** Returns the same by matrix products, of matrices of any shape, on any device. */
    static Tensor products(Tensor tensorCDHW, double[][]... matrices) {
        Shape shape = Batch.spatial(tensorCDHW, 1);
        long channels = tensorCDHW.size(0);
        int y = matrices[1].length;
        int x = matrices[2].length;
        Tensor rows = tensorCDHW.reshape(-1, shape.x());
        Tensor alongX = multiply(rows, matrices[2], (matrix, voxels) -> voxels.matmul(matrix.t()));
        Tensor slices = alongX.view(channels * shape.z(), shape.y(), x);
        Tensor alongY = multiply(slices, matrices[1], Tensor::matmul);
        Tensor volumes = alongY.view(channels, shape.z(), (long) y * x);
        Tensor alongZ = multiply(volumes, matrices[0], Tensor::matmul);
        return alongZ.view(channels, matrices[0].length, y, x);
    }

    /** Returns the products of blocks of {@code matrix}' rows with the voxels, along axis 1, that these need. */
    private static Tensor multiply(Tensor voxels, double[][] matrix, BiFunction<Tensor, Tensor, Tensor> product) {
        TensorVector products = new TensorVector();
        for (int row = 0; row < matrix.length; row += ROWS) {
            int end = Math.min(matrix.length, row + ROWS);
            int first = matrix[0].length;
            int last = 0;
            for (int r = row; r < end; r++) {
                for (int column = 0; column < matrix[r].length; column++) {
                    if (matrix[r][column] != 0) {
                        first = Math.min(first, column);
                        last = Math.max(last, column);
                    }
                }
            }
            Tensor block = block(matrix, row, end, first, last + 1, voxels);
            products.push_back(product.apply(block, voxels.narrow(1, first, (long) last + 1 - first)));
        }
        return torch.cat(products, 1);
    }

    private static Tensor block(double[][] matrix, int row, int rowEnd, int column, int columnEnd, Tensor like) {
        int columns = columnEnd - column;
        float[] values = new float[(rowEnd - row) * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) matrix[row + i / columns][column + i % columns];
        }
        return Tensors.of(values, rowEnd - row, columns).to(like.device(), ScalarType.Float);
    }

    /** Returns the matrix that leaves {@code size} voxels as they are. */
    static double[][] identity(int size) {
        double[][] matrix = new double[size][size];
        for (int i = 0; i < size; i++) {
            matrix[i][i] = 1;
        }
        return matrix;
    }
}
