package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.unet4j.Golden;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Volume;

/** A scan that is written again keeps all that it was not asked to change. */
class NiftiRewriteTest {

    /** Two ranges make a slope of 64 bits, which NIfTI-1 keeps in 32. */
    private static final double FLOAT_TOLERANCE = 1e-8;

    @TempDir
    Path folder;

    static Stream<Path> files() {
        return Stream.concat(
                NiftiFormsTest.files().map(NiftiFormsTest::path),
                NiftiGoldenTest.files().map(name -> Golden.path("nifti/" + name)));
    }

    @ParameterizedTest
    @MethodSource("files")
    void voxelsGeometryAndExtensionsStay(Path from) throws IOException {
        NiftiHeader before = Nifti.readHeader(from);
        Path to = folder.resolve("copy.nii.gz");
        Nifti.rewrite(from, to, before);
        NiftiHeader after = Nifti.readHeader(to);
        assertThat(after.extensions()).isEqualTo(before.extensions());
        assertThat(after.affine()).isEqualTo(before.affine());
        assertThat(after.dims()).isEqualTo(before.dims());
        assertThat(after.type()).isEqualTo(before.type());
        assertThat(after.order()).isEqualTo(before.order());
        assertThat(after.isPair()).isFalse();
        double tolerance = from.endsWith("spm_ranges.hdr") ? FLOAT_TOLERANCE : 0;
        assertThat(NiftiFormsTest.voxels(Nifti.readChannels(to)))
                .containsExactly(NiftiFormsTest.voxels(Nifti.readChannels(from)), within(tolerance));
    }

    /** What nibabel wrote as one file comes back byte for byte. */
    @ParameterizedTest
    @ValueSource(strings = {"extended2.nii", "extended_big_endian.nii", "five_axes.nii"})
    void underItsOwnGeometryAFileStaysTheSame(String name) throws IOException {
        Path from = NiftiFormsTest.path(name);
        Path to = folder.resolve("copy.nii");
        Nifti.rewrite(from, to, Nifti.readHeader(from));
        byte[] before = Files.readAllBytes(from);
        byte[] after = Files.readAllBytes(to);
        int pixdim0 = name.equals("extended2.nii") ? 104 : 76;
        for (byte[] bytes : List.of(before, after)) {
            Arrays.fill(bytes, pixdim0, pixdim0 + 8, (byte) 0); // the sign of z, which is repaired where it is 0
        }
        assertThat(after).isEqualTo(before);
    }

    @Test
    void whatLiesBeforeAndBehindTheVoxelsStays() throws IOException {
        byte[] good = NiftiBytes.nifti1();
        byte[] odd = new byte[good.length + 32 + 3];
        System.arraycopy(good, 0, odd, 0, 352);
        System.arraycopy(good, 352, odd, 384, good.length - 352);
        Arrays.fill(odd, 352, 384, (byte) 7); // no extension
        Arrays.fill(odd, odd.length - 3, odd.length, (byte) 9);
        byte[] bytes = NiftiBytes.with(odd, b -> b.putFloat(108, 384));
        Path from = Files.write(folder.resolve("ct.nii"), bytes);
        Path to = folder.resolve("copy.nii");
        Nifti.rewrite(from, to, Nifti.readHeader(from));
        assertThat(to).hasBinaryContent(bytes);
    }

    @Test
    void onlyTheGeometryIsTakenFromAnotherScan() throws IOException {
        Path scan = NiftiFormsTest.path("extended_big_endian.nii");
        Path other = folder.resolve("other.nii");
        Volume volume = NiftiBytes.volume();
        Nifti.write(other, new Volume(scanGrid(scan, volume), volume.type(), volume.array(), 1, 0));
        Path to = folder.resolve("copy.nii");
        Nifti.rewrite(scan, to, Nifti.readHeader(other));
        NiftiHeader written = Nifti.readHeader(to);
        assertThat(written.qform()).isEqualTo(Nifti.readHeader(other).qform());
        assertThat(written.sform()).isEqualTo(Nifti.readHeader(other).sform());
        assertThat(written.pixdim()).isEqualTo(Nifti.readHeader(other).pixdim());
        assertThat(written.extensions()).isEqualTo(Nifti.readHeader(scan).extensions());
        assertThat(written.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
        assertThat(Nifti.read(to).array()).isEqualTo(Nifti.read(scan).array());
    }

    private static Grid scanGrid(Path scan, Volume volume) throws IOException {
        return new Grid(Nifti.readHeader(scan).shape(), volume.grid().affine());
    }

    @Test
    void anotherShapeIsRejected() throws IOException {
        NiftiHeader other = Nifti.readHeader(Golden.path("nifti/las_s.nii.gz"));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Nifti.rewrite(NiftiFormsTest.path("extended2.nii"), folder.resolve("copy.nii"), other))
                .withMessage("[extended2.nii] has 4 x 3 x 2 voxels, the geometry is of 3 x 4 x 5;"
                        + " resample the scan to it first");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aDamagedScanLeavesNoCopy() throws IOException {
        byte[] bytes = NiftiBytes.gzip(NiftiBytes.nifti1());
        bytes[bytes.length - 6] ^= 1;
        Path from = Files.write(folder.resolve("ct.nii.gz"), bytes);
        NiftiHeader header = Nifti.readHeader(from);
        assertThatIOException()
                .isThrownBy(() -> Nifti.rewrite(from, folder.resolve("copy.nii"), header))
                .withMessageContaining("[ct.nii.gz] offset 400: the gzip data is damaged");
        assertThat(folder.resolve("copy.nii")).doesNotExist();
    }

    @Test
    void labelsHaveNoneOfTheScansExtensions() throws IOException {
        NiftiHeader scan = Nifti.readHeader(NiftiFormsTest.path("extended.nii.gz"));
        assertThat(scan.extensions()).hasSize(2);
        Path file = folder.resolve("seg.nii");
        Nifti.write(file, new Labels(scan.grid(), new byte[24]), scan);
        assertThat(Nifti.readHeader(file).extensions()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {-16, 7, 4096, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void anExtensionOfAnImpossibleSizeIsLeftOutWithAWord(int size) throws IOException {
        byte[] bytes = Files.readAllBytes(NiftiFormsTest.path("extended_big_endian.nii"));
        int second = 352 + ByteBuffer.wrap(bytes).getInt(352);
        ByteBuffer.wrap(bytes).putInt(second, size);
        Path file = Files.write(folder.resolve("ct.nii"), bytes);
        NiftiHeader header = Nifti.readHeader(file);
        assertThat(header.extensions()).hasSize(1);
        assertThat(header.remarks())
                .containsExactly("the extension at offset " + second + " (code 4) has " + size + " bytes where "
                        + (448 - second) + " can be read; it and what follows it are left out");
        assertThat(Nifti.read(file).array())
                .isEqualTo(Nifti.read(NiftiFormsTest.path("extended_big_endian.nii"))
                        .array());
    }

    @Test
    void anExtensionOfAnOddSizeStaysAsItIs() throws IOException {
        byte[] good = Files.readAllBytes(NiftiFormsTest.path("extended_big_endian.nii"));
        int first = ByteBuffer.wrap(good).getInt(352);
        byte[] odd = good.clone();
        ByteBuffer.wrap(odd).putInt(352, first - 2);
        System.arraycopy(good, 352 + first, odd, 352 + first - 2, good.length - 352 - first);
        Path file = Files.write(folder.resolve("ct.nii"), odd);
        NiftiHeader header = Nifti.readHeader(file);
        assertThat(header.extensions()).hasSize(2);
        Path copy = folder.resolve("copy.nii");
        Nifti.rewrite(file, copy, header);
        assertThat(copy).hasBinaryContent(odd);
    }
}
