package org.unet4j.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The extensions of one file as they are read. */
final class NiftiExtensions {

    /** The four bytes behind the header; the first is not zero where extensions follow. */
    private static final int FLAG_BYTES = 4;

    /** The most that is kept in memory; larger ones are left in the file. */
    private static final int MAX_BYTES = 1 << 26;

    private final List<NiftiExtension> read = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private int bytes;

    private NiftiExtensions() {}

    /**
     * Reads all extensions. What cannot be one is passed over with a remark: it has nothing to say about the voxels.
     *
     * @param in just behind the header
     * @param end where the voxels start; where they are in another file, the most that there can be
     * @throws IOException if the file ends within one
     */
    static NiftiExtensions read(FileBytes in, ByteOrder order, long end) throws IOException {
        NiftiExtensions extensions = new NiftiExtensions();
        byte[] flag = new byte[FLAG_BYTES];
        if (end - in.offset() >= FLAG_BYTES && in.fill(flag, FLAG_BYTES) == FLAG_BYTES && flag[0] != 0) {
            while (end - in.offset() >= NiftiExtension.PREFIX_BYTES && extensions.readOne(in, order, end)) {
                // the next one follows
            }
        }
        return extensions;
    }

    /** Reads one extension; returns false when there are no more. */
    private boolean readOne(FileBytes in, ByteOrder order, long end) throws IOException {
        long at = in.offset();
        byte[] start = new byte[NiftiExtension.PREFIX_BYTES];
        if (in.fill(start, start.length) < start.length) {
            return false;
        }
        ByteBuffer prefix = ByteBuffer.wrap(start).order(order);
        int size = prefix.getInt();
        int code = prefix.getInt();
        if (size == 0 && code == 0) {
            return false; // zeros fill up the space before the voxels
        }
        int room = MAX_BYTES - bytes;
        if (size < NiftiExtension.PREFIX_BYTES || size > end - at || size > room) {
            remarks.add("the extension at offset " + at + " (code " + code + ") has " + size + " bytes where "
                    + Math.min(end - at, room) + " can be read; it and what follows it are left out");
            return false;
        }
        bytes += size;
        read.add(new NiftiExtension(
                code, in.next(size - NiftiExtension.PREFIX_BYTES, "an extension of " + size + " bytes")));
        return true;
    }

    List<NiftiExtension> list() {
        return read;
    }

    /** Returns what was out of the ordinary. */
    List<String> remarks() {
        return remarks;
    }
}
