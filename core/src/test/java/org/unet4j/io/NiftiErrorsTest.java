package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.unet4j.volume.Volume;

/** Damaged files are told by name, offset, value and rule, before anything is allocated for them. */
class NiftiErrorsTest {

    @TempDir
    Path folder;

    static Stream<Arguments> damagedHeaders() {
        return Stream.of(
                damage(
                        "offset 70: datatype 1536 (float128) is not supported: convert the file to float64",
                        b -> b.putShort(70, (short) 1536)),
                damage(
                        "datatype 32 (complex64) is not supported: complex numbers are no intensities; give their magnitude",
                        b -> b.putShort(70, (short) 32)),
                damage("offset 70: datatype 1792 (complex128) is not supported", b -> b.putShort(70, (short) 1792)),
                damage(
                        "offset 70: datatype 128 (RGB24) is not supported: colours are no intensities; give the scan",
                        b -> b.putShort(70, (short) 128)),
                damage("offset 70: datatype 2304 (RGBA32) is not supported", b -> b.putShort(70, (short) 2304)),
                damage("offset 70: datatype 17 (not a NIfTI type)", b -> b.putShort(70, (short) 17)),
                damage("offset 344: magic \"n+9.\" is not \"n+1\" or \"ni1\"", b -> b.put(346, (byte) '9')),
                damage("offset 344: magic \"....\" is not", b -> b.putInt(344, 0)),
                damage("or Analyze 7.5, which is read where it is named .hdr and .img", b -> b.putInt(344, 0)),
                damage("offset 40: dim[0] = 0 must be 1 to 7", b -> b.putShort(40, (short) 0)),
                damage("offset 40: dim[0] = 8 must be 1 to 7", b -> b.putShort(40, (short) 8)),
                damage("offset 44: dim[2] = -3 must be at least 1", b -> b.putShort(44, (short) -3)),
                damage("offset 46: dim[3] = 0 must be at least 1", b -> b.putShort(46, (short) 0)),
                damage(
                        "offset 352: 32000 x 32000 x 4 int16 voxels need 8192000000 bytes, the file has at most 48",
                        b -> {
                            b.putShort(42, (short) 32000);
                            b.putShort(44, (short) 32000);
                        }),
                damage("offset 50: dim[5] = 32000 makes more voxels than can be counted", b -> {
                    b.putShort(40, (short) 7);
                    for (int i = 1; i <= 7; i++) {
                        b.putShort(40 + 2 * i, (short) 32000);
                    }
                }),
                damage(
                        "offset 108: vox_offset 300.0 must be 0 or a whole number from 352 on",
                        b -> b.putFloat(108, 300)),
                damage("offset 108: vox_offset NaN must be", b -> b.putFloat(108, Float.NaN)),
                damage("offset 108: vox_offset -352.0 must be", b -> b.putFloat(108, -352)),
                damage("offset 108: vox_offset 352.5 must be", b -> b.putFloat(108, 352.5f)),
                damage("the file has at most 0", b -> b.putFloat(108, 1e9f)),
                damage("offset 108: vox_offset 1.0", b -> b.putFloat(108, 1e30f)),
                damage("offset 116: scl_inter NaN is not finite", b -> {
                    b.putFloat(112, 2);
                    b.putFloat(116, Float.NaN);
                }),
                damage("offset 280: the affine of the sform is singular", b -> {
                    b.putFloat(280, 1);
                    b.putFloat(284, 2);
                    b.putFloat(296, 2);
                    b.putFloat(300, 4);
                }),
                damage("offset 280: the sform is unusable: voxels lie 0.0 mm apart along x", b -> b.putFloat(280, 0)),
                damage(
                        "offset 280: the sform is unusable: voxels lie NaN mm apart along y",
                        b -> b.putFloat(300, Float.NaN)),
                damage(
                        "offset 280: the origin of the sform is not finite",
                        b -> b.putFloat(292, Float.POSITIVE_INFINITY)),
                damage("offset 256: the qform is unusable", b -> {
                    b.putShort(254, (short) 0);
                    b.putFloat(256, 5);
                }),
                damage("offset 76: the pixdim is unusable: voxels lie Infinity mm apart along z", b -> {
                    b.putShort(252, (short) 0);
                    b.putShort(254, (short) 0);
                    b.putFloat(88, Float.POSITIVE_INFINITY);
                }));
    }

    private static Arguments damage(String message, Consumer<ByteBuffer> change) {
        return Arguments.of(message, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damagedHeaders")
    void damagedHeaderIsRejected(String message, Consumer<ByteBuffer> change) throws IOException {
        byte[] bytes = NiftiBytes.with(NiftiBytes.nifti1(), change);
        for (byte[] file : List.of(bytes, NiftiBytes.gzip(bytes))) {
            Path path = write("ct_07.nii.gz", file);
            String told = file == bytes ? message : message.replaceAll(", the file has at most.*", "");
            if (!(file != bytes && message.equals("the file has at most 0"))) {
                assertThatIOException()
                        .isThrownBy(() -> Nifti.read(path))
                        .withMessageStartingWith("[ct_07.nii.gz] ")
                        .withMessageContaining(told);
                assertThatIOException().isThrownBy(() -> Nifti.readHeader(path));
            }
        }
    }

    @Test
    void emptyFileIsRejected() throws IOException {
        assertRejected(write("ct.nii.gz", new byte[0]), "[ct.nii.gz] is empty (0 bytes)");
    }

    @Test
    void missingFileIsRejected() {
        assertRejected(folder.resolve("no.nii"), "[no.nii] no such file: ");
    }

    @Test
    void folderIsRejected() throws IOException {
        assertRejected(Files.createDirectory(folder.resolve("scans.nii")), "[scans.nii] is a folder");
    }

    @Test
    void fileCutAtAnyOffsetIsRejected() throws IOException {
        for (byte[] good : List.of(
                NiftiBytes.nifti1(),
                NiftiBytes.nifti2(),
                Files.readAllBytes(NiftiFormsTest.path("extended_big_endian.nii")))) {
            for (int length = 1; length < good.length; length++) {
                byte[] cut = Arrays.copyOf(good, length);
                assertThatIOException()
                        .as("%d bytes", length)
                        .isThrownBy(() -> Nifti.read(write("cut.nii", cut)))
                        .withMessageStartingWith("[cut.nii] offset ")
                        .withMessageContaining("truncated");
                assertThatIOException()
                        .as("%d bytes, gzip", length)
                        .isThrownBy(() -> Nifti.read(write("cut.nii.gz", NiftiBytes.gzip(cut))))
                        .withMessageStartingWith("[cut.nii.gz] offset ")
                        .withMessageContaining("truncated");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"analyze", "pair_extended", "pair2_extended"})
    void aPairCutAtAnyOffsetIsRejectedOrWhole(String name) throws IOException {
        Volume whole = Nifti.read(NiftiFormsTest.path(name + ".hdr"));
        byte[] header = Files.readAllBytes(NiftiFormsTest.path(name + ".hdr"));
        byte[] voxels = Files.readAllBytes(NiftiFormsTest.path(name + ".img"));
        int least = name.equals("pair2_extended") ? 540 : 348;
        write("cut.img", voxels);
        for (int length = 1; length < header.length; length++) {
            Path cut = write("cut.hdr", Arrays.copyOf(header, length));
            // the voxels are elsewhere: a header without all of its extensions has all that they need
            boolean isEnough = length >= least;
            try {
                assertThat(Nifti.read(cut).array()).isEqualTo(whole.array());
                assertThat(isEnough).as("%d bytes were read", length).isTrue();
            } catch (IOException e) {
                assertThat(e).hasMessageStartingWith("[cut.hdr] offset ").hasMessageContaining("truncated");
                assertThat(length).isNotEqualTo(least);
            }
        }
        write("cut.hdr", header);
        for (int length = 1; length < voxels.length; length++) {
            write("cut.img", Arrays.copyOf(voxels, length));
            assertRejected(folder.resolve("cut.hdr"), "[cut.img] offset 0: ");
        }
    }

    @Test
    void gzipCutAtAnyOffsetIsRejected() throws IOException {
        byte[] good = NiftiBytes.gzip(NiftiBytes.nifti1());
        for (int length = 1; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatIOException()
                    .as("%d bytes", length)
                    .isThrownBy(() -> Nifti.read(write("cut.nii.gz", cut)))
                    .withMessageStartingWith("[cut.nii.gz] offset ");
        }
    }

    @Test
    void anyBitFlippedInGzipIsToldOrDoesNoHarm() throws IOException {
        byte[] good = NiftiBytes.gzip(NiftiBytes.nifti1());
        Object voxels = NiftiBytes.volume().array();
        int rejected = 0;
        for (int bit = 0; bit < good.length * Byte.SIZE; bit++) {
            byte[] flipped = good.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            Path file = write("ct.nii.gz", flipped);
            try {
                assertThat(Nifti.read(file).array()).as("bit %d", bit).isEqualTo(voxels);
            } catch (IOException e) {
                assertThat(e).hasMessageStartingWith("[ct.nii.gz] offset ");
                rejected++;
            }
        }
        // gzip's time and system say nothing of the content, and zeros may be copied from one place or another
        assertThat(rejected).isGreaterThan(good.length * Byte.SIZE * 9 / 10);
    }

    static Stream<Arguments> lies() {
        return Stream.of(31, 32, 33, 40, 62)
                .flatMap(power -> Stream.of(1L << power, (1L << power) + 352, -(1L << power))
                        .flatMap(lie -> Stream.of(24, 32, 40, 48, 56, 168).map(offset -> Arguments.of(lie, offset))));
    }

    /** Sizes and vox_offset of NIfTI-2, which has 64 bits for them. */
    @ParameterizedTest
    @MethodSource("lies")
    void aSizeThatLiesIsRejectedBeforeAllocation(long lie, int offset) throws IOException {
        byte[] lying = NiftiBytes.with(NiftiBytes.nifti2(), b -> {
            b.putLong(16, 5);
            b.putLong(offset, lie);
        });
        for (byte[] file : List.of(lying, NiftiBytes.gzip(lying))) {
            Path path = write("ct.nii.gz", file);
            long bytes = Allocation.of(() -> assertThatIOException()
                    .isThrownBy(() -> Nifti.readChannels(path))
                    .withMessageStartingWith("[ct.nii.gz] offset "));
            assertThat(bytes).isLessThan(8 << 20);
        }
    }

    @Test
    void gzipWithAWrongChecksumIsRejected() throws IOException {
        byte[] bytes = NiftiBytes.gzip(NiftiBytes.nifti1());
        bytes[bytes.length - 6] ^= 1;
        assertRejected(write("ct.nii.gz", bytes), "the gzip data is damaged (Corrupt GZIP trailer)");
        bytes[bytes.length - 6] ^= 1;
        bytes[bytes.length - 20] ^= 0x55;
        assertRejected(write("ct.nii.gz", bytes), "the gzip data is damaged");
    }

    @Test
    void hugeGzipHeaderIsRejectedBeforeAllocation() throws IOException {
        // 2.1 thousand million voxels from a file of some hundred bytes: no gzip can hold that
        byte[] huge = NiftiBytes.with(NiftiBytes.nifti1(), b -> {
            b.putShort(42, (short) 1290);
            b.putShort(44, (short) 1290);
            b.putShort(46, (short) 1290);
        });
        assertRejected(write("ct.nii.gz", NiftiBytes.gzip(huge)), "voxels need 4293378000 bytes, the file has at most");
    }

    @Test
    void volumeTooLargeForOneArrayIsRejected() throws IOException {
        Path file = write("ct.nii.gz", NiftiBytes.gzip(unpackable(2_200_000, 1291, (short) 2)));
        assertRejected(file, "[ct.nii.gz] a volume of 1291 x 1291 x 1291 voxels is too large: at most 2147483639 fit");
        assertThatIOException().isThrownBy(() -> Nifti.readHeader(file)).withMessageContaining("too large");
    }

    @Test
    void volumeTooLargeForTheHeapIsRejected() throws IOException {
        assumeTrue(Runtime.getRuntime().maxMemory() < 4_000_000_000L, "skipped: the heap holds the volume");
        Path file = write("ct.nii.gz", NiftiBytes.gzip(unpackable(4_300_000, 1290, (short) 4)));
        assertRejected(file, "[ct.nii.gz] its voxels (1290 x 1290 x 1290 int16) need 4.0 GiB, Java may use");
        assertRejected(file, "GiB; give Java more with UNET4J_JAVA_OPTS=-Xmx");
    }

    /** Nearly all of the heap: more than is left beside what is in use. */
    @Test
    void volumeTooLargeForWhatIsLeftOfTheHeapIsRejected() throws IOException {
        long heap = Runtime.getRuntime().maxMemory();
        assumeTrue(heap < 4_000_000_000L, "skipped: one volume cannot fill the heap");
        byte[] used = new byte[64 << 20];
        int size = (int) Math.cbrt(heap * 0.99 / Short.BYTES);
        Path file = write("ct.nii.gz", NiftiBytes.gzip(unpackable(4_300_000, size, (short) 4)));
        try {
            assertRejected(file, "but too much of that is in use; give Java more with UNET4J_JAVA_OPTS=-Xmx");
        } finally {
            Reference.reachabilityFence(used);
        }
    }

    /** Returns a file whose gzip could hold what its header claims, by its size alone. */
    private static byte[] unpackable(int length, int size, short datatype) {
        byte[] bytes = new byte[length];
        new Random(1).nextBytes(bytes);
        System.arraycopy(NiftiBytes.nifti1(), 0, bytes, 0, 352);
        return NiftiBytes.with(bytes, b -> {
            b.putShort(42, (short) size);
            b.putShort(44, (short) size);
            b.putShort(46, (short) size);
            b.putShort(70, datatype);
        });
    }

    @Test
    void hugeNifti2IsRejectedBeforeAllocation() throws IOException {
        byte[] huge = NiftiBytes.with(NiftiBytes.nifti2(), b -> b.putLong(24, 1L << 40));
        assertRejected(write("ct.nii", huge), "offset 544: 1099511627776 x 3 x 4 int16 voxels need");
        byte[] overflow = NiftiBytes.with(NiftiBytes.nifti2(), b -> {
            b.putLong(24, 1L << 40);
            b.putLong(32, 1L << 40);
        });
        assertRejected(write("ct.nii", overflow), "makes more voxels than can be counted");
    }

    @Test
    void brainNodesAreNoVoxels() throws IOException {
        byte[] cifti = NiftiBytes.with(NiftiBytes.nifti2(), b -> b.putInt(504, 3006));
        assertRejected(
                write("ct.dscalar.nii", cifti),
                "[ct.dscalar.nii] offset 504: intent_code 3006 says CIFTI: values at brain nodes, no voxels on a grid");
    }

    @Test
    void severalVolumesAreNoSingleOne() throws IOException {
        byte[] two = NiftiBytes.with(NiftiBytes.nifti1(), b -> {
            b.putShort(40, (short) 4);
            b.putShort(46, (short) 2);
            b.putShort(48, (short) 2);
        });
        Path file = write("ct.nii", two);
        assertRejected(file, "[ct.nii] holds 2 volumes (2 x 3 x 2 x 2); one is expected here");
        assertThat(Nifti.readChannels(file)).hasSize(2);
    }

    private void assertRejected(Path file, String message) {
        assertThatIOException().isThrownBy(() -> Nifti.read(file)).withMessageContaining(message);
    }

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }
}
