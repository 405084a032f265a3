package org.unet4j.prep;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A file of a dataset as it was when it was read.
 *
 * @param file relative to the dataset's folder
 * @param bytes its size
 * @param modified when its bytes were last changed, ISO 8601; copies can keep it
 * @param changed when its bytes, name or rights were last changed, which nobody can set; empty where the system has no such time
 * @param sha256 of its bytes; empty in stores of the first versions
 */
record SourceFile(String file, long bytes, String modified, Optional<String> changed, String sha256) {

    private static final String CHANGED = "unix:ctime";
    private static final int BUFFER_BYTES = 1 << 16;

    /** Twice the coarsest step in which file systems tell time, FAT's. */
    private static final Duration STEP = Duration.ofSeconds(4);

    SourceFile {
        sha256 = sha256 == null ? "" : sha256;
    }

    /** Returns what the file system says of {@code path}, without a hash. */
    static SourceFile unread(Path path, Path folder) throws IOException {
        String name = folder.toAbsolutePath()
                .relativize(path.toAbsolutePath())
                .toString()
                .replace('\\', '/');
        Optional<String> changed =
                path.getFileSystem().supportedFileAttributeViews().contains("unix")
                        ? Optional.of(Files.getAttribute(path, CHANGED).toString())
                        : Optional.empty();
        return new SourceFile(
                name, Files.size(path), Files.getLastModifiedTime(path).toString(), changed, "");
    }

    /** Returns this with the hash of the bytes of {@code path}. */
    SourceFile read(Path path) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(path)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        }
        return new SourceFile(file, bytes, modified, changed, HexFormat.of().formatHex(digest.digest()));
    }

    /**
     * Returns whether the file system's word is enough that {@code now} has the bytes that this was read with: size and times are
     * the same, and the times lie far enough before {@code written}, when this was written down, that a later change would have
     * given others.
     */
    boolean isSurely(SourceFile now, Instant written) {
        return !sha256.isEmpty()
                && new SourceFile(file, bytes, modified, changed, "").equals(now)
                && latest().plus(STEP).isBefore(written);
    }

    private Instant latest() {
        Instant bytesChanged = FileTime.from(Instant.parse(modified)).toInstant();
        Instant anythingChanged = changed.map(Instant::parse).orElse(bytesChanged);
        return bytesChanged.isAfter(anythingChanged) ? bytesChanged : anythingChanged;
    }
}
