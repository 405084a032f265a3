package org.unet4j.io;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * The part of a file that has come so far, and beside it of which file it is a part: a later process goes on from there, but
 * only with the same version of the same file. A process that is killed leaves a shorter part, and nothing else.
 */
final class PartialFile implements AutoCloseable {

    private static final int BUFFER_BYTES = 1 << 20;

    /**
     * Which version of which file this is a part of.
     *
     * @param source its address
     * @param version what the server calls this version and no other, a strong ETag or a time; absent where it gives none
     * @param size of the whole file, in bytes
     */
    record Origin(String source, Optional<String> version, long size) {}

    private final Path file;
    private final FileChannel channel;
    private final MessageDigest digest = Md5.digest();
    private Optional<Origin> origin;
    private long position;

    private PartialFile(Path file, FileChannel channel, Optional<Origin> origin) {
        this.file = file;
        this.channel = channel;
        this.origin = origin;
    }

    /**
     * Returns the part in {@code file} of what lies at {@code source}: an empty one where none has come, and where what has come
     * cannot be told to be of the same version.
     */
    static PartialFile open(Path file, URI source, DownloadListener listener) throws IOException {
        Path about = about(file);
        Optional<Origin> origin = Files.exists(about) ? Optional.of(Json.read(about, Origin.class)) : Optional.empty();
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            PartialFile part = new PartialFile(file, channel, origin);
            part.findStart(source, listener);
            return part;
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    private static Path about(Path file) {
        return file.resolveSibling(file.getFileName() + ".json");
    }

    private void findStart(URI source, DownloadListener listener) throws IOException {
        long there = channel.size();
        if (there == 0) {
            return;
        }
        if (origin.isEmpty()
                || origin.get().version().isEmpty()
                || there > origin.get().size()) {
            listener.recovered("what had come before cannot be gone on with: beginning anew");
            discard();
        } else if (!origin.get().source().equals(source.toString())) {
            listener.recovered("what had come before is from " + origin.get().source() + ": beginning anew");
            discard();
        } else {
            digestWhatIsThere(there, listener);
        }
    }

    private void digestWhatIsThere(long there, DownloadListener listener) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        while (position < there) {
            buffer.clear();
            position += channel.read(buffer, position);
            digest.update(buffer.flip());
            listener.update("reading what had come before", position, there);
        }
    }

    /** Returns how many bytes are there. */
    long position() {
        return position;
    }

    /** Returns the whole file's size; 0 where the server has not said it. */
    long size() {
        return origin.map(Origin::size).orElse(0L);
    }

    /** Returns what the server calls the version that this is a part of. */
    Optional<String> version() {
        return origin.flatMap(Origin::version);
    }

    /** Returns what this, which has begun, is a part of. */
    Origin origin() {
        return origin.orElseThrow();
    }

    boolean isWhole() {
        return origin.isPresent() && position == origin.get().size();
    }

    /** Forgets what is there; what comes next is the beginning. */
    void discard() throws IOException {
        channel.truncate(0);
        position = 0;
        digest.reset();
    }

    /** Forgets what is there and makes this a part of {@code newOrigin}. */
    void begin(Origin newOrigin) throws IOException {
        discard();
        Json.write(about(file), newOrigin);
        origin = Optional.of(newOrigin);
    }

    void write(byte[] bytes, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
        while (buffer.hasRemaining()) {
            channel.write(buffer, position + buffer.position());
        }
        digest.update(bytes, 0, count);
        position += count;
    }

    /**
     * Gives the whole file the name {@code to}.
     *
     * @throws IOException if its MD5 sum is not {@code md5}; it is then put aside
     */
    void finish(String md5, Path to) throws IOException {
        channel.force(true);
        channel.close();
        Path aside = to.resolveSibling(to.getFileName() + ".wrong");
        try {
            Md5.require(aside, digest, md5, "it was put aside, and the next attempt begins anew");
        } catch (IOException e) {
            AtomicFile.rename(file, aside);
            throw e;
        }
        AtomicFile.rename(file, to);
        Files.deleteIfExists(about(file));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
