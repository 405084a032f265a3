package org.unet4j.augment;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.torch.Device;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Shape;

/**
 * What {@link Separable} does, on the processor, by the calling thread, equal but for rounding: square matrices are zero but for a few
 * diagonals, and a diagonal is a sum of voxels that lie equally far apart, in loops over whole slices. A slice stays in the
 * processor's cache from one axis to the next. Half the time of matrix products, and no threads of OpenBLAS, which take others
 * with them where the processor is busy.
 */
final class SeparableSlices {

    private final Shape shape;
    private final float[][] from;
    private final double[][] alongZ;
    private final List<Diagonal> alongY;
    private final List<Diagonal> alongX;

    /** A slice between zeros, as many on either side as a diagonal may reach beyond it. */
    private final float[] padded;

    private final int margin;
    private final float[] shifted;

    /**
     * A diagonal of a matrix.
     *
     * @param offset how many voxels of a slice lie between a new voxel and the old one that it takes a share of
     * @param weights that share, for each voxel of a slice
     */
    @SuppressWarnings("ArrayRecordComponent") // package-private and short-lived
    private record Diagonal(int offset, float[] weights) {}

    private SeparableSlices(Shape shape, double[][]... matrices) {
        this.shape = shape;
        from = new float[shape.z()][shape.y() * shape.x()];
        alongZ = matrices[0];
        alongY = diagonals(matrices[1], shape.x());
        alongX = diagonals(matrices[2], 1);
        margin = from[0].length;
        padded = new float[3 * margin];
        shifted = new float[margin];
    }

    /** Returns {@code tensorCDHW} with each axis multiplied by its matrix: for z, y, x, as large as the axis is long. */
    static Tensor apply(Tensor tensorCDHW, double[][]... matrices) {
        Tensor floats = tensorCDHW.to(ScalarType.Float).contiguous();
        Tensor result = Tensors.empty(Tensors.shape(floats), ScalarType.Float, Device.cpu(), false);
        FloatBuffer read = Tensors.floatBuffer(floats);
        FloatBuffer written = Tensors.floatBuffer(result);
        SeparableSlices slices = new SeparableSlices(Batch.spatial(tensorCDHW, 1), matrices);
        for (int channel = 0; channel < tensorCDHW.size(0); channel++) {
            slices.apply(read, written);
        }
        return result;
    }

    /** Changes the next channel. */
    private void apply(FloatBuffer read, FloatBuffer written) {
        for (float[] slice : from) {
            read.get(slice);
        }
        float[] first = new float[from[0].length];
        float[] second = new float[from[0].length];
        for (int z = 0; z < shape.z(); z++) {
            Arrays.fill(first, 0);
            for (int old = 0; old < shape.z(); old++) {
                if (alongZ[z][old] != 0) {
                    add(first, (float) alongZ[z][old], from[old]);
                }
            }
            multiply(alongY, first, second);
            multiply(alongX, second, first);
            written.put(first);
        }
    }

    /** Returns the diagonals of {@code matrix} that are not all zero; {@code stride} is from one voxel along its axis to the next. */
    private List<Diagonal> diagonals(double[][] matrix, int stride) {
        List<Diagonal> diagonals = new ArrayList<>();
        for (int offset = 1 - matrix.length; offset < matrix.length; offset++) {
            float[] diagonal = new float[matrix.length];
            boolean zero = true;
            for (int row = Math.max(0, -offset); row < Math.min(matrix.length, matrix.length - offset); row++) {
                diagonal[row] = (float) matrix[row][row + offset];
                zero &= diagonal[row] == 0;
            }
            if (!zero) {
                float[] weights = new float[shape.y() * shape.x()];
                for (int voxel = 0; voxel < weights.length; voxel++) {
                    weights[voxel] = diagonal[voxel / stride % matrix.length];
                }
                diagonals.add(new Diagonal(stride * offset, weights));
            }
        }
        return diagonals;
    }

    private void multiply(List<Diagonal> diagonals, float[] from, float[] to) {
        System.arraycopy(from, 0, padded, margin, from.length);
        Arrays.fill(to, 0);
        for (Diagonal diagonal : diagonals) {
            // C2 makes no vector instructions of a loop that reads at an offset.
            System.arraycopy(padded, margin + diagonal.offset, shifted, 0, to.length);
            add(to, diagonal.weights, shifted);
        }
    }

    private static void add(float[] to, float weight, float[] from) {
        for (int i = 0; i < to.length; i++) {
            to[i] += weight * from[i];
        }
    }

    private static void add(float[] to, float[] weights, float[] from) {
        for (int i = 0; i < to.length; i++) {
            to[i] += weights[i] * from[i];
        }
    }
}
