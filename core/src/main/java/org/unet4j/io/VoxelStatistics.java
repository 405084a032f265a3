package org.unet4j.io;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Volume;
import org.unet4j.volume.VoxelType;

/**
 * Counts and moments of the voxels of a file or a volume, after scaling.
 *
 * @param count all voxels
 * @param finite those that are neither NaN nor infinite
 * @param nan those that are not a number
 * @param firstNotFinite the index of the first that is not finite; -1 where all are
 * @param min over finite voxels; NaN where there is none
 * @param max over finite voxels; NaN where there is none
 * @param mean over finite voxels; NaN where there is none
 * @param labels voxels of each value where the file could be a label map; else empty
 */
public record VoxelStatistics(
        long count,
        long finite,
        long nan,
        long firstNotFinite,
        double min,
        double max,
        double mean,
        SortedMap<Integer, Long> labels) {

    private static final int MAX_LABELS = 128;

    /** Returns the statistics of a volume. */
    public static VoxelStatistics of(Volume volume) {
        int count = volume.grid().shape().arrayLength();
        Tally tally = new Tally(volume.type(), volume.slope(), volume.intercept());
        for (long from = 0; from < count; from += NiftiStream.CHUNK_VOXELS) {
            tally.take(volume.array(), (int) from, (int) Math.min(count - from, NiftiStream.CHUNK_VOXELS));
        }
        return tally.statistics();
    }

    /** What is known of the voxels so far. Sums in chunks, which loses fewer digits than one long sum. */
    static final class Tally implements VoxelSink {
        private final VoxelType type;
        private final double slope;
        private final double intercept;
        private final boolean areShorts;
        private long count;
        private long finite;
        private long nan;
        private long firstNotFinite = -1;
        private double min = Double.POSITIVE_INFINITY;
        private double max = Double.NEGATIVE_INFINITY;
        private double sum;
        private boolean couldBeLabels = true;
        private int values;
        private final long[] byLabel = new long[Labels.MAX_CLASSES];

        Tally(NiftiHeader header) {
            this(header.type(), header.slope(), header.intercept());
        }

        private Tally(VoxelType type, double slope, double intercept) {
            this.type = type;
            this.slope = slope;
            this.intercept = intercept;
            this.areShorts = type == VoxelType.INT16 && slope == 1 && intercept == 0;
        }

        @Override
        public void take(Object stored, int from, int length) {
            if (areShorts && !couldBeLabels) {
                addShorts((short[]) stored, from, from + length);
            } else {
                add(stored, from, from + length);
            }
            count += length;
        }

        private void add(Object stored, int from, int to) {
            double chunkSum = 0;
            for (int i = from; i < to; i++) {
                double value = type.get(stored, i) * slope + intercept;
                if (Double.isFinite(value)) {
                    finite++;
                    min = Math.min(min, value);
                    max = Math.max(max, value);
                    chunkSum += value;
                } else {
                    nan += Double.isNaN(value) ? 1 : 0;
                    firstNotFinite = firstNotFinite < 0 ? count + i - from : firstNotFinite;
                }
                if (couldBeLabels) {
                    count(value);
                }
            }
            sum += chunkSum;
        }

        /** The same for voxels of a CT: all are finite, and their sum in whole numbers is exact. */
        private void addShorts(short[] voxels, int from, int to) {
            int least = voxels[from];
            int most = least;
            int chunkSum = 0; // of at most 2^15 voxels of at most 2^15 each
            for (int i = from; i < to; i++) {
                int voxel = voxels[i];
                if (voxel < least) {
                    least = voxel;
                }
                if (voxel > most) {
                    most = voxel;
                }
                chunkSum += voxel;
            }
            finite += to - from;
            min = Math.min(min, least);
            max = Math.max(max, most);
            sum += chunkSum;
        }

        private void count(double value) {
            int label = (int) value;
            if (label != value || label < 0 || label >= byLabel.length) {
                couldBeLabels = false;
            } else if (byLabel[label]++ == 0) {
                values++;
                couldBeLabels = values <= MAX_LABELS;
            }
        }

        VoxelStatistics statistics() {
            boolean isEmpty = finite == 0;
            return new VoxelStatistics(
                    count,
                    finite,
                    nan,
                    firstNotFinite,
                    isEmpty ? Double.NaN : min,
                    isEmpty ? Double.NaN : max,
                    isEmpty ? Double.NaN : sum / finite,
                    couldBeLabels ? labels(byLabel) : Collections.emptySortedMap());
        }
    }

    private static SortedMap<Integer, Long> labels(long[] byLabel) {
        TreeMap<Integer, Long> labels = new TreeMap<>();
        for (int label = 0; label < byLabel.length; label++) {
            if (byLabel[label] > 0) {
                labels.put(label, byLabel[label]);
            }
        }
        return Collections.unmodifiableSortedMap(labels);
    }
}
