package org.unet4j.augment;

import java.nio.FloatBuffer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.torch.Device;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Shape;

/**
 * Trilinear sampling of every channel, a row of the patch at a time. Slices of the source are copied into arrays when they are first
 * needed: eight neighbours are read from arrays in two thirds of the time that a buffer takes.
 */
final class LinearSampler implements WarpRows.Sampler {

    private final Shape source;
    private final int voxels;
    private final FloatBuffer from;
    private final FloatBuffer to;
    private final Tensor result;

    /** By channel and place along z. */
    private final float[][][] slices;

    private final double[] floorZ;
    private final double[] corner;
    private final double[][] fraction;
    private final float[] row;

    private LinearSampler(Warp warp, Tensor imageCDHW, Tensor result) {
        source = warp.source();
        voxels = warp.patch().arrayLength();
        from = Tensors.floatBuffer(imageCDHW);
        to = Tensors.floatBuffer(result);
        this.result = result;
        slices = new float[Math.toIntExact(imageCDHW.size(0))][source.z()][];
        int width = warp.patch().x();
        floorZ = new double[width];
        corner = new double[width];
        fraction = new double[Shape.AXES][width];
        row = new float[width];
    }

    static LinearSampler of(Warp warp, Tensor imageCDHW) {
        Shape patch = warp.patch();
        long[] shape = {imageCDHW.size(0), patch.z(), patch.y(), patch.x()};
        return new LinearSampler(
                warp,
                imageCDHW.to(ScalarType.Float).contiguous(),
                Tensors.empty(shape, ScalarType.Float, Device.cpu(), false));
    }

    Tensor result() {
        return result;
    }

    @Override
    public void sample(WarpRows.Places places, int at, int step) {
        split(places.z(), floorZ, fraction[0]);
        split(places.y(), corner, fraction[1]);
        addSplit(places.x(), source.x(), corner, fraction[2]);
        for (int channel = 0; channel < slices.length; channel++) {
            border(channel, places, 0, places.from());
            inside(channel, places.from(), places.to());
            border(channel, places, places.to(), row.length);
            if (step < 0) {
                reverse();
            }
            to.put(channel * voxels + (step > 0 ? at : at - row.length + 1), row);
        }
    }

    private static void split(double[] places, double[] floor, double[] fraction) {
        for (int i = 0; i < places.length; i++) {
            floor[i] = Math.floor(places[i]);
            fraction[i] = places[i] - floor[i];
        }
    }

    /** Splits places along x, and makes rows in {@code corner} voxels of a slice. */
    private static void addSplit(double[] places, double rowLength, double[] corner, double[] fraction) {
        for (int i = 0; i < places.length; i++) {
            double floor = Math.floor(places[i]);
            corner[i] = corner[i] * rowLength + floor;
            fraction[i] = places[i] - floor;
        }
    }

    private void reverse() {
        for (int i = 0; i < row.length / 2; i++) {
            float voxel = row[i];
            row[i] = row[row.length - 1 - i];
            row[row.length - 1 - i] = voxel;
        }
    }

    private void inside(int channel, int first, int end) {
        float[][] ofChannel = slices[channel];
        double[] fromZ = fraction[0];
        double[] fromY = fraction[1];
        double[] fromX = fraction[2];
        int rowLength = source.x();
        for (int i = first; i < end; i++) {
            int z = (int) floorZ[i];
            int a = (int) corner[i];
            int b = a + rowLength;
            float[] low = ofChannel[z];
            float[] high = ofChannel[z + 1];
            if (low == null || high == null) {
                low = slice(channel, z);
                high = slice(channel, z + 1);
            }
            float tx = (float) fromX[i];
            float ty = (float) fromY[i];
            float va = low[a];
            float vb = low[b];
            float vc = high[a];
            float vd = high[b];
            va += tx * (low[a + 1] - va);
            vb += tx * (low[b + 1] - vb);
            vc += tx * (high[a + 1] - vc);
            vd += tx * (high[b + 1] - vd);
            va += ty * (vb - va);
            vc += ty * (vd - vc);
            row[i] = va + (float) fromZ[i] * (vc - va);
        }
    }

    private float[] slice(int channel, int z) {
        float[] slice = slices[channel][z];
        return slice != null ? slice : copy(channel, z);
    }

    private float[] copy(int channel, int z) {
        float[] slice = new float[source.y() * source.x()];
        from.get((channel * source.z() + z) * slice.length, slice);
        slices[channel][z] = slice;
        return slice;
    }

    /** Samples where some of the eight neighbours may lie outside, which count as 0. */
    private void border(int channel, WarpRows.Places places, int first, int end) {
        for (int i = first; i < end; i++) {
            double z = places.z()[i];
            double y = places.y()[i];
            double x = places.x()[i];
            boolean near = z > -1 && y > -1 && x > -1 && z < source.z() && y < source.y() && x < source.x();
            row[i] = near ? sum(channel, z, y, x) : 0;
        }
    }

    private float sum(int channel, double z, double y, double x) {
        int z0 = (int) Math.floor(z);
        int y0 = (int) Math.floor(y);
        int x0 = (int) Math.floor(x);
        double sum = 0;
        for (int corner8 = 0; corner8 < 8; corner8++) {
            int cz = z0 + (corner8 >> 2);
            int cy = y0 + (corner8 >> 1 & 1);
            int cx = x0 + (corner8 & 1);
            if (cz >= 0 && cy >= 0 && cx >= 0 && cz < source.z() && cy < source.y() && cx < source.x()) {
                double weight = (1 - Math.abs(z - cz)) * (1 - Math.abs(y - cy)) * (1 - Math.abs(x - cx));
                sum += weight * slice(channel, cz)[cy * source.x() + cx];
            }
        }
        return (float) sum;
    }
}
