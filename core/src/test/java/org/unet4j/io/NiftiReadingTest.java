package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Volume;

/** Headers out of the ordinary are read as nibabel reads them. */
class NiftiReadingTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(floats = {0, Float.NaN, Float.POSITIVE_INFINITY})
    void uselessSlopeMeansUnscaled(float slope) throws IOException {
        Volume volume = read(b -> {
            b.putFloat(112, slope);
            b.putFloat(116, 100);
        });
        assertThat(volume.get(0)).isEqualTo(-5);
    }

    @Test
    void slopeAndInterceptScale() throws IOException {
        Volume volume = read(b -> {
            b.putFloat(112, -0.5f);
            b.putFloat(116, 100);
        });
        assertThat(volume.get(0)).isEqualTo(102.5);
    }

    @Test
    void quaternionSlightlyLongerThanOneIsShortened() throws IOException {
        Affine affine = read(b -> {
                    b.putShort(254, (short) 0);
                    b.putFloat(264, 1.0001f);
                })
                .grid()
                .affine();
        assertThat(affine.xx()).isCloseTo(-1, within(1e-6));
        assertThat(affine.yy()).isCloseTo(-2, within(1e-6));
        assertThat(affine.zz()).isCloseTo(3, within(1e-6));
    }

    @Test
    void negativeOrZeroPixdimIsRepairedAsByNibabel() throws IOException {
        Affine affine = read(b -> {
                    b.putShort(254, (short) 0);
                    b.putFloat(76, 0);
                    b.putFloat(80, -1);
                    b.putFloat(84, 0);
                })
                .grid()
                .affine();
        assertThat(new double[] {affine.xx(), affine.yy(), affine.zz()}).containsExactly(1, 1, 3);
    }

    /** nifti_clib mends it too; nibabel reads an array without voxels. */
    @Test
    void anAxisAfterZOfUnsetSizeHasOne() throws IOException {
        Path file = Files.write(
                folder.resolve("ct.nii"),
                NiftiBytes.with(
                        NiftiBytes.nifti1(), b -> b.putShort(40, (short) 4).putShort(48, (short) 0)));
        assertThat(Nifti.read(file).array()).isEqualTo(NiftiBytes.volume().array());
        assertThat(Nifti.readHeader(file).remarks()).containsExactly("dim[4] is 0; read as 1");
    }

    @Test
    void unknownFormCodesCountAsNotSet() throws IOException {
        Affine affine = read(b -> {
                    b.putShort(252, (short) 99);
                    b.putShort(254, (short) -7);
                })
                .grid()
                .affine();
        assertThat(affine).isEqualTo(new Affine(-1, 0, 0, 0.5, 0, 2, 0, -2, 0, 0, 3, -4.5));
    }

    @Test
    void voxelsMayStartBehindExtensions() throws IOException {
        byte[] good = NiftiBytes.nifti1();
        byte[] extended = new byte[good.length + 320];
        System.arraycopy(good, 0, extended, 0, 352);
        System.arraycopy(good, 352, extended, 672, NiftiBytes.VOXEL_BYTES);
        ByteBuffer.wrap(extended)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(108, 672)
                .put(348, (byte) 1);
        assertThat(read(extended).toFloats()).isEqualTo(NiftiBytes.volume().toFloats());
        assertThat(read(NiftiBytes.gzip(extended)).toFloats())
                .isEqualTo(NiftiBytes.volume().toFloats());
    }

    @Test
    void severalGzipMembersAreOneStream() throws IOException {
        byte[] good = NiftiBytes.nifti1();
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        members.write(NiftiBytes.gzip(Arrays.copyOf(good, 370)));
        members.write(NiftiBytes.gzip(Arrays.copyOfRange(good, 370, good.length)));
        assertThat(read(members.toByteArray()).toFloats())
                .isEqualTo(NiftiBytes.volume().toFloats());
    }

    @Test
    void nifti2EqualsNifti1() throws IOException {
        Volume volume = read(NiftiBytes.nifti2());
        assertThat(volume.toFloats()).isEqualTo(NiftiBytes.volume().toFloats());
        assertThat(volume.grid()).isEqualTo(NiftiBytes.volume().grid());
    }

    @Test
    void nanAndInfiniteVoxelsAreKept() throws IOException {
        byte[] floats = NiftiBytes.with(Arrays.copyOf(NiftiBytes.nifti1(), 352 + 96), b -> {
            b.putShort(70, (short) 16);
            b.putFloat(352, Float.NaN);
            b.putFloat(356, Float.NEGATIVE_INFINITY);
        });
        Volume volume = read(floats);
        assertThat(volume.get(0)).isNaN();
        assertThat(volume.get(1)).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    private Volume read(Consumer<ByteBuffer> change) throws IOException {
        return read(NiftiBytes.with(NiftiBytes.nifti1(), change));
    }

    private Volume read(byte[] bytes) throws IOException {
        return Nifti.read(Files.write(folder.resolve("ct.nii.gz"), bytes));
    }
}
