package org.unet4j.augment;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Shape;

/**
 * Where each voxel of a patch is taken from: {@code source = matrix * patch + offset}, in voxels from the centre of either.
 *
 * @param matrix 3 by 3, row-major, axes z, y, x
 * @param offset 3 (z, y, x) by the patch's shape, in voxels of the source
 */
@SuppressWarnings("ArrayRecordComponent") // package-private and short-lived
record Warp(double[] matrix, Optional<Tensor> offset) {

    private static final int LINEAR = 0;
    private static final int NEAREST = 1;
    private static final int ZEROS = 0;

    /** Returns the warp without an offset. */
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
        return sample(imageCDHW, gridDHW3, LINEAR);
    }

    /** Returns {@code labelsDHW} sampled likewise, each voxel taking the nearest label, in its own type. */
    Tensor labels(Tensor labelsDHW, Tensor gridDHW3) {
        Tensor floats = labelsDHW.to(ScalarType.Float).unsqueeze(0);
        return sample(floats, gridDHW3, NEAREST).squeeze(0).to(labelsDHW.scalar_type());
    }

    /** Torch's processor kernel shares out the samples of a batch, so each slice is made a sample. */
    private static Tensor sample(Tensor imageCDHW, Tensor gridDHW3, int interpolation) {
        long slices = gridDHW3.size(0);
        Tensor shared = imageCDHW.unsqueeze(0).expand(slices, -1, -1, -1, -1);
        return torch.grid_sampler(shared, gridDHW3.unsqueeze(1), interpolation, ZEROS, false)
                .squeeze(2)
                .transpose(0, 1);
    }

    /**
     * Returns the sampling grid, the patch's shape by (x, y, z), in torch's coordinates without aligned corners: -1 and 1
     * are the outer faces of the source. The patch's centre is that of {@link #centreCrop}, so that the identity samples
     * exactly that crop.
     */
    Tensor grid(Shape source, Shape patch, Tensor like) {
        // an affine grid is a sum of what each axis contributes, so no voxel needs a matrix product
        Tensor grid =
                axis(0, source, patch, like).add(axis(1, source, patch, like)).add(axis(2, source, patch, like));
        if (offset.isPresent()) {
            float[] toGrid = {2.0f / source.x(), 2.0f / source.y(), 2.0f / source.z()};
            Tensor scale = Tensors.of(toGrid, Shape.AXES, 1, 1, 1).to(like.device(), ScalarType.Float);
            grid = grid.add_(offset.get().flip(0).mul(scale));
        }
        return grid.permute(1, 2, 3, 0);
    }

    /** Returns what the place along one axis of the patch contributes to (x, y, z) of the grid. */
    private Tensor axis(int axis, Shape source, Shape patch, Tensor like) {
        int size = patch.get(axis);
        float[] values = new float[Shape.AXES * size];
        for (int row = 0; row < Shape.AXES; row++) {
            double centre = centreCropStart(source, patch, row) + patch.get(row) / 2.0;
            double constant = row == axis ? 2 * centre / source.get(row) - 1 : 0;
            for (int i = 0; i < size; i++) {
                double fromCentre = i - (size - 1) / 2.0;
                values[(2 - row) * size + i] =
                        (float) (constant + 2 * matrix[3 * row + axis] * fromCentre / source.get(row));
            }
        }
        long[] shape = {Shape.AXES, 1, 1, 1};
        shape[1 + axis] = size;
        return Tensors.of(values, shape).to(like.device(), ScalarType.Float);
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
