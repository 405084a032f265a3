package org.unet4j.infer;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The right to segment one scan into a folder, for as long as it is open. Without it two processes that were started on the same scans
 * would both find no labels there, and the slower one would replace what the other wrote.
 *
 * <p>It is a lock of the system's on {@code .<name of the scan>.lock}, which closing it deletes; of a process that is killed the
 * file stays, and means nothing. On a file system without locks everybody gets it.
 */
final class ScanClaim implements AutoCloseable {

    private final Path file;
    private final FileChannel channel;

    private ScanClaim(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Returns the right to segment the scan {@code name} into {@code folder}; empty where another process has it, or another part of this one. */
    static Optional<ScanClaim> take(Path folder, String name) throws IOException {
        Path file = folder.resolve("." + name + ".lock");
        while (true) {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            ScanClaim claim = new ScanClaim(file, channel);
            boolean kept = false;
            try {
                if (!locks(channel)) {
                    return Optional.empty();
                }
                // Whoever had it may have deleted the file between opening and locking: a lock on what has no name
                // keeps nobody out.
                kept = Files.exists(file);
                if (kept) {
                    return Optional.of(claim);
                }
            } finally {
                if (!kept) {
                    channel.close();
                }
            }
        }
    }

    private static boolean locks(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        } catch (IOException noLocksHere) {
            // Some network file systems: whoever works there keeps scans apart by shards.
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            Files.deleteIfExists(file);
        }
    }
}
