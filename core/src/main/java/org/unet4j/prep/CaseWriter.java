package org.unet4j.prep;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.unet4j.volume.LabelArray;

/**
 * Writes a prepared case under a temporary name, forces it to the disk and renames it: the final name never holds half a
 * case, whatever is killed when.
 */
final class CaseWriter {

    private static final Pattern UNFINISHED =
            Pattern.compile(".+" + Pattern.quote(CaseFormat.SUFFIX) + "(\\.[0-9a-f-]{36})?\\.part");
    private static final int CHUNK_BYTES = 1 << 20;

    private final FileChannel file;
    private final CaseFormat format;
    private final CRC32C checksum = new CRC32C();
    private final ByteBuffer chunk;

    private CaseWriter(FileChannel file, CaseFormat format) throws IOException {
        this.file = file;
        this.format = format;
        long body = format.fileLength() - format.headLength();
        this.chunk = ByteBuffer.allocateDirect((int) Math.min(CHUNK_BYTES, body + Long.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        file.position(format.headLength());
    }

    /** Writes {@code scan} as the case at {@code target}, replacing what is there. */
    static void write(Path target, CaseFormat format, PreparedScan scan, ForegroundLists lists) throws IOException {
        // Two processes may prepare one case: a scheduler repeats a shard that it has lost sight of.
        Path temporary = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".part");
        writeTemporary(temporary, format, scan, lists);
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Returns whether a file of this name is a case that was, or is being, written under its temporary name. */
    static boolean isUnfinished(String name) {
        return UNFINISHED.matcher(name).matches();
    }

    /** Writes everything but the name. A kill may leave the temporary file, which the next preparation removes. */
    static void writeTemporary(Path temporary, CaseFormat format, PreparedScan scan, ForegroundLists lists)
            throws IOException {
        try (FileChannel file = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            new CaseWriter(file, format).body(scan, lists);
            file.force(false);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw new IOException("[" + temporary + "] cannot be written: " + e.getMessage(), e);
        }
    }

    private void body(PreparedScan scan, ForegroundLists lists) throws IOException {
        for (int i = 0; i < format.channels(); i++) {
            for (float voxel : scan.channels().get(i)) {
                room(Short.BYTES).putShort(HalfPrecision.of(voxel));
            }
            padTo(format.channelStart(i + 1));
        }
        if (format.hasLabels()) {
            labels(scan.labels().orElseThrow());
            padTo(format.listsStart());
            for (int cls = 0; cls < format.listed().length; cls++) {
                for (int voxel : lists.of(cls)) {
                    room(Integer.BYTES).putInt(voxel);
                }
            }
        }
        flush();
        file.write(format.encode((int) checksum.getValue()), 0);
    }

    private void labels(LabelArray labels) throws IOException {
        for (int i = 0; i < labels.length(); i++) {
            if (format.labelBytes() == Short.BYTES) {
                room(Short.BYTES).putShort((short) labels.get(i));
            } else {
                room(1).put((byte) labels.get(i));
            }
        }
    }

    private ByteBuffer room(int bytes) throws IOException {
        if (chunk.remaining() < bytes) {
            flush();
        }
        return chunk;
    }

    private void padTo(long position) throws IOException {
        while (file.position() + chunk.position() < position) {
            room(1).put((byte) 0);
        }
    }

    private void flush() throws IOException {
        chunk.flip();
        checksum.update(chunk.duplicate());
        while (chunk.hasRemaining()) {
            file.write(chunk);
        }
        chunk.clear();
    }
}
