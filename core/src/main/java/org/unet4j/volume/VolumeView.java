package org.unet4j.volume;

/** A part of a volume in another order of voxels, whose rows run along the volume's own or against them. */
final class VolumeView implements Voxels {

    private final Volume volume;
    private final Shape shape;
    private final int start;
    private final int[] steps;

    /**
     * Makes the view of {@code shape} whose voxel (z, y, x) is voxel {@code start + z steps[0] + y steps[1] + x steps[2]} of the
     * volume; {@code steps[2]} is 1 or -1.
     */
    VolumeView(Volume volume, Shape shape, int start, int[] steps) {
        this.volume = volume;
        this.shape = shape;
        this.start = start;
        this.steps = steps;
    }

    @Override
    public void copyTo(int from, float[] target, int at, int length) {
        for (int done = 0; done < length; ) {
            int x = (from + done) % shape.x();
            int row = (from + done) / shape.x();
            int first = start + row / shape.y() * steps[0] + row % shape.y() * steps[1] + x * steps[2];
            int run = Math.min(length - done, shape.x() - x);
            if (steps[2] == 1) {
                volume.copyTo(first, target, at + done, run);
            } else {
                volume.copyTo(first - run + 1, target, at + done, run);
                reverse(target, at + done, run);
            }
            done += run;
        }
    }

    private static void reverse(float[] values, int at, int length) {
        for (int i = at, j = at + length - 1; i < j; i++, j--) {
            float value = values[i];
            values[i] = values[j];
            values[j] = value;
        }
    }
}
