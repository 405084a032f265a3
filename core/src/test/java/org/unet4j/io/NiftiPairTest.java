package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unet4j.volume.Volume;

/** A pair is one scan, however its two files are spelled and whichever of them is named. */
class NiftiPairTest {

    private static final byte[] SINGLE = NiftiBytes.nifti1();
    private static final byte[] VOXELS = Arrays.copyOfRange(SINGLE, 352, SINGLE.length);

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "ct.hdr, ct.img",
        "ct.hdr.gz, ct.img.gz",
        "ct.hdr, ct.img.gz",
        "ct.hdr.gz, ct.img",
        "CT.HDR, CT.IMG",
        "Ct.hdr, Ct.IMG",
        "ct.HDR.GZ, ct.img.gz",
        "ct.1.hdr, ct.1.img"
    })
    void anySpellingIsRead(String header, String voxels) throws IOException {
        write(header, header(0));
        write(voxels, VOXELS);
        for (String given : new String[] {header, voxels}) {
            Volume volume = Nifti.read(folder.resolve(given));
            assertThat(volume.array()).isEqualTo(NiftiBytes.volume().array());
            assertThat(volume.grid()).isEqualTo(NiftiBytes.volume().grid());
            assertThat(Nifti.readHeader(folder.resolve(given)).isPair()).isTrue();
            assertThat(Nifti.stem(Path.of(given))).isEqualTo(Nifti.stem(Path.of(header)));
        }
        assertThat(Nifti.isScan(Path.of(header))).isTrue();
        assertThat(Nifti.isScan(Path.of(voxels))).as("a pair is listed once").isFalse();
        assertThat(Nifti.isNifti(Path.of(header)))
                .as("written are single files")
                .isFalse();
    }

    @Test
    void compressionIsToldByBytesNotByName() throws IOException {
        Files.write(folder.resolve("ct.hdr"), NiftiBytes.gzip(header(0)));
        Files.write(folder.resolve("ct.img"), NiftiBytes.gzip(VOXELS));
        assertThat(Nifti.read(folder.resolve("ct.hdr")).array())
                .isEqualTo(NiftiBytes.volume().array());
    }

    @Test
    void voxelsMayStartLaterInTheirFile() throws IOException {
        write("ct.hdr", header(16));
        byte[] later = new byte[16 + VOXELS.length];
        System.arraycopy(VOXELS, 0, later, 16, VOXELS.length);
        write("ct.img", later);
        assertThat(Nifti.read(folder.resolve("ct.hdr")).array())
                .isEqualTo(NiftiBytes.volume().array());
    }

    /** nibabel too goes by the name: Nifti1Image for .nii, Nifti1Pair for .hdr. */
    @Test
    void theNameDecidesWhereTheMagicDisagrees() throws IOException {
        byte[] single = NiftiBytes.with(SINGLE, b -> b.put(344, "ni1\0".getBytes(StandardCharsets.US_ASCII)));
        write("ct.nii", single);
        assertThat(Nifti.read(folder.resolve("ct.nii")).array())
                .isEqualTo(NiftiBytes.volume().array());
        assertThat(Nifti.readHeader(folder.resolve("ct.nii")).remarks())
                .containsExactly("the magic says that the voxels are in another file; the file's name decides");

        byte[] pair = NiftiBytes.with(Arrays.copyOf(SINGLE, 348), b -> b.putFloat(108, 0));
        write("pair.hdr", pair);
        write("pair.img", VOXELS);
        assertThat(Nifti.read(folder.resolve("pair.hdr")).array())
                .isEqualTo(NiftiBytes.volume().array());
        assertThat(Nifti.readHeader(folder.resolve("pair.hdr")).remarks())
                .containsExactly("the magic says that the voxels are in the same file; the file's name decides");
    }

    @Test
    void oneOfThePairAloneIsRejected() throws IOException {
        write("ct.hdr", header(0));
        assertThatIOException()
                .isThrownBy(() -> Nifti.read(folder.resolve("ct.hdr")))
                .withMessage(
                        "[ct.hdr] is only the header of a pair: its voxels, ct.img or ct.img.gz, are not beside it");
        write("mr.img", VOXELS);
        assertThatIOException()
                .isThrownBy(() -> Nifti.read(folder.resolve("mr.img")))
                .withMessage("[mr.img] holds voxels only: its header, mr.hdr or mr.hdr.gz, is not beside it");
        assertThatIOException()
                .isThrownBy(() -> Nifti.read(folder.resolve("no.img")))
                .withMessageStartingWith("[no.img] no such file: ");
    }

    @Test
    void voxelsCutShortAreTold() throws IOException {
        write("ct.hdr", header(0));
        write("ct.img", Arrays.copyOf(VOXELS, 47));
        assertThatIOException()
                .isThrownBy(() -> Nifti.read(folder.resolve("ct.hdr")))
                .withMessageStartingWith(
                        "[ct.img] offset 0: 2 x 3 x 4 int16 voxels need 48 bytes, the file has at most 47");
    }

    /** SPM2 writes the true affine there, and nibabel takes it from there. */
    @Test
    void analyzeWithItsGeometryInAMatlabFileIsRejected() throws IOException {
        for (String name : new String[] {"spm_origin.hdr", "spm_origin.img"}) {
            Files.copy(NiftiFormsTest.path(name), folder.resolve(name));
        }
        assertThat(Nifti.read(folder.resolve("spm_origin.hdr"))).isNotNull();
        Files.write(folder.resolve("spm_origin.mat"), new byte[] {0});
        assertThatIOException()
                .isThrownBy(() -> Nifti.read(folder.resolve("spm_origin.hdr")))
                .withMessageStartingWith("[spm_origin.hdr] is Analyze 7.5 with its geometry in spm_origin.mat");
    }

    private static byte[] header(float voxelOffset) {
        return NiftiBytes.with(Arrays.copyOf(SINGLE, 348), b -> {
            b.put(344, "ni1\0".getBytes(StandardCharsets.US_ASCII));
            b.putFloat(108, voxelOffset);
        });
    }

    private void write(String name, byte[] bytes) throws IOException {
        boolean gzip = name.toLowerCase(Locale.ROOT).endsWith(".gz");
        Files.write(folder.resolve(name), gzip ? NiftiBytes.gzip(bytes) : bytes);
    }
}
