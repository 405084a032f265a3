package org.unet4j.io;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.Stream;

/**
 * A dataset that comes as a tar archive from the web, or as one that lies on a disk. It appears in its folder when all of it is
 * there and its checksum is right, and not before. What an interrupted download has brought lies beside it in
 * {@code <name>.partial}, and the next one goes on from there.
 *
 * <pre>{@code
 * Path pancreas = Download.of(DecathlonTask.PANCREAS, Path.of("data")).run(DownloadListener.silent());
 * Dataset dataset = Dataset.open(pancreas);
 * }</pre>
 *
 * @param name of the folder that the dataset gets
 * @param source address of the archive: http, https or file
 * @param md5 the archive's sum, 32 hexadecimal digits
 * @param folder where the dataset's folder is made
 * @param keepsArchive whether an archive from the web stays, as {@code <name>.tar} beside the dataset
 * @param patience with the connection
 */
public record Download(String name, URI source, String md5, Path folder, boolean keepsArchive, Patience patience) {

    private static final int BUFFER_BYTES = 1 << 18;

    public Download {
        md5 = Md5.require(md5);
        if (!List.of("http", "https", "file").contains(String.valueOf(source.getScheme()))) {
            throw new IllegalArgumentException(
                    "'" + source + "' is no address that can be loaded from; it must begin with https, http or file");
        }
        if (!source.getScheme().equals("file") && source.getHost() == null) {
            throw new IllegalArgumentException("'" + source + "' names no host; it must be as https://host/file.tar");
        }
    }

    /** Returns the download of a task of the Decathlon from its public place. */
    public static Download of(DecathlonTask task, Path folder) {
        return new Download(task.folder(), task.archive(), task.md5(), folder, false, Patience.usual());
    }

    /** Returns this from elsewhere. */
    public Download from(URI other) {
        return new Download(name, other, md5, folder, keepsArchive, patience);
    }

    /** Returns this of an archive with another sum. */
    public Download withMd5(String other) {
        return new Download(name, source, other, folder, keepsArchive, patience);
    }

    /** Returns this, of which the archive stays too. */
    public Download keepingArchive() {
        return new Download(name, source, md5, folder, true, patience);
    }

    /** Returns this with another patience. */
    public Download withPatience(Patience other) {
        return new Download(name, source, md5, folder, keepsArchive, other);
    }

    /** Returns the dataset's folder. */
    public Path dataset() {
        return folder.resolve(name);
    }

    /** Returns whether the dataset is there, so that nothing has to be loaded. */
    public boolean isThere() {
        return Files.isRegularFile(dataset().resolve(Dataset.DESCRIPTION));
    }

    private Path partial() {
        return folder.resolve(name + ".partial");
    }

    private String archiveName() {
        return name + ".tar";
    }

    /**
     * Returns the dataset's folder, with the dataset in it. One that is there is left as it is.
     *
     * @throws IOException if the archive cannot be had, has another sum, is damaged or is refused; if there is no room; if something else
     *     is where the dataset shall go; if another process is at it
     */
    public Path run(DownloadListener listener) throws IOException {
        if (isThere() && !Files.exists(partial())) {
            return dataset();
        }
        requireFree();
        try (FolderLock lock = FolderLock.take(partial(), "downloaded into")) {
            lock.removeUnfinished(partial());
            if (!isThere()) {
                unpack(archive(listener), listener);
            }
            if (keepsArchive && Files.exists(loaded())) {
                AtomicFile.rename(loaded(), folder.resolve(archiveName()));
            }
        }
        FolderTree.delete(partial());
        return dataset();
    }

    private void requireFree() throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new IOException("[" + folder + "] is a file; give the folder that " + name + " shall come into");
        }
        if (keepsArchive && Files.exists(folder.resolve(archiveName()))) {
            throw new FileAlreadyExistsException(
                    folder.resolve(archiveName()).toString(), null, "it is not overwritten; move it away");
        }
        if (isThere() || !Files.exists(dataset())) {
            return;
        }
        if (Files.isDirectory(dataset())) {
            try (Stream<Path> content = Files.list(dataset())) {
                if (content.findAny().isEmpty()) {
                    return;
                }
            }
        }
        throw new FileAlreadyExistsException(
                dataset().toString(), null, "and is no dataset; move it away, or choose another folder");
    }

    /** Returns where the archive from the web lies between its last byte and its unpacking. */
    private Path loaded() {
        return partial().resolve(archiveName());
    }

    private Path archive(DownloadListener listener) throws IOException {
        if (source.getScheme().equals("file")) {
            Path archive = Path.of(source);
            if (!Files.isRegularFile(archive)) {
                throw new IOException("[" + archive + "] "
                        + (Files.exists(archive) ? "is a folder, a pipe or a device" : "does not exist")
                        + "; give the .tar file of the dataset");
            }
            return archive;
        }
        if (!Files.exists(loaded())) {
            Path part = partial().resolve(archiveName() + ".part");
            try (PartialFile file = PartialFile.open(part, source, listener)) {
                // What is unpacked needs as much room as the archive.
                new Fetch(source, file, patience, (size, missing) -> requireRoom(size + missing), listener).run();
                file.finish(md5, loaded());
            }
        }
        return loaded();
    }

    private void requireRoom(long bytes) throws IOException {
        long free = Files.getFileStore(partial()).getUsableSpace();
        if (free < bytes) {
            throw new IOException(
                    "[%s] has %.1f GB of free space, and %s needs %.1f GB more; make room, or choose another folder"
                            .formatted(folder, free / 1e9, name, bytes / 1e9));
        }
    }

    private void unpack(Path archive, DownloadListener listener) throws IOException {
        Path unpacked = partial().resolve("unpacked");
        FolderTree.delete(unpacked); // Of a process that was killed.
        long size = Files.size(archive);
        requireRoom(size);
        MessageDigest digest = Md5.digest();
        try (InputStream file =
                new DigestInputStream(new BufferedInputStream(Files.newInputStream(archive), BUFFER_BYTES), digest)) {
            TarArchive.unpack(archive.toString(), file, unpacked, done -> listener.update("unpacking", done, size));
            file.transferTo(OutputStream.nullOutputStream()); // What follows the end mark counts for the sum.
            listener.update("unpacking", size, size);
        }
        Md5.require(archive, digest, md5, "get it again, or give the sum that it should have");
        AtomicFile.rename(datasetIn(unpacked, archive), dataset());
    }

    /** Returns the folder of the dataset in an archive, which may be packed with its folder or without. */
    private static Path datasetIn(Path unpacked, Path archive) throws IOException {
        if (Files.exists(unpacked.resolve(Dataset.DESCRIPTION))) {
            return unpacked;
        }
        List<Path> inside;
        try (Stream<Path> content = Files.list(unpacked)) {
            inside = content.toList();
        }
        if (inside.size() == 1 && Files.exists(inside.get(0).resolve(Dataset.DESCRIPTION))) {
            return inside.get(0);
        }
        throw new IOException("[" + archive + "] holds no dataset: a " + Dataset.DESCRIPTION
                + " must lie at its top, or in its only folder");
    }
}
