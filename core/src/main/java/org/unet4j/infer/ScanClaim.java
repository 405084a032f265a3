package org.unet4j.infer;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * The right to segment one scan into a folder, for as long as it is open. Without it two processes that were started on the same scans
 * would both find no labels there, and the slower one would replace what the other wrote.
 *
 * <p>It is a lock of the system's on {@code .<name of the scan>.lock}, which closing it deletes; of a process that is killed the
 * file stays, and means nothing. On a file system without locks everybody gets it. Once it was refused to another part of this
 * process, it no longer keeps other processes out: many systems drop a process's locks with any of its handles.
 */
final class ScanClaim implements AutoCloseable {

    private final Path file;
    private final FileChannel channel;

    private ScanClaim(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Returns the right to segment the scan {@code name} into {@code folder}; empty where another process has it, or another part of this
     * one.
     */
    static Optional<ScanClaim> take(Path folder, String name) throws IOException {
        Path file = folder.resolve("." + name + ".lock");
        Optional<Attempt> attempt = Optional.empty();
        while (attempt.isEmpty()) {
            attempt = attempt(file);
        }
        return attempt.get().claim();
    }

    /** What came of trying, once. */
    private record Attempt(Optional<ScanClaim> claim) {}

    /**
     * Tries once; returns nothing where whoever had the lock deleted the file meanwhile: a lock on what has no name any more keeps
     * nobody out. The file is told by its key alone, for closing another handle of it would end the lock.
     */
    private static Optional<Attempt> attempt(Path file) throws IOException {
        try {
            Optional<Object> made = made(file);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
            boolean kept = false;
            try {
                if (!locks(channel)) {
                    return Optional.of(new Attempt(Optional.empty()));
                }
                kept = key(file).equals(made);
                return kept ? Optional.of(new Attempt(Optional.of(new ScanClaim(file, channel)))) : Optional.empty();
            } finally {
                if (!kept) {
                    channel.close();
                }
            }
        } catch (NoSuchFileException deleted) {
            return Optional.empty();
        } catch (AccessDeniedException e) {
            throw Files.exists(file)
                    ? new IOException(
                            "[" + file + "] is another user's mark on a scan that is being segmented: delete it if no"
                                    + " process segments scans into this folder",
                            e)
                    : e;
        }
    }

    private static Optional<Object> made(Path file) throws IOException {
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException e) {
            return key(file);
        }
        return key(file);
    }

    /** Returns what tells a file from one that has its name later; empty on Windows. */
    private static Optional<Object> key(Path file) throws IOException {
        return Optional.ofNullable(
                Files.readAttributes(file, BasicFileAttributes.class).fileKey());
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
        } catch (FileSystemException stays) { // Another program looks at it; it means nothing without its lock.
            return;
        }
    }
}
