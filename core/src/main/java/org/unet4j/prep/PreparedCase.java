package org.unet4j.prep;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.unet4j.volume.Box;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Shape;

/**
 * One prepared case of a store, mapped into memory: boxes of it are copied without reading the rest. Any number of threads may
 * use it.
 */
public final class PreparedCase implements LabelledCase {

    private static final int VERIFY_BYTES = 1 << 20;

    private final String id;
    private final Path file;
    private final CaseFormat format;
    private final ShortBuffer[] images;
    private final StoredLabels labels;
    private final IntBuffer lists;
    private final int[] listStart;

    private PreparedCase(
            String id, Path file, CaseFormat format, ShortBuffer[] images, StoredLabels labels, IntBuffer lists) {
        this.id = id;
        this.file = file;
        this.format = format;
        this.images = images;
        this.labels = labels;
        this.lists = lists;
        this.listStart = new int[format.listed().length + 1];
        for (int cls = 0; cls < format.listed().length; cls++) {
            listStart[cls + 1] = listStart[cls] + format.listed()[cls];
        }
    }

    /**
     * Maps the case.
     *
     * @throws IOException if the file is missing, cut short or no prepared case
     */
    static PreparedCase open(String id, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            CaseFormat format = head(file, channel);
            long voxels = format.recipe().shape().voxels();
            ShortBuffer[] images = new ShortBuffer[format.channels()];
            for (int i = 0; i < images.length; i++) {
                images[i] = map(channel, format.channelStart(i), voxels * Short.BYTES)
                        .asShortBuffer();
            }
            ByteBuffer section = map(channel, format.labelsStart(), voxels * format.labelBytes());
            StoredLabels labels = StoredLabels.of(section, format.labelBytes() == Short.BYTES);
            long listBytes = format.fileLength() - format.listsStart();
            IntBuffer lists = map(channel, format.listsStart(), listBytes).asIntBuffer();
            return new PreparedCase(id, file, format, images, labels, lists);
        } catch (NoSuchFileException e) {
            throw missing(file, e);
        }
    }

    private static IOException missing(Path file, IOException cause) {
        return new IOException("[" + file + "] is missing from the store; run prepare again", cause);
    }

    /** Returns the head of a prepared case's file. */
    static CaseFormat head(Path file, FileChannel channel) throws IOException {
        ByteBuffer start = start(channel, CaseFormat.USUAL_HEAD);
        int needed = CaseFormat.headLength(start);
        return CaseFormat.decode(file, needed > start.limit() ? start(channel, needed) : start, channel.size());
    }

    private static ByteBuffer start(FileChannel channel, int bytes) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(bytes);
        int read = 0;
        while (start.hasRemaining() && read >= 0) {
            read = channel.read(start, start.position());
        }
        return start.flip();
    }

    private static ByteBuffer map(FileChannel channel, long from, long bytes) throws IOException {
        return channel.map(FileChannel.MapMode.READ_ONLY, from, bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Returns whether the case was prepared by the plan and from the files of these hashes. */
    boolean isOf(long planHash, long sourceHash) {
        return format.planHash() == planHash && format.sourceHash() == sourceHash;
    }

    /** Returns the case's identifier. */
    public String id() {
        return id;
    }

    /** Returns the number of image channels. */
    @Override
    public int channels() {
        return format.channels();
    }

    /** Returns the size of the prepared volume. */
    @Override
    public Shape shape() {
        return format.recipe().shape();
    }

    /** Returns how to undo the preparation. */
    public Recipe recipe() {
        return format.recipe();
    }

    /** Returns whether the case has labels. */
    public boolean hasLabels() {
        return format.hasLabels();
    }

    /**
     * Copies the voxels of {@code box} into {@code target}, from position {@code at} on, in z, y, x order; outside the volume
     * they are 0. The target's own position is not moved.
     */
    @Override
    public void copyImage(int channel, Box box, FloatBuffer target, int at) {
        ShortBuffer image = images[channel];
        short[] halves = new short[box.shape().x()];
        float[] floats = new float[box.shape().x()];
        BoxRows.of(shape(), box).forEach((from, to, length) -> {
            if (from < 0) {
                Arrays.fill(floats, 0, length, 0);
            } else {
                image.get(from, halves, 0, length);
                HalfPrecision.toFloats(halves, floats, length);
            }
            target.put(at + to, floats, 0, length);
        });
    }

    /** Copies as {@link LabelledCase} says; an IllegalStateException says that the case has no labels. */
    @Override
    public void copyLabels(Box box, ByteBuffer target, int at) {
        StoredLabels voxels = requireLabels();
        BoxRows.of(shape(), box).forEach((from, to, length) -> {
            if (from < 0) {
                target.put(at + to, new byte[length]);
            } else {
                voxels.copy(from, target, at + to, length);
            }
        });
    }

    /** Copies as {@link LabelledCase} says; an IllegalStateException says that the case has no labels. */
    @Override
    public void copyLabels(Box box, IntBuffer target, int at) {
        StoredLabels voxels = requireLabels();
        BoxRows.of(shape(), box).forEach((from, to, length) -> {
            if (from < 0) {
                target.put(at + to, new int[length]);
            } else {
                voxels.copy(from, target, at + to, length);
            }
        });
    }

    /**
     * Returns the class of every voxel, in z, y, x order.
     *
     * @throws IllegalStateException if the case has no labels
     */
    public LabelArray labels() {
        return requireLabels().all(shape());
    }

    private StoredLabels requireLabels() {
        if (!hasLabels()) {
            throw new IllegalStateException("[" + id + "] has no labels");
        }
        return labels;
    }

    /** Returns the foreground classes that occur, ascending. */
    @Override
    public int[] classesPresent() {
        return IntStream.range(1, format.listed().length)
                .filter(cls -> format.listed()[cls] > 0)
                .toArray();
    }

    /** Returns how many voxels of class {@code cls} are listed: all, or 10 000 that are spread evenly at random. */
    @Override
    public int foregroundSamples(int cls) {
        return cls < format.listed().length ? format.listed()[cls] : 0;
    }

    /** Returns the flat index of listed voxel {@code i} of class {@code cls}. */
    @Override
    public int foregroundVoxel(int cls, int i) {
        if (i < 0 || i >= foregroundSamples(cls)) {
            throw new IndexOutOfBoundsException(
                    "[" + id + "] class " + cls + " has " + foregroundSamples(cls) + " listed voxels, asked for " + i);
        }
        return lists.get(listStart[cls] + i);
    }

    /** Returns the checksum of the voxels, labels and lists that was written with them; {@link #verify} compares. */
    int checksum() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return storedChecksum(channel);
        } catch (NoSuchFileException e) {
            throw missing(file, e);
        }
    }

    private static int storedChecksum(FileChannel channel) throws IOException {
        ByteBuffer stored = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        channel.read(stored, CaseFormat.BODY_CHECKSUM);
        return stored.getInt(0);
    }

    /**
     * Reads the whole case and checks it against the checksum that was written with it.
     *
     * @throws IOException if it is missing or was changed since
     */
    public void verify() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            CaseFormat now = head(file, channel);
            if (!isOf(now.planHash(), now.sourceHash())) {
                throw new IOException("[" + file + "] was prepared anew since it was opened; open the store again");
            }
            CRC32C crc = new CRC32C();
            ByteBuffer bytes = ByteBuffer.allocateDirect((int) Math.min(VERIFY_BYTES, format.fileLength()));
            channel.position(format.headLength());
            while (channel.read(bytes.clear()) > 0) {
                crc.update(bytes.flip());
            }
            if ((int) crc.getValue() != storedChecksum(channel)) {
                throw CaseFormat.damaged(file, "was changed since it was written (checksum)");
            }
        } catch (NoSuchFileException e) {
            throw missing(file, e);
        }
    }
}
