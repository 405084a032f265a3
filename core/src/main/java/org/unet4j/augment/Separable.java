package org.unet4j.augment;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Shape;

/** Linear operations along one axis after the other, each as a matrix product: fast on any device, exact at edges. */
final class Separable {

    private Separable() {}

    /**
     * Returns {@code tensorCDHW} with each axis multiplied by its matrix.
     *
     * @param matrices for z, y, x: rows for new voxels, columns for old ones
     */
    static Tensor apply(Tensor tensorCDHW, double[][]... matrices) {
        Tensor z = tensor(matrices[0], tensorCDHW);
        Tensor y = tensor(matrices[1], tensorCDHW);
        Tensor x = tensor(matrices[2], tensorCDHW);
        Tensor alongX = tensorCDHW.matmul(x.t());
        Tensor alongY = y.matmul(alongX);
        Shape shape = Batch.spatial(alongY, 1);
        long channels = alongY.size(0);
        Tensor alongZ = z.matmul(alongY.reshape(channels, shape.z(), (long) shape.y() * shape.x()));
        return alongZ.view(channels, matrices[0].length, shape.y(), shape.x());
    }

    private static Tensor tensor(double[][] matrix, Tensor like) {
        int columns = matrix[0].length;
        float[] values = new float[matrix.length * columns];
        for (int row = 0; row < matrix.length; row++) {
            for (int column = 0; column < columns; column++) {
                values[row * columns + column] = (float) matrix[row][column];
            }
        }
        return Tensors.of(values, matrix.length, columns).to(like.device(), ScalarType.Float);
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
