package org.unet4j.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Files that are there whole or not at all: written under a hidden temporary name in the same folder, forced to the disk,
 * then renamed. A process that dies in between leaves the old file as it was, and at most a file whose name starts with a
 * dot and ends in ".tmp".
 */
public final class AtomicFile {

    private static final int BUFFER_BYTES = 1 << 16;

    /** Writes the content of a file. */
    @FunctionalInterface
    public interface Writer {
        /**
         * Writes everything to {@code out}; need not close it.
         *
         * @throws IOException if it cannot; the target then stays as it was
         */
        void write(OutputStream out) throws IOException;
    }

    private AtomicFile() {}

    /**
     * Writes {@code target}, replacing a file of that name and creating missing folders above it.
     *
     * @throws IOException if anything could not be written (a full disk, for one); the target is as it was before and the
     *     temporary file is gone
     */
    public static void write(Path target, Writer content) throws IOException {
        Path file = target.toAbsolutePath();
        Path temporary = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            Files.createDirectories(file.getParent());
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
                content.write(out);
                out.flush();
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            forceFolder(file.getParent());
        } catch (IOException e) {
            throw new IOException(
                    "[" + file.getFileName() + "] could not be written in " + file.getParent() + ": " + e.getMessage(),
                    e);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /**
     * Gives the whole file {@code from} the name {@code to} in the same folder, replacing a file of that name; it lasts through a
     * power cut.
     *
     * @throws IOException if it cannot be renamed; both are then as they were
     */
    public static void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceFolder(to.toAbsolutePath().getParent());
    }

    /** Makes the rename itself last through a power cut, where the system can open folders (not on Windows). */
    private static void forceFolder(Path folder) throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
