package org.unet4j.io;

import java.io.IOException;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Volume;
import org.unet4j.volume.VoxelType;

/**
 * Counts and moments of the voxels of a file or a volume, after scaling.
 *
 * @param count all voxels
 * @param finite those that are neither NaN nor infinite
 * @param nan those that are not a number
 * @param min over finite voxels; NaN where there is none
 * @param max over finite voxels; NaN where there is none
 * @param mean over finite voxels; NaN where there is none
 * @param labels voxels of each value where the file could be a label map; else empty
 */
public record VoxelStatistics(
        long count, long finite, long nan, double min, double max, double mean, SortedMap<Integer, Long> labels) {

    private static final int CHUNK_VOXELS = 1 << 15;
    private static final int MAX_LABELS = 128;

    /** Returns the statistics of a volume. */
    public static VoxelStatistics of(Volume volume) {
        int count = volume.grid().shape().arrayLength();
        Tally tally = new Tally();
        boolean areShorts = volume.type() == VoxelType.INT16 && volume.slope() == 1 && volume.intercept() == 0;
        for (long from = 0; from < count; from += CHUNK_VOXELS) {
            int to = (int) Math.min(count, from + CHUNK_VOXELS);
            if (areShorts && !tally.couldBeLabels) {
                tally.addShorts((short[]) volume.array(), (int) from, to);
            } else {
                tally.add(volume::get, (int) from, to);
            }
        }
        return tally.statistics(count);
    }

    /** Returns the statistics of all voxels of a file, taken while they stream by. */
    static VoxelStatistics of(NiftiStream stream) throws IOException {
        NiftiHeader header = stream.header();
        VoxelType type = header.type();
        long count = header.dims().stream().reduce(1L, (a, b) -> a * b);
        Object chunk = type.newArray((int) Math.min(count, CHUNK_VOXELS));
        Tally tally = new Tally();
        for (long done = 0; done < count; done += CHUNK_VOXELS) {
            int length = (int) Math.min(count - done, CHUNK_VOXELS);
            stream.read(chunk, 0, length);
            tally.add(i -> type.get(chunk, i) * header.slope() + header.intercept(), 0, length);
        }
        return tally.statistics(count);
    }

    /** What is known of the voxels so far. */
    private static final class Tally {
        private long finite;
        private long nan;
        private double min = Double.POSITIVE_INFINITY;
        private double max = Double.NEGATIVE_INFINITY;
        private double sum;
        private boolean couldBeLabels = true;
        private int values;
        private final long[] byLabel = new long[Labels.MAX_CLASSES];

        /** Sums in chunks, which loses fewer digits than one long sum. */
        void add(IntToDoubleFunction voxels, int from, int to) {
            double chunkSum = 0;
            for (int i = from; i < to; i++) {
                double value = voxels.applyAsDouble(i);
                if (Double.isFinite(value)) {
                    finite++;
                    min = Math.min(min, value);
                    max = Math.max(max, value);
                    chunkSum += value;
                } else if (Double.isNaN(value)) {
                    nan++;
                }
                if (couldBeLabels) {
                    count(value);
                }
            }
            sum += chunkSum;
        }

        /** The same for voxels of a CT: all are finite, and their sum in whole numbers is exact. */
        void addShorts(short[] voxels, int from, int to) {
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

        VoxelStatistics statistics(long count) {
            boolean isEmpty = finite == 0;
            return new VoxelStatistics(
                    count,
                    finite,
                    nan,
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
