package org.unet4j.view;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;

/** Bytes as a page holds them: what browsers can inflate, in letters that end no script. */
final class Packed {

    private Packed() {}

    /** Returns bytes, gzipped, in base64. */
    static String base64(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream(bytes.length / 2 + 64);
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed, 1 << 16)) {
            gzip.write(bytes);
        } catch (IOException e) { // Memory does not fail so.
            throw new UncheckedIOException(e);
        }
        return Base64.getEncoder().encodeToString(packed.toByteArray());
    }

    /** Returns voxels, gzipped, in base64. */
    static String base64(VoxelBytes voxels) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.toIntExact(voxels.size()));
        try {
            voxels.write(bytes);
        } catch (IOException e) { // Memory does not fail so.
            throw new UncheckedIOException(e);
        }
        return base64(bytes.toByteArray());
    }
}
