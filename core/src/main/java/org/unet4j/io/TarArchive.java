package org.unet4j.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Files out of a tar archive (ustar, GNU or pax) that is not trusted. Only folders and files are made, and only inside the folder that is
 * given: an archive with a link, a device, a hole or a name that leads elsewhere is refused as a whole. What macOS puts beside
 * files ({@code ._name}, {@code .DS_Store}) is left out. Owner, permissions and times are those of whoever unpacks.
 */
final class TarArchive {

    private static final int BLOCK_BYTES = 512;
    private static final int RECORD_BYTES = 20 * BLOCK_BYTES;
    private static final int BUFFER_BYTES = 1 << 18;

    private final String name;
    private final Path folder;
    private final LongConsumer read;

    private TarArchive(String name, Path folder, LongConsumer read) {
        this.name = name;
        this.folder = folder;
        this.read = read;
    }

    /**
     * Unpacks {@code archive}, which is read to its end mark, into {@code folder}, which must not exist.
     *
     * @param name the archive's, for messages
     * @param read hears how many bytes of the archive are done
     * @throws IOException if the archive is damaged or refused, or a file cannot be written; {@code folder} then holds a part
     */
    static void unpack(String name, InputStream archive, Path folder, LongConsumer read) throws IOException {
        Files.createDirectory(folder);
        new TarArchive(name, folder.toAbsolutePath().normalize(), read).unpack(archive);
    }

    private void unpack(InputStream archive) throws IOException {
        // Not closed: what lies behind the end mark is the caller's.
        TarArchiveInputStream tar =
                new TarArchiveInputStream(archive, RECORD_BYTES, BLOCK_BYTES, StandardCharsets.UTF_8.name(), false);
        int entries = 0;
        for (TarArchiveEntry entry = next(tar); entry != null; entry = next(tar)) {
            entries++;
            requireHarmless(entry);
            Path target = target(entry.getName());
            if (isLeftByMacOs(target)) {
                continue;
            }
            if (entry.isDirectory()) {
                makeFolder(target, entry);
            } else {
                makeFolder(target.getParent(), entry);
                write(tar, target, entry);
            }
        }
        if (entries == 0) {
            throw new IOException("[" + name + "] is empty, or no tar archive");
        }
    }

    private TarArchiveEntry next(TarArchiveInputStream tar) throws IOException {
        try {
            return tar.getNextEntry();
        } catch (IOException | IllegalArgumentException e) {
            throw damaged(tar, e.getMessage());
        }
    }

    private IOException damaged(TarArchiveInputStream tar, String why) {
        return new IOException("[" + name + "] is damaged, or no tar archive, at byte " + tar.getBytesRead() + ": "
                + why + "; get it again");
    }

    private void requireHarmless(TarArchiveEntry entry) throws IOException {
        if (!entry.isCheckSumOK()) {
            throw new IOException(
                    "[" + name + "] is damaged: the header of '" + entry.getName() + "' has a wrong sum; get it again");
        }
        if (entry.isSparse()) {
            throw refused(entry, "is a file with holes");
        }
        String kind = switch (entry.getLinkFlag()) {
            case TarConstants.LF_NORMAL, TarConstants.LF_OLDNORM, TarConstants.LF_CONTIG, TarConstants.LF_DIR -> "";
            case TarConstants.LF_SYMLINK -> "is a symbolic link to '" + entry.getLinkName() + "'";
            case TarConstants.LF_LINK -> "is a hard link to '" + entry.getLinkName() + "'";
            case TarConstants.LF_CHR, TarConstants.LF_BLK -> "is a device";
            case TarConstants.LF_FIFO -> "is a pipe";
            default -> "is of the unknown kind '" + (char) entry.getLinkFlag() + "'";
        };
        if (!kind.isEmpty()) {
            throw refused(entry, kind);
        }
    }

    private IOException refused(TarArchiveEntry entry, String why) {
        return new IOException("[" + name + "] is refused: '" + entry.getName() + "' " + why
                + ", and a dataset has only files and folders inside its own");
    }

    private Path target(String entry) throws IOException {
        List<String> parts = Arrays.asList(entry.split("/"));
        try {
            Path target = folder.resolve(entry).normalize();
            if (!entry.startsWith("/") && !entry.contains("\\") && !parts.contains("..") && target.startsWith(folder)) {
                return target;
            }
        } catch (InvalidPathException e) {
            throw new IOException("[" + name + "] is refused: '" + entry + "' is no name for a file here", e);
        }
        throw new IOException("[" + name + "] is refused: '" + entry + "' leads out of the folder to unpack into");
    }

    private boolean isLeftByMacOs(Path target) {
        for (Path part : folder.relativize(target)) {
            String text = part.toString();
            if (text.startsWith("._") || text.equals(".DS_Store")) {
                return true;
            }
        }
        return false;
    }

    private void makeFolder(Path made, TarArchiveEntry entry) throws IOException {
        try {
            Files.createDirectories(made);
        } catch (FileAlreadyExistsException e) {
            throw refused(entry, "makes a folder of what is a file");
        }
    }

    private void write(TarArchiveInputStream tar, Path target, TarArchiveEntry entry) throws IOException {
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            OutputStream out = Channels.newOutputStream(channel);
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = read(tar, buffer); count >= 0; count = read(tar, buffer)) {
                out.write(buffer, 0, count);
                read.accept(tar.getBytesRead());
            }
            channel.force(true);
        } catch (FileAlreadyExistsException e) {
            throw refused(entry, "comes twice");
        }
    }

    private int read(TarArchiveInputStream tar, byte[] buffer) throws IOException {
        try {
            return tar.read(buffer, 0, buffer.length);
        } catch (IOException e) {
            throw damaged(tar, e.getMessage());
        }
    }
}
