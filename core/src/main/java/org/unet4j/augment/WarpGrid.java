package org.unet4j.augment;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Shape;

/**
 * Follows a {@link Warp} on any device, with libtorch's operations: a grid of where each voxel lies, and libtorch's sampling there.
 * Equal to {@link WarpRows} but for rounding.
 */
final class WarpGrid {

    private static final int LINEAR = 0;
    private static final int NEAREST = 1;
    private static final int ZEROS = 0;

    private final Warp warp;
    private final Tensor gridDHW3;

    /**
     * Computes the grid, the patch's shape by (x, y, z), in torch's coordinates without aligned corners: -1 and 1 are the outer
     * faces of the source.
     *
     * @param like lives where the grid shall
     */
    WarpGrid(Warp warp, Tensor like) {
        this.warp = warp;
        // An affine grid is a sum of what each axis contributes, so no voxel needs a matrix product.
        Tensor grid = axis(0, like).add(axis(1, like)).add(axis(2, like));
        if (warp.bending().isPresent()) {
            grid = grid.add_(displacement(warp.bending().get(), like).flip(0).mul(scale(like)));
        }
        gridDHW3 = grid.permute(1, 2, 3, 0);
    }

    /** Returns {@code imageCDHW} at the patch. */
    Tensor image(Tensor imageCDHW) {
        return mirrored(sample(imageCDHW, LINEAR), 1);
    }

    /** Returns {@code labelsDHW} at the patch. */
    Tensor labels(Tensor labelsDHW) {
        Tensor floats = labelsDHW.to(ScalarType.Float).unsqueeze(0);
        return mirrored(sample(floats, NEAREST).squeeze(0).to(labelsDHW.scalar_type()), 0);
    }

    /** Torch's processor kernel shares out the samples of a batch, so each slice is made a sample. */
    private Tensor sample(Tensor imageCDHW, int interpolation) {
        Tensor shared = imageCDHW.unsqueeze(0).expand(gridDHW3.size(0), -1, -1, -1, -1);
        return torch.grid_sampler(shared, gridDHW3.unsqueeze(1), interpolation, ZEROS, false)
                .squeeze(2)
                .transpose(0, 1);
    }

    private Tensor mirrored(Tensor tensor, int first) {
        return Mirroring.flip(warp.mirrored(), tensor, first);
    }

    /** Returns how far each voxel moves, 3 (z, y, x) by the patch's shape, in voxels of the source. */
    static Tensor displacement(Lattice lattice, Tensor like) {
        long[] points = new long[1 + Shape.AXES];
        double[][][] matrices = new double[Shape.AXES][][];
        points[0] = Shape.AXES;
        for (int axis = 0; axis < Shape.AXES; axis++) {
            points[1 + axis] = lattice.axes()[axis].points();
            matrices[axis] = lattice.axes()[axis].matrix();
        }
        float[] moved = new float[lattice.moved().length];
        for (int i = 0; i < moved.length; i++) {
            moved[i] = (float) lattice.moved()[i];
        }
        return Separable.products(Tensors.of(moved, points).to(like.device(), ScalarType.Float), matrices);
    }

    private Tensor scale(Tensor like) {
        Shape source = warp.source();
        float[] toGrid = {2.0f / source.x(), 2.0f / source.y(), 2.0f / source.z()};
        return Tensors.of(toGrid, Shape.AXES, 1, 1, 1).to(like.device(), ScalarType.Float);
    }

    /** Returns what the place along one axis of the patch contributes to (x, y, z) of the grid. */
    private Tensor axis(int axis, Tensor like) {
        double[] places = warp.fromCentre(axis);
        float[] values = new float[Shape.AXES * places.length];
        for (int row = 0; row < Shape.AXES; row++) {
            double size = warp.source().get(row);
            double constant = row == axis ? (2 * warp.centre(row) + 1) / size - 1 : 0;
            for (int i = 0; i < places.length; i++) {
                values[(2 - row) * places.length + i] =
                        (float) (constant + 2 * warp.matrix()[3 * row + axis] * places[i] / size);
            }
        }
        long[] shape = {Shape.AXES, 1, 1, 1};
        shape[1 + axis] = places.length;
        return Tensors.of(values, shape).to(like.device(), ScalarType.Float);
    }
}
