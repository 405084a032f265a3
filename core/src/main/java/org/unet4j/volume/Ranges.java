package org.unet4j.volume;

import java.util.Arrays;

/** The smallest and the largest voxel of an image, or of each of its slices, as seen while it is read. */
final class Ranges {

    private final Voxels voxels;
    private final int stride;
    private final int slices;
    private final float[] low;
    private final float[] high;

    private Ranges(Voxels voxels, int stride, int slices) {
        this.voxels = voxels;
        this.stride = stride;
        this.slices = slices;
        this.low = new float[slices];
        this.high = new float[slices];
        Arrays.fill(low, Float.POSITIVE_INFINITY);
        Arrays.fill(high, Float.NEGATIVE_INFINITY);
    }

    /** Returns the one range of all voxels of an image of {@code shape}. */
    static Ranges whole(Voxels voxels, Shape shape) {
        return new Ranges(voxels, shape.arrayLength(), 1);
    }

    /** Returns a range for each slice across {@code axis}. */
    static Ranges slices(Voxels voxels, Shape shape, int axis) {
        return new Ranges(voxels, stride(shape, axis), shape.get(axis));
    }

    private static int stride(Shape shape, int axis) {
        return switch (axis) {
            case 0 -> shape.y() * shape.x();
            case 1 -> shape.x();
            default -> 1;
        };
    }

    /** Returns the voxels; each that is read counts. */
    Voxels seen() {
        return (from, target, at, length) -> {
            voxels.copyTo(from, target, at, length);
            for (int done = 0; done < length; ) {
                int run = Math.min(length - done, stride - (from + done) % stride);
                see((from + done) / stride % slices, target, at + done, run);
                done += run;
            }
        };
    }

    private void see(int slice, float[] values, int at, int length) {
        float least = low[slice];
        float most = high[slice];
        for (int i = at; i < at + length; i++) {
            float value = values[i];
            least = value < least ? value : least;
            most = value > most ? value : most;
        }
        low[slice] = least;
        high[slice] = most;
    }

    /** Clips an image to the one range of all voxels. */
    void clip(float[] image) {
        clip(image, 0, image.length, low[0], high[0]);
    }

    /** Clips each slice of an image of {@code shape} across {@code axis} to its own range. */
    void clip(float[] image, Shape shape, int axis) {
        int run = stride(shape, axis);
        for (int at = 0; at < image.length; at += run) {
            int slice = at / run % slices;
            clip(image, at, run, low[slice], high[slice]);
        }
    }

    private static void clip(float[] values, int at, int length, float low, float high) {
        for (int i = at; i < at + length; i++) {
            values[i] = Math.min(high, Math.max(low, values[i]));
        }
    }
}
