package org.unet4j.augment;

import static org.bytedeco.pytorch.global.torch.affine_grid_generator;
import static org.bytedeco.pytorch.global.torch.grid_sampler;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Shape;

/**
 * Where each voxel of a patch is taken from: {@code source = matrix * (patch + displacement)}, in voxels from the centre of
 * either.
 *
 * @param matrix 3 by 3, row-major, axes z, y, x
 * @param displacement 3 (z, y, x) by the patch's shape, in voxels
 */
@SuppressWarnings("ArrayRecordComponent") // package-private and short-lived
record Warp(double[] matrix, Optional<Tensor> displacement) {

    private static final int LINEAR = 0;
    private static final int NEAREST = 1;
    private static final int ZEROS = 0;

    /** Returns the warp without a displacement. */
    static Warp of(double... matrix) {
        return new Warp(matrix, Optional.empty());
    }

    /** Returns {@code imageCDHW} moved about its own centre. */
    Tensor image(Tensor imageCDHW) {
        Shape shape = Batch.spatial(imageCDHW, 1);
        return image(imageCDHW, grid(shape, shape, imageCDHW));
    }

    /** Returns {@code labelsDHW} moved about its own centre. */
    Tensor labels(Tensor labelsDHW) {
        Shape shape = Batch.spatial(labelsDHW, 0);
        return labels(labelsDHW, grid(shape, shape, labelsDHW));
    }

    /** Returns {@code imageCDHW} sampled at a patch that {@link #grid} made, trilinearly. */
    Tensor image(Tensor imageCDHW, Tensor gridDHW3) {
        return grid_sampler(imageCDHW.unsqueeze(0), gridDHW3, LINEAR, ZEROS, false)
                .squeeze(0);
    }

    /** Returns {@code labelsDHW} sampled likewise, each voxel taking the nearest label, in its own type. */
    Tensor labels(Tensor labelsDHW, Tensor gridDHW3) {
        ScalarType type = labelsDHW.scalar_type();
        Tensor floats = labelsDHW.to(ScalarType.Float).unsqueeze(0).unsqueeze(0);
        return grid_sampler(floats, gridDHW3, NEAREST, ZEROS, false)
                .squeeze(0)
                .squeeze(0)
                .to(type);
    }

    /**
     * Returns the sampling grid, 1 by the patch's shape by (x, y, z), in torch's coordinates without aligned corners:
     * -1 and 1 are the outer faces of the source. The patch's centre is that of {@link #centreCrop}, so that the
     * identity samples exactly that crop.
     */
    Tensor grid(Shape source, Shape patch, Tensor like) {
        float[] theta = new float[12];
        for (int row = 0; row < Shape.AXES; row++) {
            for (int column = 0; column < Shape.AXES; column++) {
                theta[4 * (2 - row) + 2 - column] =
                        (float) (matrix[3 * row + column] * patch.get(column) / source.get(row));
            }
            double centre = centreCropStart(source, patch, row) + patch.get(row) / 2.0;
            theta[4 * (2 - row) + 3] = (float) (2 * centre / source.get(row) - 1);
        }
        Tensor grid = affine_grid_generator(
                Tensors.of(theta, 1, 3, 4).to(like.device(), ScalarType.Float),
                new long[] {1, 1, patch.z(), patch.y(), patch.x()},
                false);
        return displacement.map(field -> grid.add(normalised(field, source))).orElse(grid);
    }

    /** Returns the displacement as a change of grid coordinates, 1 by the patch's shape by (x, y, z). */
    private Tensor normalised(Tensor field, Shape source) {
        float[] toGrid = new float[9];
        for (int row = 0; row < Shape.AXES; row++) {
            for (int column = 0; column < Shape.AXES; column++) {
                toGrid[3 * column + 2 - row] = (float) (2 * matrix[3 * row + column] / source.get(row));
            }
        }
        Tensor columns = Tensors.of(toGrid, 3, 3).to(field.device(), ScalarType.Float);
        return field.permute(1, 2, 3, 0).matmul(columns).unsqueeze(0);
    }

    /** Returns the first voxel along {@code axis} of the patch in the middle of the source. */
    static int centreCropStart(Shape source, Shape patch, int axis) {
        return Math.floorDiv(source.get(axis) - patch.get(axis), 2);
    }

    /** Returns a view of the patch in the middle of the last three axes of {@code tensor}. */
    static Tensor centreCrop(Tensor tensor, Shape patch) {
        int first = Math.toIntExact(tensor.dim()) - Shape.AXES;
        Shape source = Batch.spatial(tensor, first);
        Tensor crop = tensor;
        for (int axis = 0; axis < Shape.AXES; axis++) {
            crop = crop.narrow(first + axis, centreCropStart(source, patch, axis), patch.get(axis));
        }
        return crop;
    }

    /** Returns the product of two 3 by 3 matrices. */
    static double[] product(double[] left, double[] right) {
        double[] product = new double[9];
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 3; column++) {
                for (int k = 0; k < 3; k++) {
                    product[3 * row + column] += left[3 * row + k] * right[3 * k + column];
                }
            }
        }
        return product;
    }
}
