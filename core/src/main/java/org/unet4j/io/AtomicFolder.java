package org.unet4j.io;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Folders that are there with everything in them or not at all. */
final class AtomicFolder {

    /** Fills a folder. */
    @FunctionalInterface
    interface Writer {
        void write(Path partial) throws IOException;
    }

    private AtomicFolder() {}

    /**
     * Makes a folder of that which {@code content} writes into another beside it, {@code <name>.partial}, which then takes its
     * name. What an interrupted call left behind is removed by the next.
     *
     * @param target must not exist or be empty
     * @throws IOException if there is something in {@code target}, or writing fails, with the name of the folder that is left then
     */
    static void write(Path target, Writer content) throws IOException {
        requireFree(target);
        Path folder = target.toAbsolutePath().normalize();
        Path partial = folder.resolveSibling(folder.getFileName() + ".partial");
        FolderTree.delete(partial);
        try {
            Files.createDirectories(partial);
        } catch (IOException e) {
            throw new IOException("[" + target + "] cannot be made (" + e + "); choose another folder", e);
        }
        try {
            content.write(partial);
        } catch (IOException e) {
            String reason = e instanceof FileSystemException ? e.toString() : e.getMessage();
            throw new IOException(
                    reason + "; what was written is left in [" + partial + "], and the same command begins anew", e);
        }
        Files.deleteIfExists(folder);
        Files.move(partial, folder);
    }

    /** Fails if something lies at {@code target} that would be written over. */
    static void requireFree(Path target) throws IOException {
        if (!Files.exists(target)) {
            return;
        }
        if (!Files.isDirectory(target)) {
            throw new IOException("[" + target + "] is a file; choose another folder");
        }
        try (Stream<Path> content = Files.list(target)) {
            if (content.findAny().isPresent()) {
                throw new IOException("[" + target + "] is not empty; choose another folder or remove it first");
            }
        }
    }
}
