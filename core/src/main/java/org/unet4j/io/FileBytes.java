package org.unet4j.io;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The bytes of one file from front to back, unpacked where they are gzip by their first two bytes, whatever the name. Every
 * error names the file and how many (unpacked) bytes lie before it.
 */
final class FileBytes implements Closeable {

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int GZIP_MAGIC = 0x1f8b;

    /** Deflate's best ratio: 258 bytes for 2 bits. */
    private static final long MAX_GZIP_RATIO = 1032;

    private final String name;
    private final InputStream in;
    private final long atMost;
    private long offset;

    private FileBytes(String name, InputStream in, long atMost) {
        this.name = name;
        this.in = in;
        this.atMost = atMost;
    }

    /**
     * Opens a file.
     *
     * @throws IOException if it is not there, no regular file, empty or may not be read
     */
    static FileBytes open(Path path) throws IOException {
        String name = String.valueOf(path.getFileName());
        requireFile(name, path);
        try {
            return open(name, path);
        } catch (NoSuchFileException e) {
            throw new IOException("[" + name + "] no such file: " + path.toAbsolutePath(), e);
        } catch (FileSystemException e) {
            throw new IOException(
                    "[" + name + "] cannot be opened (" + e.getClass().getSimpleName() + "): may this user read "
                            + path.toAbsolutePath() + "?",
                    e);
        }
    }

    /** Fails where a folder lies, a link that leads nowhere, or a pipe, at which reading would wait for ever. */
    static void requireFile(String name, Path path) throws IOException {
        if (Files.isDirectory(path)) {
            throw new IOException("[" + name + "] is a folder, not a NIfTI file: " + path);
        }
        if (Files.isSymbolicLink(path) && !Files.exists(path)) {
            throw new IOException("[" + name + "] is a link that leads to no file (" + Files.readSymbolicLink(path)
                    + "): restore what it names, or give the file itself");
        }
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new IOException(
                    "[" + name + "] is a pipe or a device, and only files can be read: save it as one first");
        }
    }

    private static FileBytes open(String name, Path path) throws IOException {
        long size = Files.size(path);
        if (size == 0) {
            throw new IOException("[" + name + "] is empty (0 bytes); copy or download it again");
        }
        InputStream raw = new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES);
        try {
            raw.mark(2);
            boolean isGzip = (raw.read() << Byte.SIZE | raw.read()) == GZIP_MAGIC;
            raw.reset();
            return isGzip
                    ? new FileBytes(name, new GZIPInputStream(raw, BUFFER_BYTES), size * MAX_GZIP_RATIO)
                    : new FileBytes(name, raw, size);
        } catch (EOFException e) {
            raw.close();
            throw new IOException("[" + name + "] offset 0: the gzip header ends too early; it is truncated", e);
        } catch (ZipException e) {
            raw.close();
            throw new IOException("[" + name + "] offset 0: the gzip header is damaged: " + e.getMessage(), e);
        }
    }

    String name() {
        return name;
    }

    /** Returns how many bytes have been read. */
    long offset() {
        return offset;
    }

    /** Returns how many bytes there can be: the file's size, or what gzip could make of it at its very best. */
    long atMost() {
        return atMost;
    }

    /** Reads up to {@code count} bytes and returns how many there were; fewer only at the end. */
    int fill(byte[] target, int count) throws IOException {
        int done = 0;
        try {
            while (done < count) {
                int read = in.read(target, done, count - done);
                if (read < 0) {
                    break;
                }
                done += read;
                offset += read;
            }
        } catch (EOFException e) {
            throw error("the gzip data ends too early; it is truncated", e);
        } catch (ZipException e) {
            throw error("the gzip data is damaged (" + e.getMessage() + "); copy or download it again", e);
        } catch (IOException e) {
            throw error("the file cannot be read on (" + e.getMessage() + "): is its disk or network well?", e);
        }
        return done;
    }

    /** Returns the next {@code count} bytes, fewer where the file ends before. */
    byte[] upTo(int count) throws IOException {
        byte[] bytes = new byte[count];
        return Arrays.copyOf(bytes, fill(bytes, count));
    }

    /**
     * Returns the next {@code count} bytes; memory grows with what is there, not with what is asked for.
     *
     * @param what they are, for the error
     * @throws IOException if the file ends before
     */
    byte[] next(int count, String what) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.min(count, BUFFER_BYTES));
        byte[] chunk = new byte[Math.min(count, BUFFER_BYTES)];
        for (int left = count; left > 0; ) {
            int step = Math.min(left, chunk.length);
            int read = fill(chunk, step);
            bytes.write(chunk, 0, read);
            if (read < step) {
                throw endsWithin(what);
            }
            left -= step;
        }
        return bytes.toByteArray();
    }

    /**
     * Passes over {@code count} bytes.
     *
     * @param what they are, for the error
     * @throws IOException if the file ends before
     */
    void skip(long count, String what) throws IOException {
        if (skipUpTo(count) < count) {
            throw endsWithin(what);
        }
    }

    /** Passes over up to {@code count} bytes and returns how many there were. */
    long skipUpTo(long count) throws IOException {
        return copy(Math.max(count, 0), OutputStream.nullOutputStream());
    }

    /** Copies up to {@code count} bytes and returns how many there were. */
    long copy(long count, OutputStream out) throws IOException {
        byte[] chunk = new byte[(int) Math.min(count, BUFFER_BYTES)];
        long copied = 0;
        while (copied < count) {
            int step = (int) Math.min(count - copied, chunk.length);
            int read = fill(chunk, step);
            out.write(chunk, 0, read);
            copied += read;
            if (read < step) {
                break;
            }
        }
        return copied;
    }

    private IOException endsWithin(String what) {
        return new IOException(place() + "the file ends within " + what + "; it is truncated");
    }

    private IOException error(String what, IOException cause) {
        return new IOException(place() + what, cause);
    }

    private String place() {
        return "[" + name + "] offset " + offset + ": ";
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
