package org.unet4j.volume;

/**
 * Linear interpolation of an image that comes slice by slice, from the first one on, and leaves so too: two slices are in
 * memory at a time, whatever the image's size. Equal to {@link Resample#image} of order {@link Order#LINEAR} to rounding.
 */
public final class LinearSlices {

    /** Takes finished slices. */
    @FunctionalInterface
    public interface Sink {

        /** Takes slice {@code z} of all channels, one after the other; the array changes afterwards. */
        void take(int z, float[] sliceCHW);
    }

    private final int channels;
    private final Shape from;
    private final Shape to;
    private final Sink sink;
    private final float[] finished;
    private float[] before;
    private int taken;
    private int given;

    /** Makes the interpolation of an image of {@code channels} channels of shape {@code from} to shape {@code to}. */
    public LinearSlices(int channels, Shape from, Shape to, Sink sink) {
        this.channels = channels;
        this.from = from;
        this.to = to;
        this.sink = sink;
        this.finished = new float[Math.multiplyExact(channels, to.y() * to.x())];
        this.before = finished;
    }

    /**
     * Takes the next slice, of all channels one after the other, and hands on all slices that it completes.
     *
     * @throws IllegalArgumentException if it has another size, or there are no slices left
     */
    public void add(float[] sliceCHW) {
        if (sliceCHW.length != (long) channels * from.y() * from.x()) {
            throw new IllegalArgumentException("a slice of " + channels + " channels of " + from + " has "
                    + (long) channels * from.y() * from.x() + " values, given " + sliceCHW.length);
        }
        if (taken == from.z()) {
            throw new IllegalArgumentException("all " + from.z() + " slices were given already");
        }
        float[] here = Resample.image(
                sliceCHW, new Shape(channels, from.y(), from.x()), new Shape(channels, to.y(), to.x()), Order.LINEAR);
        for (; given < to.z(); given++) {
            double at = Math.min(Math.max(ResampleAxis.position(given, from.z(), to.z()), 0), from.z() - 1);
            if (at > taken) {
                break;
            }
            float weight = (float) (at - (taken - 1));
            float other = (float) (taken - at);
            for (int i = 0; i < finished.length; i++) {
                finished[i] = other == 0 ? here[i] : other * before[i] + weight * here[i];
            }
            sink.take(given, finished);
        }
        before = here;
        taken++;
    }
}
