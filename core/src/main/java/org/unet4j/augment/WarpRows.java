package org.unet4j.augment;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.torch.Device;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Shape;

/**
 * Follows a {@link Warp} on the processor, by the calling thread: where a row of the patch lies in the source is computed once, and
 * sampled there is whatever is asked for. Equal to {@link WarpGrid} but for rounding, and several times as fast: no grid passes
 * through memory, and voxels whose eight neighbours all exist are not asked about each.
 */
final class WarpRows {

    private final Warp warp;
    private final double[][] fromCentre = new double[Shape.AXES][];
    private final double[][] places;

    private WarpRows(Warp warp) {
        this.warp = warp;
        for (int axis = 0; axis < Shape.AXES; axis++) {
            fromCentre[axis] = warp.fromCentre(axis);
        }
        places = new double[Shape.AXES][warp.patch().x()];
    }

    /** Samples one row of the patch. */
    @FunctionalInterface
    private interface Row {
        /** Sets the voxels of the row that begins at {@code at}, every {@code step}-th voxel, from their places in the source. */
        void sample(double[] z, double[] y, double[] x, int at, int step);
    }

    static Tensor image(Warp warp, Tensor imageCDHW) {
        Linear linear = Linear.of(warp, imageCDHW);
        new WarpRows(warp).sweep(linear);
        return linear.result;
    }

    static Tensor labels(Warp warp, Tensor labelsDHW) {
        Nearest nearest = Nearest.of(warp, labelsDHW);
        new WarpRows(warp).sweep(nearest);
        return nearest.result;
    }

    static Warp.Sample sample(Warp warp, Tensor imageCDHW, Tensor labelsDHW) {
        Linear linear = Linear.of(warp, imageCDHW);
        Nearest nearest = Nearest.of(warp, labelsDHW);
        new WarpRows(warp).sweep(linear, nearest);
        return new Warp.Sample(linear.result, nearest.result);
    }

    private void sweep(Row... samplers) {
        Shape patch = warp.patch();
        boolean flipped = warp.mirrored().contains(2);
        for (int z = 0; z < patch.z(); z++) {
            int slice = z;
            Optional<Lattice> plane = warp.bending().map(lattice -> lattice.at(slice));
            for (int y = 0; y < patch.y(); y++) {
                int row = y;
                place(z, y, plane.map(lattice -> lattice.at(row)));
                int first = patch.index(mirrored(z, 0), mirrored(y, 1), flipped ? patch.x() - 1 : 0);
                for (Row sampler : samplers) {
                    sampler.sample(places[0], places[1], places[2], first, flipped ? -1 : 1);
                }
            }
        }
    }

    private int mirrored(int place, int axis) {
        return warp.mirrored().contains(axis) ? warp.patch().get(axis) - 1 - place : place;
    }

    /** Computes where the voxels of a row lie in the source. */
    private void place(int z, int y, Optional<Lattice> bending) {
        double[] matrix = warp.matrix();
        double[] alongX = fromCentre[2];
        for (int row = 0; row < Shape.AXES; row++) {
            double start =
                    warp.centre(row) + matrix[3 * row] * fromCentre[0][z] + matrix[3 * row + 1] * fromCentre[1][y];
            double step = matrix[3 * row + 2];
            double[] of = places[row];
            for (int x = 0; x < of.length; x++) {
                of[x] = start + step * alongX[x];
            }
            if (bending.isPresent()) {
                bending.get().addRow(row, of);
            }
        }
    }

    /** Trilinear sampling of every channel. */
    private record Linear(Shape source, Shape patch, FloatBuffer from, FloatBuffer to, Tensor result) implements Row {

        static Linear of(Warp warp, Tensor imageCDHW) {
            Tensor floats = imageCDHW.to(ScalarType.Float).contiguous();
            Shape patch = warp.patch();
            long[] shape = {floats.size(0), patch.z(), patch.y(), patch.x()};
            Tensor result = Tensors.empty(shape, ScalarType.Float, Device.cpu(), false);
            return new Linear(warp.source(), patch, Tensors.floatBuffer(floats), Tensors.floatBuffer(result), result);
        }

        @Override
        public void sample(double[] z, double[] y, double[] x, int at, int step) {
            int channels = to.limit() / patch.arrayLength();
            for (int channel = 0; channel < channels; channel++) {
                row(z, y, x, channel * source.arrayLength(), channel * patch.arrayLength() + at, step);
            }
        }

        private void row(double[] z, double[] y, double[] x, int first, int at, int step) {
            FloatBuffer voxels = from;
            FloatBuffer out = to;
            int rowLength = source.x();
            int sliceLength = source.y() * rowLength;
            int lastZ = source.z() - 1;
            int lastY = source.y() - 1;
            int lastX = rowLength - 1;
            for (int i = 0; i < z.length; i++) {
                int z0 = (int) z[i];
                int y0 = (int) y[i];
                int x0 = (int) x[i];
                float value;
                if (z[i] >= 0 && y[i] >= 0 && x[i] >= 0 && z0 < lastZ && y0 < lastY && x0 < lastX) {
                    float tz = (float) (z[i] - z0);
                    float ty = (float) (y[i] - y0);
                    float tx = (float) (x[i] - x0);
                    int a = first + z0 * sliceLength + y0 * rowLength + x0;
                    int b = a + rowLength;
                    int c = a + sliceLength;
                    int d = b + sliceLength;
                    float va = voxels.get(a);
                    float vb = voxels.get(b);
                    float vc = voxels.get(c);
                    float vd = voxels.get(d);
                    va += tx * (voxels.get(a + 1) - va);
                    vb += tx * (voxels.get(b + 1) - vb);
                    vc += tx * (voxels.get(c + 1) - vc);
                    vd += tx * (voxels.get(d + 1) - vd);
                    va += ty * (vb - va);
                    vc += ty * (vd - vc);
                    value = va + tz * (vc - va);
                } else {
                    value = atBorder(z[i], y[i], x[i], first);
                }
                out.put(at + i * step, value);
            }
        }

        /** Returns the value where some of the eight neighbours may lie outside, which count as 0. */
        private float atBorder(double z, double y, double x, int first) {
            int z0 = (int) Math.floor(z);
            int y0 = (int) Math.floor(y);
            int x0 = (int) Math.floor(x);
            double sum = 0;
            for (int corner = 0; corner < 8; corner++) {
                int cz = z0 + (corner >> 2);
                int cy = y0 + (corner >> 1 & 1);
                int cx = x0 + (corner & 1);
                if (cz >= 0 && cy >= 0 && cx >= 0 && cz < source.z() && cy < source.y() && cx < source.x()) {
                    double weight = (1 - Math.abs(z - cz)) * (1 - Math.abs(y - cy)) * (1 - Math.abs(x - cx));
                    sum += weight * from.get(first + source.index(cz, cy, cx));
                }
            }
            return (float) sum;
        }
    }

    /** The nearest label, its bytes copied as they are. */
    private record Nearest(Shape source, int bytes, ByteBuffer from, ByteBuffer to, Tensor result) implements Row {

        static Nearest of(Warp warp, Tensor labelsDHW) {
            Shape patch = warp.patch();
            long[] shape = {patch.z(), patch.y(), patch.x()};
            Tensor result = Tensors.empty(shape, labelsDHW.scalar_type().intern(), Device.cpu(), false);
            return new Nearest(
                    warp.source(),
                    Math.toIntExact(labelsDHW.element_size()),
                    Tensors.memory(labelsDHW.contiguous()),
                    Tensors.memory(result),
                    result);
        }

        @Override
        public void sample(double[] z, double[] y, double[] x, int at, int step) {
            ByteBuffer labels = from;
            ByteBuffer out = to;
            int size = bytes;
            int sizeZ = source.z();
            int sizeY = source.y();
            int sizeX = source.x();
            for (int i = 0; i < z.length; i++) {
                double toZ = z[i] + 0.5;
                double toY = y[i] + 0.5;
                double toX = x[i] + 0.5;
                boolean inside = toZ >= 0 && toY >= 0 && toX >= 0 && toZ < sizeZ && toY < sizeY && toX < sizeX;
                int voxel = inside ? (((int) toZ) * sizeY + (int) toY) * sizeX + (int) toX : -1;
                int place = at + i * step;
                if (size == 1) {
                    out.put(place, inside ? labels.get(voxel) : 0);
                } else {
                    for (int b = 0; b < size; b++) {
                        out.put(size * place + b, inside ? labels.get(size * voxel + b) : 0);
                    }
                }
            }
        }
    }
}
