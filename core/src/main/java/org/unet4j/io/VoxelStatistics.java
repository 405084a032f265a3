package org.unet4j.io;

import java.io.IOException;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.unet4j.volume.Labels;
import org.unet4j.volume.VoxelType;

/**
 * Counts and moments of a file's voxels, after scaling, taken while they stream by.
 *
 * @param count all voxels
 * @param finite those that are neither NaN nor infinite
 * @param nan those that are not a number
 * @param min over finite voxels; NaN where there is none
 * @param max over finite voxels; NaN where there is none
 * @param mean over finite voxels; NaN where there is none
 * @param labels voxels of each value where the file could be a label map; else empty
 */
record VoxelStatistics(
        long count, long finite, long nan, double min, double max, double mean, SortedMap<Integer, Long> labels) {

    private static final int CHUNK_VOXELS = 1 << 15;
    private static final int MAX_LABELS = 128;

    static VoxelStatistics of(NiftiStream stream) throws IOException {
        NiftiHeader header = stream.header();
        VoxelType type = header.type();
        long count = header.dims().stream().reduce(1L, (a, b) -> a * b);
        Object chunk = type.newArray((int) Math.min(count, CHUNK_VOXELS));
        long finite = 0;
        long nan = 0;
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        double sum = 0;
        boolean areWhole = true;
        long[] byLabel = new long[Labels.MAX_CLASSES];
        for (long done = 0; done < count; done += CHUNK_VOXELS) {
            int length = (int) Math.min(count - done, CHUNK_VOXELS);
            stream.read(chunk, 0, length);
            double chunkSum = 0;
            for (int i = 0; i < length; i++) {
                double value = type.get(chunk, i) * header.slope() + header.intercept();
                if (Double.isFinite(value)) {
                    finite++;
                    min = Math.min(min, value);
                    max = Math.max(max, value);
                    chunkSum += value;
                } else if (Double.isNaN(value)) {
                    nan++;
                }
                int label = (int) value;
                if (label == value && label >= 0 && label < byLabel.length) {
                    byLabel[label]++;
                } else {
                    areWhole = false;
                }
            }
            sum += chunkSum;
        }
        boolean isEmpty = finite == 0;
        return new VoxelStatistics(
                count,
                finite,
                nan,
                isEmpty ? Double.NaN : min,
                isEmpty ? Double.NaN : max,
                isEmpty ? Double.NaN : sum / finite,
                areWhole ? labels(byLabel) : Collections.emptySortedMap());
    }

    private static SortedMap<Integer, Long> labels(long[] byLabel) {
        TreeMap<Integer, Long> labels = new TreeMap<>();
        for (int label = 0; label < byLabel.length; label++) {
            if (byLabel[label] > 0) {
                labels.put(label, byLabel[label]);
            }
        }
        return labels.size() <= MAX_LABELS ? Collections.unmodifiableSortedMap(labels) : Collections.emptySortedMap();
    }
}
