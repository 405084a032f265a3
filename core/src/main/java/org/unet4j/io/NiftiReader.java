package org.unet4j.io;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Volume;

/** Makes volumes of an open scan, once its geometry is known to be usable and its voxels to fit into memory. */
final class NiftiReader {

    /** The longest array that every Java virtual machine allows. */
    private static final int MAX_VOXELS = Integer.MAX_VALUE - 8;

    private static final double GIB = 1L << 30;

    /** What is read before the next word about it. */
    private static final int PIECE_VOXELS = 1 << 19;

    private final NiftiStream stream;
    private final NiftiHeader header;

    private NiftiReader(NiftiStream stream) {
        this.stream = stream;
        this.header = stream.header();
    }

    /** Returns a reader of a scan that is at its first voxel. */
    static NiftiReader of(NiftiStream stream) throws IOException {
        NiftiReader reader = new NiftiReader(stream);
        reader.requireGrid();
        return reader;
    }

    NiftiHeader header() {
        return header;
    }

    /** Returns the only volume. */
    Volume one() throws IOException {
        return one(Arrival.unheard());
    }

    /** Returns the only volume, and tells of it while it comes. */
    Volume one(Arrival arrival) throws IOException {
        requireOne();
        return one(0, arrival);
    }

    /** Fails if there are several volumes. */
    void requireOne() throws IOException {
        if (header.channels() != 1) {
            throw new IOException("[" + stream.file() + "] holds " + header.channels() + " volumes ("
                    + header.dimsText() + "); one is expected here: write the one that is meant to a file of its own");
        }
    }

    /** Returns one of the volumes; the others are passed over. */
    Volume one(long channel) throws IOException {
        return one(channel, Arrival.unheard());
    }

    /** Returns one of the volumes, and tells of it while it comes. */
    Volume one(long channel, Arrival arrival) throws IOException {
        requireMemory(1);
        stream.skipTo(channel);
        Volume volume = next(arrival);
        stream.skipRest(channel);
        return volume;
    }

    /** Returns all volumes. */
    List<Volume> all() throws IOException {
        requireMemory(header.channels());
        List<Volume> channels = new ArrayList<>();
        for (long channel = 0; channel < header.channels(); channel++) {
            channels.add(next(Arrival.unheard()));
        }
        stream.finish();
        return channels;
    }

    private Volume next(Arrival arrival) throws IOException {
        Grid grid = header.grid();
        int voxels = grid.shape().arrayLength();
        Object array;
        try {
            array = header.type().newArray(voxels);
        } catch (OutOfMemoryError e) { // What else is in use now is known to nobody else.
            throw new IOException(
                    needs(header.channels()) + "but too much of that is in use; "
                            + HeapAdvice.giveFor(bytes(header.channels())),
                    e);
        }
        Volume volume = new Volume(grid, header.type(), array, header.slope(), header.intercept());
        arrival.begin(volume);
        for (int at = 0; at < voxels; ) {
            int piece = Math.min(PIECE_VOXELS, voxels - at);
            stream.read(array, at, piece);
            at += piece;
            arrival.come(at);
        }
        return volume;
    }

    private void requireGrid() throws IOException {
        double voxels = (double) header.size(0) * header.size(1) * header.size(2);
        if (voxels > MAX_VOXELS) {
            throw new IOException("[" + stream.file() + "] a volume of " + header.dimsText()
                    + " voxels is too large: at most " + MAX_VOXELS + " fit; crop or downsample it");
        }
        String problem = header.geometryProblem().orElse("");
        if (!problem.isEmpty()) {
            throw NiftiHeaderParser.error(
                    stream.file(),
                    header.geometryOffset(),
                    problem + "; repair the header with the scan's true geometry");
        }
    }

    private void requireMemory(long channels) throws IOException {
        if (bytes(channels) > Runtime.getRuntime().maxMemory()) {
            throw new IOException(needs(channels) + HeapAdvice.giveFor(bytes(channels)));
        }
    }

    private double bytes(long channels) {
        return (double) header.shape().voxels() * channels * header.type().bytes();
    }

    private String needs(long channels) {
        return String.format(
                Locale.ROOT,
                "[%s] its voxels (%s %s) need %.1f GiB, Java may use %.1f GiB; ",
                stream.file(),
                header.dimsText(),
                header.type().label(),
                bytes(channels) / GIB,
                Runtime.getRuntime().maxMemory() / GIB);
    }
}
