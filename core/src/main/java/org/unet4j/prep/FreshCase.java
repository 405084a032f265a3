package org.unet4j.prep;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Optional;
import java.util.stream.IntStream;
import org.unet4j.io.Case;
import org.unet4j.volume.Box;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Shape;

/** A case that was read and prepared a moment ago and lies in memory: what a store saves its readers from. */
public final class FreshCase implements LabelledCase {

    private final PreparedScan prepared;
    private final LabelArray labels;
    private final ForegroundLists lists;

    private FreshCase(PreparedScan prepared, ForegroundLists lists) {
        this.prepared = prepared;
        this.labels = prepared.labels().orElseThrow();
        this.lists = lists;
    }

    /**
     * Returns the case of these files, prepared by {@code plan}: the numbers that a store would hold, before it rounds them.
     *
     * @throws IOException if a file cannot be read or there are no labels
     */
    public static FreshCase read(Case given, Plan plan) throws IOException {
        Scan scan = given.readScan();
        Labels labels = given.readLabels(scan.grid());
        PreparedScan prepared = Preparation.apply(plan, scan, Optional.of(labels));
        return new FreshCase(prepared, ForegroundLists.of(prepared.labels().orElseThrow(), plan.classCount()));
    }

    @Override
    public int channels() {
        return prepared.channels().size();
    }

    @Override
    public Shape shape() {
        return prepared.shape();
    }

    @Override
    public void copyImage(int channel, Box box, FloatBuffer target, int at) {
        float[] voxels = prepared.channels().get(channel);
        BoxRows.of(shape(), box).forEach((from, to, length) -> {
            if (from < 0) {
                target.put(at + to, new float[length]);
            } else {
                target.put(at + to, voxels, from, length);
            }
        });
    }

    @Override
    public void copyLabels(Box box, ByteBuffer target, int at) {
        if (labels.isWide()) {
            throw new IllegalArgumentException("labels of more than " + LabelArray.NARROW_CLASSES
                    + " classes do not fit into bytes; copy them into ints");
        }
        byte[] classes = labels.bytes();
        BoxRows.of(shape(), box).forEach((from, to, length) -> {
            if (from < 0) {
                target.put(at + to, new byte[length]);
            } else {
                target.put(at + to, classes, from, length);
            }
        });
    }

    @Override
    public void copyLabels(Box box, IntBuffer target, int at) {
        BoxRows.of(shape(), box).forEach((from, to, length) -> {
            for (int i = 0; i < length; i++) {
                target.put(at + to + i, from < 0 ? 0 : labels.get(from + i));
            }
        });
    }

    @Override
    public int[] classesPresent() {
        int[] counts = lists.counts();
        return IntStream.range(1, counts.length).filter(cls -> counts[cls] > 0).toArray();
    }

    @Override
    public int foregroundSamples(int cls) {
        return lists.of(cls).length;
    }

    @Override
    public int foregroundVoxel(int cls, int i) {
        return lists.of(cls)[i];
    }
}
