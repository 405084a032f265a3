package org.unet4j.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The right to write results into a folder: one process at a time, or several that share it and only add files. A process that is killed loses it; the file stays and
 * means only that the folder was taken once.
 */
public final class FolderLock implements AutoCloseable {

    private static final String FILE = ".lock";

    /** What {@link AtomicFile} calls a file that is not whole yet. */
    private static final Pattern UNFINISHED = Pattern.compile("\\..+\\.[0-9a-f]{8}-[0-9a-f-]{27}\\.tmp");

    private final FileChannel channel;
    private final boolean shared;

    private FolderLock(FileChannel channel, boolean shared) {
        this.channel = channel;
        this.shared = shared;
    }

    /**
     * Returns the right to write into {@code folder}, which is made where it does not exist.
     *
     * @param doing what the other process would be doing to the folder, such as "trained"
     * @throws FolderTakenException where another process has it, or another part of this one
     */
    public static FolderLock take(Path folder, String doing) throws IOException {
        return take(folder, doing, false);
    }

    /**
     * Returns the right to add files to {@code folder} while other processes do so too, and none has it alone. Each must write a
     * file under a name of its own and then rename it; nobody deletes.
     *
     * @param doing what a process that has the folder alone would be doing to it, such as "trained"
     * @throws IOException where another process has it alone, or another part of this one has it
     */
    public static FolderLock takeShared(Path folder, String doing) throws IOException {
        return take(folder, doing, true);
    }

    private static FolderLock take(Path folder, String doing, boolean shared) throws IOException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new IOException(
                    "[" + folder + "] cannot be made (" + e.getClass().getSimpleName() + ": " + e.getMessage()
                            + "); give a folder in a place that can be written to",
                    e);
        }
        FileChannel channel = FileChannel.open(
                folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (!isTaken(channel, shared)) {
            channel.close();
            throw new FolderTakenException("[" + folder + "] is being " + doing
                    + " by another process; wait for it, stop it," + " or choose another folder");
        }
        return new FolderLock(channel, shared);
    }

    /**
     * Returns once no other process has the right to write into {@code folder}, alone or together with others.
     *
     * @throws IOException where another part of this process has it
     */
    public static void awaitFree(Path folder) throws IOException {
        if (!wasTaken(folder)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(folder.resolve(FILE), StandardOpenOption.WRITE)) {
            channel.lock().release();
        } catch (OverlappingFileLockException heldByThisProcess) {
            throw new IOException("[" + folder + "] is written to by another part of this process", heldByThisProcess);
        }
    }

    private static boolean isTaken(FileChannel channel, boolean shared) throws IOException {
        try {
            return channel.tryLock(0, Long.MAX_VALUE, shared) != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    /** Returns whether somebody had the right to write into {@code folder} at some time. */
    public static boolean wasTaken(Path folder) {
        return Files.exists(folder.resolve(FILE));
    }

    /**
     * Returns the first name in {@code folder}, which need not exist, that is neither {@code own} nor what a killed process or a
     * lock leaves behind. A folder without such a name may be taken for new results.
     */
    public static Optional<String> foreign(Path folder, Predicate<String> own) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name ->
                            !name.equals(FILE) && !UNFINISHED.matcher(name).matches() && !own.test(name))
                    .sorted()
                    .findFirst();
        }
    }

    /** Deletes from {@code folder}, which this right is for, the files that killed processes left half-written. */
    public void removeUnfinished(Path folder) throws IOException {
        remove(folder, name -> UNFINISHED.matcher(name).matches());
    }

    /** Deletes from {@code folder}, which this right is for and which need not exist, the files of {@code unwanted} names. */
    public void remove(Path folder, Predicate<String> unwanted) throws IOException {
        if (shared) {
            throw new IllegalStateException("[" + folder + "] is shared: what looks unfinished may be being written");
        }
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> found;
        try (Stream<Path> files = Files.list(folder)) {
            found = files.filter(file -> unwanted.test(file.getFileName().toString()))
                    .toList();
        }
        for (Path file : found) {
            Files.delete(file);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
