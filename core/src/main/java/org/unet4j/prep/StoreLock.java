package org.unet4j.prep;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The right to change a store: one process at a time. A process that is killed loses it. The file stays and marks the folder. */
final class StoreLock implements AutoCloseable {

    static final String FILE = ".lock";

    private final Path folder;
    private final FileChannel channel;

    private StoreLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    static StoreLock take(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isTaken(channel)) {
            channel.close();
            throw new IOException(
                    "[" + folder + "] is being prepared by another process; wait for it or give another folder");
        }
        return new StoreLock(folder, channel);
    }

    private static boolean isTaken(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }

    /** Deletes what a preparation that was killed left behind. */
    void removeUnfinished() throws IOException {
        remove(name -> name.endsWith(CaseFormat.SUFFIX + CaseWriter.TEMPORARY)
                || (name.startsWith(".") && name.endsWith(".tmp")));
    }

    /** Deletes prepared cases that are none of {@code ids}. */
    void removeOthers(Set<String> ids) throws IOException {
        remove(name -> name.endsWith(CaseFormat.SUFFIX)
                && !ids.contains(name.substring(0, name.length() - CaseFormat.SUFFIX.length())));
    }

    private void remove(Predicate<String> unwanted) throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(folder)) {
            files = listed.filter(file -> unwanted.test(file.getFileName().toString()))
                    .toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
