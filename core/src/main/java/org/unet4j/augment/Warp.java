package org.unet4j.augment;

import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.unet4j.volume.Shape;

/**
 * Where each voxel of a patch is taken from, everything that moves voxels in one: counted from the centre of either, a voxel of
 * the source is {@code matrix * patch + bending}, and the patch is seen in a mirror last. Resampled once: images trilinearly,
 * labels to the nearest voxel, 0 where there is no source. The centre is that of {@link #centreCrop}, so that the identity is that crop.
 *
 * @param source what it is taken from
 * @param patch what it is taken to
 * @param matrix 3 by 3, row-major, axes z, y, x
 * @param bending added in voxels of the source
 * @param mirrored axes along which the patch is flipped
 */
@SuppressWarnings("ArrayRecordComponent") // package-private and short-lived
record Warp(Shape source, Shape patch, double[] matrix, Optional<Lattice> bending, List<Integer> mirrored) {

    /** Returns what turns and stretches {@code shape} about its own centre. */
    static Warp of(Shape shape, double... matrix) {
        return new Warp(shape, shape, matrix, Optional.empty(), List.of());
    }

    /** Returns {@code imageCDHW} at the patch, interpolated trilinearly. */
    Tensor image(Tensor imageCDHW) {
        return imageCDHW.is_cuda() ? new WarpGrid(this, imageCDHW).image(imageCDHW) : WarpRows.image(this, imageCDHW);
    }

    /** Returns {@code labelsDHW} at the patch, each voxel the nearest label, in their own type. */
    Tensor labels(Tensor labelsDHW) {
        return labelsDHW.is_cuda() ? new WarpGrid(this, labelsDHW).labels(labelsDHW) : WarpRows.labels(this, labelsDHW);
    }

    /** Returns both, for which places are computed once. */
    Sample sample(Tensor imageCDHW, Tensor labelsDHW) {
        if (!imageCDHW.is_cuda()) {
            return WarpRows.sample(this, imageCDHW, labelsDHW);
        }
        WarpGrid grid = new WarpGrid(this, imageCDHW);
        return new Sample(grid.image(imageCDHW), grid.labels(labelsDHW));
    }

    /**
     * An image and its labels.
     *
     * @param imageCDHW the image
     * @param labelsDHW the labels of the same voxels
     */
    record Sample(Tensor imageCDHW, Tensor labelsDHW) {}

    /** Returns where the patch's centre lies in the source along {@code axis}, in voxels from the middle of the first. */
    double centre(int axis) {
        return centreCropStart(source, patch, axis) + (patch.get(axis) - 1) / 2.0;
    }

    /** Returns how far each voxel along {@code axis} of the patch, before it is mirrored, lies from its centre. */
    double[] fromCentre(int axis) {
        double[] places = new double[patch.get(axis)];
        for (int i = 0; i < places.length; i++) {
            places[i] = i - (places.length - 1) / 2.0;
        }
        return places;
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
