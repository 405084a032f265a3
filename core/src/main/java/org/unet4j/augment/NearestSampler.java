package org.unet4j.augment;

import java.nio.ByteBuffer;
import org.bytedeco.pytorch.Tensor;
import org.unet4j.torch.Device;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Shape;

/** The nearest label, its bytes copied as they are, a row of the patch at a time; 0 where there is none. */
final class NearestSampler implements WarpRows.Sampler {

    private static final int OUTSIDE = -1;

    private final Shape source;
    private final int bytes;
    private final ByteBuffer from;
    private final ByteBuffer to;
    private final Tensor result;
    private final double[] nearest;
    private final byte[] row;

    private NearestSampler(Warp warp, Tensor labelsDHW, Tensor result) {
        source = warp.source();
        bytes = Math.toIntExact(labelsDHW.element_size());
        from = Tensors.memory(labelsDHW);
        to = Tensors.memory(result);
        this.result = result;
        nearest = new double[warp.patch().x()];
        row = new byte[bytes * nearest.length];
    }

    static NearestSampler of(Warp warp, Tensor labelsDHW) {
        Shape patch = warp.patch();
        long[] shape = {patch.z(), patch.y(), patch.x()};
        return new NearestSampler(
                warp,
                labelsDHW.contiguous(),
                Tensors.empty(shape, labelsDHW.scalar_type().intern(), Device.cpu(), false));
    }

    Tensor result() {
        return result;
    }

    @Override
    public void sample(WarpRows.Places places, int at, int step) {
        find(places.z(), places.y(), places.x(), source.y(), source.x(), nearest);
        checkBorder(places, 0, places.from());
        checkBorder(places, places.to(), nearest.length);
        if (bytes == 1) {
            copyBytes(step);
        } else {
            copyWide(step);
        }
        to.put(bytes * (step > 0 ? at : at - nearest.length + 1), row);
    }

    /** Computes the nearest voxels' numbers; as float64, which holds them exactly, for the sake of vector instructions. */
    private static void find(double[] z, double[] y, double[] x, double sizeY, double sizeX, double[] nearest) {
        for (int i = 0; i < nearest.length; i++) {
            nearest[i] = (Math.floor(z[i] + 0.5) * sizeY + Math.floor(y[i] + 0.5)) * sizeX + Math.floor(x[i] + 0.5);
        }
    }

    private void checkBorder(WarpRows.Places places, int first, int end) {
        for (int i = first; i < end; i++) {
            double z = places.z()[i] + 0.5;
            double y = places.y()[i] + 0.5;
            double x = places.x()[i] + 0.5;
            boolean inside = z >= 0 && y >= 0 && x >= 0 && z < source.z() && y < source.y() && x < source.x();
            nearest[i] = inside ? nearest[i] : OUTSIDE;
        }
    }

    private int mirrored(int voxel, int step) {
        return step > 0 ? voxel : nearest.length - 1 - voxel;
    }

    private void copyBytes(int step) {
        for (int i = 0; i < nearest.length; i++) {
            int voxel = (int) nearest[i];
            row[mirrored(i, step)] = voxel == OUTSIDE ? 0 : from.get(voxel);
        }
    }

    private void copyWide(int step) {
        for (int i = 0; i < nearest.length; i++) {
            int voxel = (int) nearest[i];
            for (int b = 0; b < bytes; b++) {
                row[bytes * mirrored(i, step) + b] = voxel == OUTSIDE ? 0 : from.get(bytes * voxel + b);
            }
        }
    }
}
