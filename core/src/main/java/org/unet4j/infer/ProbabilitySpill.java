package org.unet4j.infer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.unet4j.io.ProbabilityFile;
import org.unet4j.prep.ProbabilitySlices;
import org.unet4j.prep.Recipe;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Strides;

/**
 * Probabilities on their way from slices, in which they are computed for all classes at once, to classes, in which a file holds
 * them: in a temporary file, each class of each slice deflated by itself. Nowhere are classes x voxels of a scan in memory; most
 * classes are nowhere in most slices and take no room at all.
 *
 * <p>Close it to free the disk. The file has no name where the system allows that, and then goes with the process too.
 */
final class ProbabilitySpill implements ProbabilitySlices, ProbabilityFile.Classes, AutoCloseable {

    private final Shape slices;
    private final Strides places;
    private final int voxels;
    private final FileChannel file;
    /** Of each slice and class, where its block is. */
    private final long[][] starts;
    /** Of each slice and class, how long its block is; 0 where all of it is 0. */
    private final int[][] lengths;

    private long end;

    /** Makes a temporary file in {@code folder}, which must exist. */
    ProbabilitySpill(Path folder, Recipe recipe, int classes) throws IOException {
        slices = recipe.cropped().shape();
        places = recipe.places();
        voxels = recipe.original().shape().arrayLength();
        starts = new long[slices.z()][classes];
        lengths = new int[slices.z()][classes];
        file = FileChannel.open(
                folder.resolve(".probabilities." + UUID.randomUUID() + ".tmp"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
    }

    /** Writes the slice away; fails with an UncheckedIOException if the disk is full. */
    @Override
    public void take(int z, short[][] shares) {
        byte[][] blocks = new byte[shares.length][];
        IntStream.range(0, shares.length).parallel().forEach(cls -> blocks[cls] = deflated(shares[cls]));
        try {
            for (int cls = 0; cls < blocks.length; cls++) {
                starts[z][cls] = end;
                lengths[z][cls] = blocks[cls].length;
                ByteBuffer block = ByteBuffer.wrap(blocks[cls]);
                while (block.hasRemaining()) {
                    end += file.write(block, end);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    new IOException("probabilities could not be written beside the labels: " + e.getMessage(), e));
        }
    }

    private static byte[] deflated(short[] shares) {
        if (isZero(shares)) {
            return new byte[0];
        }
        ByteBuffer bytes = ByteBuffer.allocate(shares.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asShortBuffer().put(shares);
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
        try {
            deflater.setInput(bytes.array());
            deflater.finish();
            byte[] room = new byte[1 << 12];
            int filled = 0;
            while (!deflater.finished()) {
                room = filled == room.length ? Arrays.copyOf(room, 2 * filled) : room;
                filled += deflater.deflate(room, filled, room.length - filled);
            }
            return Arrays.copyOf(room, filled);
        } finally {
            deflater.end();
        }
    }

    private static boolean isZero(short[] shares) {
        for (short share : shares) {
            if (share != 0) {
                return false;
            }
        }
        return true;
    }

    /** Sets what was cropped away to background. */
    @Override
    public void read(int cls, short[] shares) throws IOException {
        if (shares.length != voxels) {
            throw new IllegalArgumentException("a scan of " + voxels + " voxels, given room for " + shares.length);
        }
        Arrays.fill(shares, (short) (cls == 0 ? ProbabilityFile.ONE : 0));
        try {
            IntStream.range(0, slices.z()).parallel().forEach(z -> place(z, inflated(z, cls), shares));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private short[] inflated(int z, int cls) {
        short[] slice = new short[slices.y() * slices.x()];
        int length = lengths[z][cls];
        if (length == 0) {
            return slice;
        }
        ByteBuffer block = ByteBuffer.allocate(length);
        Inflater inflater = new Inflater(true);
        try {
            while (block.hasRemaining()) {
                if (file.read(block, starts[z][cls] + block.position()) < 0) {
                    throw new IOException("a temporary file of probabilities is shorter than it was");
                }
            }
            ByteBuffer bytes = ByteBuffer.allocate(slice.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            inflater.setInput(block.array());
            if (inflater.inflate(bytes.array()) != bytes.capacity()) {
                throw new IOException("a temporary file of probabilities was changed");
            }
            bytes.asShortBuffer().get(slice);
            return slice;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (DataFormatException e) {
            throw new UncheckedIOException(new IOException("a temporary file of probabilities was changed", e));
        } finally {
            inflater.end();
        }
    }

    private void place(int z, short[] slice, short[] shares) {
        for (int y = 0; y < slices.y(); y++) {
            int at = places.row(z, y);
            for (int x = 0; x < slices.x(); x++) {
                shares[at + x * places.x()] = slice[y * slices.x() + x];
            }
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
