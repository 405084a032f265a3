package org.unet4j.benchmark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.unet4j.io.Case;
import org.unet4j.io.Nifti;
import org.unet4j.volume.Volume;

/** Knows a scan again by its voxels, whatever its files' compression, header and voxel type are. */
final class VoxelSums {

    private static final int CHUNK = 1 << 16;

    private VoxelSums() {}

    /** Returns the SHA-256 of each channel's real values as floats; a channel of one value alone has none, since any patient's may be so. */
    static Set<String> of(Case one) throws IOException {
        Set<String> sums = new HashSet<>();
        for (Path image : one.images()) {
            for (Volume channel : Nifti.readChannels(image)) {
                add(channel, sums);
            }
        }
        return sums;
    }

    private static void add(Volume channel, Set<String> sums) {
        MessageDigest digest = sha256();
        int voxels = channel.grid().shape().arrayLength();
        float[] values = new float[Math.min(CHUNK, voxels)];
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
        boolean varies = false;
        float first = (float) channel.get(0);
        for (int from = 0; from < voxels; from += values.length) {
            int length = Math.min(values.length, voxels - from);
            channel.copyTo(from, values, 0, length);
            bytes.clear();
            for (int i = 0; i < length; i++) {
                varies |= Float.compare(values[i], first) != 0;
                bytes.putInt(Float.floatToIntBits(values[i] + 0f)); // -0 is 0
            }
            digest.update(bytes.flip());
        }
        if (varies) {
            sums.add(HexFormat.of().formatHex(digest.digest()));
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
