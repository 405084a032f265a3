package org.unet4j.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A good scan in one of NIfTI's forms with some of its bytes changed, as a function of a seed: flipped, overwritten, cut off,
 * put in or taken out, or a number of the header replaced by one that asks for trouble; before or after compression.
 *
 * @param header the file to read, whole or the header of a pair
 * @param voxels the second file of a pair; empty if there is none
 */
@SuppressWarnings("ArrayRecordComponent") // made here, read here
record MutatedScan(long seed, String form, boolean isCompressed, byte[] header, byte[] voxels) {

    private static final List<String> FORMS = List.of(
            "nifti1",
            "nifti2",
            "extended_big_endian.nii",
            "extended2.nii",
            "five_axes.nii",
            "analyze.hdr",
            "pair_extended.hdr",
            "pair2_extended.hdr");

    /** Where headers keep sizes, types, offsets and geometry: NIfTI-1's, NIfTI-2's, the first extension's. */
    private static final int[] FIELDS = {
        0, 4, 12, 16, 24, 32, 40, 42, 44, 46, 48, 50, 56, 68, 70, 76, 80, 84, 88, 104, 108, 112, 116, 120, 128, 168,
        176, 252, 254, 256, 260, 264, 280, 296, 300, 320, 344, 348, 352, 356, 376, 400, 544, 548
    };

    private static final int MAX_CHANGES = 6;

    static MutatedScan of(long seed) {
        Random random = new Random(seed);
        String form = FORMS.get(random.nextInt(FORMS.size()));
        boolean isCompressed = random.nextBoolean();
        boolean isWithin = random.nextBoolean();
        byte[] header = good(form);
        byte[] voxels = form.endsWith(".hdr") ? good(form.replace(".hdr", ".img")) : new byte[0];
        for (int left = 1 + random.nextInt(MAX_CHANGES); left > 0 && isWithin; left--) {
            header = changed(header, random);
        }
        header = isCompressed ? NiftiBytes.gzip(header) : header;
        voxels = isCompressed && voxels.length > 0 ? NiftiBytes.gzip(voxels) : voxels;
        for (int left = 1 + random.nextInt(MAX_CHANGES); left > 0 && !isWithin; left--) {
            if (voxels.length > 0 && random.nextInt(4) == 0) {
                voxels = changed(voxels, random);
            } else {
                header = changed(header, random);
            }
        }
        return new MutatedScan(seed, form, isCompressed, header, voxels);
    }

    private static byte[] good(String form) {
        try {
            return switch (form) {
                case "nifti1" -> NiftiBytes.nifti1();
                case "nifti2" -> NiftiBytes.nifti2();
                default -> Files.readAllBytes(NiftiFormsTest.path(form));
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] changed(byte[] given, Random random) {
        if (given.length < 2) {
            return given;
        }
        byte[] bytes = given.clone();
        int at = random.nextInt(bytes.length);
        int other = random.nextInt(bytes.length);
        int from = Math.min(at, other);
        int to = Math.max(at, other);
        switch (random.nextInt(10)) {
            case 0, 1 -> bytes[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            case 2 -> bytes[at] = (byte) random.nextInt();
            case 3 -> bytes[at] = (byte) (random.nextBoolean() ? 0xff : 0x7f);
            case 4 -> Arrays.fill(bytes, from, Math.min(to, from + 16), (byte) 0);
            case 5 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
            case 6 -> { // taken out
                System.arraycopy(given, to, bytes, from, given.length - to);
                bytes = Arrays.copyOf(bytes, Math.max(1, given.length - to + from));
            }
            case 7 -> { // put in twice
                bytes = Arrays.copyOf(given, given.length + to - from);
                System.arraycopy(given, from, bytes, to, given.length - from);
            }
            default -> troubled(bytes, random);
        }
        return bytes;
    }

    private static void troubled(byte[] bytes, Random random) {
        int at = FIELDS[random.nextInt(FIELDS.length)];
        ByteBuffer buffer =
                ByteBuffer.wrap(bytes).order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        if (at + Long.BYTES > bytes.length) {
            return;
        }
        long[] numbers = {
            0, 1, -1, 7, 348, 352, 540, 1L << 15, (1L << 31) - 1, 1L << 31, 1L << 32, 1L << 62, Long.MAX_VALUE
        };
        long number = numbers[random.nextInt(numbers.length)];
        float[] reals = {0, -1, 1e30f, 1e-30f, 352, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
        float real = reals[random.nextInt(reals.length)];
        switch (random.nextInt(5)) {
            case 0 -> buffer.putShort(at, (short) number);
            case 1 -> buffer.putInt(at, (int) number);
            case 2 -> buffer.putLong(at, number);
            case 3 -> buffer.putFloat(at, real);
            default -> buffer.putDouble(at, real);
        }
    }

    /** Writes the files and returns the one to read. */
    Path write(Path folder) throws IOException {
        if (voxels.length > 0) {
            Files.write(folder.resolve("ct.img" + suffix()), voxels);
        }
        return Files.write(folder.resolve((voxels.length > 0 ? "ct.hdr" : "ct.nii") + suffix()), header);
    }

    void delete(Path folder) throws IOException {
        for (String name : List.of("ct.img", "ct.hdr", "ct.nii")) {
            Files.deleteIfExists(folder.resolve(name + suffix()));
        }
    }

    private String suffix() {
        return isCompressed ? ".gz" : "";
    }

    long bytes() {
        return (long) header.length + voxels.length;
    }

    @Override
    public String toString() {
        return "seed " + seed + " (" + form + suffix() + "; repeat it with -Dunet4j.fuzz=" + seed + ")";
    }
}
