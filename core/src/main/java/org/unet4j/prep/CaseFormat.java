package org.unet4j.prep;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Box;
import org.unet4j.volume.Grid;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;

/**
 * The head of a prepared case's file, and where what follows it lies. Everything is little-endian; sections start at
 * multiples of 64 bytes, the bytes between them are 0.
 *
 * <pre>
 *    0  "unet4j" 0                        magic            7  byte  version, 2
 *    8  int    channels                   12  int  classes in the table, 0 without labels
 *   16  long   length of the file         24  int  CRC32C of all after the head   28  int CRC32C of the head without this
 *   32  long   hash of what the plan does to scans     40  long  hash of the source files' bytes
 *   48  12 double  affine of the scan     144 3 int  shape of the scan
 *  156  6 int  crop: start, shape         180 3 int  shape of the prepared case
 *  192  per class: int, how many of its voxels are listed
 *       per channel: half voxels          (a section each) IEEE 754 binary16, normalised, in z, y, x order
 *       unsigned labels                   (a section; only with labels) a byte each, or a short where the table has more than
 *                                         256 classes
 *       per class: int flat voxel indices (one section; only with labels) for sampling: {@link ForegroundLists}
 * </pre>
 *
 * <p>A file is written under another name and renamed when it is whole. The checksum of the head is compared whenever it is
 * read, that of the body once in every process that uses the case ({@link PreparedCase#verify}). The same scan, labels, plan
 * and version give the same bytes.
 *
 * @param channels image channels, at least one
 * @param listed how many voxels of each class are listed; empty without labels
 * @param planHash {@link Plan#preparationHash()}
 * @param sourceHash {@link StoreIndex#sourceHash}
 * @param recipe what was done to the geometry
 */
@SuppressWarnings("ArrayRecordComponent") // one count a class; made here and never changed
record CaseFormat(int channels, int[] listed, long planHash, long sourceHash, Recipe recipe) {

    static final String SUFFIX = ".case";
    static final byte VERSION = 2;
    private static final byte[] MAGIC = {'u', 'n', 'e', 't', '4', 'j', 0};
    private static final int CLASSES = 12;
    private static final int LENGTH = 16;
    static final int BODY_CHECKSUM = 24;
    private static final int HEAD_CHECKSUM = 28;
    private static final int FIXED = 192;
    private static final int ALIGNMENT = 64;
    private static final long MOST_VOXELS = Integer.MAX_VALUE / Short.BYTES;
    private static final int MOST_CLASSES = Labels.MAX_CLASSES;

    /** Enough bytes of a file for the head of a case with few classes. */
    static final int USUAL_HEAD = 1 << 11;

    CaseFormat {
        if (recipe.shape().voxels() > MOST_VOXELS) {
            throw new IllegalArgumentException("a prepared scan of " + recipe.shape() + " has "
                    + recipe.shape().voxels() + " voxels; at most " + MOST_VOXELS
                    + " can be mapped: choose a coarser spacing in the plan");
        }
    }

    boolean hasLabels() {
        return listed.length > 0;
    }

    long channelStart(int channel) {
        return headLength() + channel * aligned(Short.BYTES * recipe.shape().voxels());
    }

    long labelsStart() {
        return channelStart(channels);
    }

    /** Returns how many bytes a voxel takes in the section of labels: 0 without labels, 1, or 2. */
    int labelBytes() {
        if (!hasLabels()) {
            return 0;
        }
        return listed.length <= LabelArray.NARROW_CLASSES ? Byte.BYTES : Short.BYTES;
    }

    long listsStart() {
        return labelsStart() + aligned(labelBytes() * recipe.shape().voxels());
    }

    long fileLength() {
        long indices = 0;
        for (int count : listed) {
            indices += count;
        }
        return listsStart() + Integer.BYTES * indices;
    }

    int headLength() {
        return headLength(listed.length);
    }

    private static int headLength(int classes) {
        return (int) aligned(FIXED + (long) Integer.BYTES * Math.max(0, Math.min(MOST_CLASSES, classes)));
    }

    /** Returns how long the head is that begins with {@code start}; that of a file that is none is as long as {@code start}. */
    static int headLength(ByteBuffer start) {
        return start.limit() < FIXED
                ? start.limit()
                : headLength(start.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(CLASSES));
    }

    private static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** Returns the head, given the checksum of all that follows it. */
    ByteBuffer encode(int bodyChecksum) {
        ByteBuffer head = ByteBuffer.allocate(headLength()).order(ByteOrder.LITTLE_ENDIAN);
        head.put(MAGIC).put(VERSION).putInt(channels).putInt(listed.length).putLong(fileLength());
        head.putInt(bodyChecksum).putInt(0).putLong(planHash).putLong(sourceHash);
        Affine a = recipe.original().affine();
        double[] affine = {
            a.xx(), a.xy(), a.xz(), a.xt(), a.yx(), a.yy(), a.yz(), a.yt(), a.zx(), a.zy(), a.zz(), a.zt()
        };
        for (double value : affine) {
            head.putDouble(value);
        }
        put(head, recipe.original().shape());
        head.putInt(recipe.crop().z0())
                .putInt(recipe.crop().y0())
                .putInt(recipe.crop().x0());
        put(head, recipe.crop().shape());
        put(head, recipe.shape());
        for (int count : listed) {
            head.putInt(count);
        }
        return head.putInt(HEAD_CHECKSUM, headChecksum(head)).rewind();
    }

    private static void put(ByteBuffer head, Shape shape) {
        head.putInt(shape.z()).putInt(shape.y()).putInt(shape.x());
    }

    private static int headChecksum(ByteBuffer head) {
        CRC32C crc = new CRC32C();
        crc.update(head.duplicate().position(0).limit(HEAD_CHECKSUM));
        crc.update(head.duplicate().limit(head.capacity()).position(HEAD_CHECKSUM + Integer.BYTES));
        return (int) crc.getValue();
    }

    /**
     * Returns what the head says.
     *
     * @param start the file's first bytes, at least its head if it is one
     * @param actualLength the file's length
     * @throws IOException if this is no whole prepared case
     */
    static CaseFormat decode(Path file, ByteBuffer start, long actualLength) throws IOException {
        ByteBuffer head = start.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (head.limit() < FIXED || !head.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
            throw damaged(file, "is no prepared case");
        }
        if (head.get(MAGIC.length) != VERSION) {
            throw damaged(
                    file, "has version " + head.get(MAGIC.length) + " of the format, and this unet4j reads " + VERSION);
        }
        if (head.getLong(LENGTH) != actualLength) {
            throw damaged(file, "has " + actualLength + " bytes where its head says " + head.getLong(LENGTH));
        }
        int classes = head.getInt(CLASSES);
        int length = headLength(classes);
        if (head.limit() < length || headChecksum(head.slice(0, length)) != head.getInt(HEAD_CHECKSUM)) {
            throw damaged(file, "has a damaged head (checksum)");
        }
        return read(head.position(32), head.getInt(8), classes);
    }

    private static CaseFormat read(ByteBuffer head, int channels, int classes) {
        long planHash = head.getLong();
        long sourceHash = head.getLong();
        double[][] rows = new double[3][4];
        for (double[] row : rows) {
            for (int column = 0; column < row.length; column++) {
                row[column] = head.getDouble();
            }
        }
        Grid original = new Grid(shape(head), Affine.of(rows));
        Box crop = new Box(head.getInt(), head.getInt(), head.getInt(), shape(head));
        Recipe recipe = new Recipe(original, crop, shape(head));
        int[] listed = new int[classes];
        for (int cls = 0; cls < classes; cls++) {
            listed[cls] = head.getInt();
        }
        return new CaseFormat(channels, listed, planHash, sourceHash, recipe);
    }

    private static Shape shape(ByteBuffer head) {
        return new Shape(head.getInt(), head.getInt(), head.getInt());
    }

    static IOException damaged(Path file, String what) {
        return new IOException("[" + file + "] " + what + "; run prepare again, which makes it anew");
    }
}
