package org.unet4j.train;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The right to write results into a folder: one process at a time. A process that is killed loses it; the file stays and
 * means nothing by itself.
 */
public final class FolderLock implements AutoCloseable {

    /** Name of the file that is locked. */
    public static final String FILE = ".lock";

    /** What {@link org.unet4j.io.AtomicFile} calls a file that is not whole yet. */
    private static final Pattern UNFINISHED = Pattern.compile("\\..+\\.[0-9a-f]{8}-[0-9a-f-]{27}\\.tmp");

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Returns the right to write into {@code folder}, which is made where it does not exist.
     *
     * @throws IOException where another process has it, or another part of this one
     */
    public static FolderLock take(Path folder) throws IOException {
        Files.createDirectories(folder);
        FileChannel channel =
                FileChannel.open(folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isTaken(channel)) {
            channel.close();
            throw new IOException("[" + folder + "] is being trained by another process; wait for it, stop it,"
                    + " or choose another folder");
        }
        return new FolderLock(channel);
    }

    private static boolean isTaken(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    /** Deletes from {@code folder}, which this right is for, the files that killed processes left half-written. */
    public void removeUnfinished(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> unfinished;
        try (Stream<Path> files = Files.list(folder)) {
            unfinished = files.filter(file ->
                            UNFINISHED.matcher(file.getFileName().toString()).matches())
                    .toList();
        }
        for (Path file : unfinished) {
            Files.delete(file);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
