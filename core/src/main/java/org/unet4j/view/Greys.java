package org.unet4j.view;

import java.util.Arrays;
import java.util.List;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Volume;
import org.unet4j.volume.VoxelType;

/**
 * A scan's values in 256 steps.
 *
 * @param start the window that it is shown with at first
 * @param least grey 0, and all that is below
 * @param most grey 255, and all that is above, greater than {@code least}
 */
record Greys(Brightness start, double least, double most) {

    private static final int MOST_SAMPLES = 200_000;
    private static final double TAIL = 0.01;
    private static final int STEPS = 255;

    /**
     * Returns those that keep what matters: from the first window of the whole scan, widened where the values under labels,
     * from the 1st to the 99th percentile, lie beyond.
     *
     * @param part the scan where the label maps are
     */
    static Greys of(Volume whole, Volume part, List<LabelMap> maps) {
        Brightness start = Brightness.of(whole);
        double least = start.low();
        double most = start.high();
        for (LabelMap map : maps) {
            double[] values = sample(part, map.labels());
            if (values.length > 0) {
                least = Math.min(least, values[(int) (TAIL * (values.length - 1))]);
                most = Math.max(most, values[(int) ((1 - TAIL) * (values.length - 1))]);
            }
        }
        return new Greys(start, least, most);
    }

    /** Returns finite values of some labelled voxels, sorted. */
    private static double[] sample(Volume image, Labels labels) {
        int voxels = image.grid().shape().arrayLength();
        long labelled = voxels - labels.counts()[0];
        long step = Math.max(1, labelled / MOST_SAMPLES);
        double[] values = new double[(int) (labelled / step + 1)];
        int kept = 0;
        long seen = 0;
        for (int i = 0; i < voxels; i++) {
            if (labels.get(i) != 0 && seen++ % step == 0 && Double.isFinite(image.get(i))) {
                values[kept++] = image.get(i);
            }
        }
        double[] finite = Arrays.copyOf(values, kept);
        Arrays.sort(finite);
        return finite;
    }

    /** Returns an image in greys; what is not finite is black. */
    Volume apply(Volume image) {
        int voxels = image.grid().shape().arrayLength();
        byte[] greys = new byte[voxels];
        for (int i = 0; i < voxels; i++) {
            double value = image.get(i);
            long grey = Double.isFinite(value) ? Math.round((value - least) / slope()) : 0;
            greys[i] = (byte) Math.min(STEPS, Math.max(0, grey));
        }
        return new Volume(image.grid(), VoxelType.UINT8, greys, slope(), least);
    }

    private double slope() {
        return (most - least) / STEPS;
    }

    /** Returns what a page has to know of greys that are stored x fastest. */
    Description.Image describe(Shape shape) {
        return new Description.Image(
                VoxelType.UINT8.label(),
                0,
                List.of(shape.y() * shape.x(), shape.x(), 1),
                slope(),
                least,
                start.isHounsfield() ? "HU" : "",
                start.low(),
                start.high(),
                least,
                most,
                true);
    }
}
