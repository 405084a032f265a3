package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.unet4j.Golden;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;
import org.unet4j.volume.VoxelType;

class NiftiWritingTest {

    /** The geometry of NIfTI-1 has 32 bits. */
    private static final double FLOAT_TOLERANCE = 1e-5;

    @TempDir
    Path folder;

    static Stream<String> goldenFiles() {
        return NiftiGoldenTest.files();
    }

    @ParameterizedTest
    @EnumSource(VoxelType.class)
    void everyTypeComesBackBitForBit(VoxelType type) throws IOException {
        Shape shape = new Shape(40, 41, 43);
        byte[] bytes = new byte[shape.arrayLength() * 8];
        new Random(3).nextBytes(bytes);
        Object voxels = type.newArray(shape.arrayLength());
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        switch (type) {
            case INT8, UINT8 -> buffer.get((byte[]) voxels);
            case INT16, UINT16 -> buffer.asShortBuffer().get((short[]) voxels);
            case INT32, UINT32 -> buffer.asIntBuffer().get((int[]) voxels);
            case INT64, UINT64 -> buffer.asLongBuffer().get((long[]) voxels);
            case FLOAT32 -> buffer.asFloatBuffer().get((float[]) voxels);
            case FLOAT64 -> buffer.asDoubleBuffer().get((double[]) voxels);
        }
        Grid grid = new Grid(shape, new Affine(-0.5, 0, 0, 1, 0, 0, 2, 2, 0, 1.5, 0, 3));
        for (String name : new String[] {"a.nii", "a.nii.gz"}) {
            Path file = folder.resolve(name);
            Nifti.write(file, new Volume(grid, type, voxels, 0.25, -8));
            Volume back = Nifti.read(file);
            assertThat(back.type()).isEqualTo(type);
            assertThat(back.array()).isEqualTo(voxels);
            assertThat(back.grid()).isEqualTo(grid);
            assertThat(back.slope()).isEqualTo(0.25);
            assertThat(back.intercept()).isEqualTo(-8);
        }
    }

    @ParameterizedTest
    @MethodSource("goldenFiles")
    void labelsTakeTheScansGeometryBitForBit(String name) throws IOException {
        NiftiHeader scan = Nifti.readHeader(Golden.path("nifti/" + name));
        byte[] classes = new byte[scan.shape().arrayLength()];
        classes[7] = (byte) 200;
        Path file = folder.resolve("seg.nii.gz");
        Nifti.write(file, new Labels(scan.grid(), classes), scan);
        NiftiHeader written = Nifti.readHeader(file);
        assertThat(written.qform()).isEqualTo(scan.qform());
        assertThat(written.sform()).isEqualTo(scan.sform());
        assertThat(written.pixdim()).isEqualTo(scan.pixdim());
        assertThat(written.units()).isEqualTo(scan.units());
        assertThat(written.version()).isEqualTo(scan.version());
        assertThat(written.affine()).isEqualTo(scan.affine());
        assertThat(written.type()).isEqualTo(VoxelType.UINT8);
        assertThat(written.dims()).isEqualTo(scan.dims().subList(0, 3));
        assertThat(Nifti.readLabels(file).get(7)).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void qformAndSformAgree(long seed) throws IOException {
        Random random = new Random(seed);
        double[][] rows = new double[3][4];
        for (double[] row : rows) {
            Arrays.setAll(row, i -> random.nextGaussian());
        }
        double[][] rotation = Affine.of(rows).closestRotation();
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                rows[i][j] = rotation[i][j] * (1 + j);
            }
        }
        Grid grid = new Grid(NiftiBytes.SHAPE, Affine.of(rows));
        Path file = folder.resolve("oblique.nii");
        Nifti.write(file, Volume.of(grid, new short[24]));
        NiftiHeader header = Nifti.readHeader(file);
        assertThat(header.qform().code()).isEqualTo(1);
        assertThat(header.sform().code()).isEqualTo(1);
        double[][] qform = header.qformAffine().toArray();
        double[][] sform = header.sform().affine().toArray();
        for (int i = 0; i < 3; i++) {
            assertThat(sform[i]).containsExactly(rows[i], within(FLOAT_TOLERANCE));
            // the quaternion's first component is the root of a rounded difference
            assertThat(qform[i]).containsExactly(rows[i], within(2e-3));
        }
    }

    @Test
    void aShearedAffineGoesIntoTheSformAlone() throws IOException {
        Affine sheared = new Affine(1, 0.2, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0);
        Path file = folder.resolve("tilted.nii");
        Nifti.write(file, Volume.of(new Grid(NiftiBytes.SHAPE, sheared), new short[24]));
        NiftiHeader header = Nifti.readHeader(file);
        assertThat(header.qform().code()).isZero();
        assertThat(header.affine().xy()).isEqualTo((float) 0.2);
    }

    @Test
    void anAxisTooLongForNifti1MakesNifti2() throws IOException {
        Grid grid = Grid.of(new Shape(1, 1, 40_000), new Spacing(1, 1, 1));
        short[] voxels = new short[40_000];
        voxels[39_999] = 7;
        Path file = folder.resolve("long.nii.gz");
        Nifti.write(file, Volume.of(grid, voxels));
        assertThat(Nifti.readHeader(file).version()).isEqualTo(2);
        assertThat(Nifti.read(file).get(39_999)).isEqualTo(7);
        assertThat(Nifti.read(file).grid()).isEqualTo(grid);
    }

    @Test
    void theFileIsOneGzipMember() throws Exception {
        Path file = folder.resolve("ct.nii.gz");
        Nifti.write(file, NiftiBytes.volume());
        byte[] bytes = Files.readAllBytes(file);
        Inflater inflater = new Inflater(true);
        inflater.setInput(bytes, 10, bytes.length - 10);
        byte[] out = new byte[1000];
        assertThat(inflater.inflate(out)).isEqualTo(352 + NiftiBytes.VOXEL_BYTES);
        assertThat(inflater.finished()).isTrue();
        assertThat(inflater.getRemaining()).isEqualTo(8);
        inflater.end();
        assertThat(ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN).getInt(0))
                .isEqualTo(348);
    }

    @Test
    void labelsOnAnotherGridAreRejected() throws IOException {
        NiftiHeader scan = Nifti.readHeader(Golden.path("nifti/las_s.nii.gz"));
        Labels other = new Labels(Grid.of(scan.shape(), new Spacing(1, 1, 1)), new byte[60]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Nifti.write(folder.resolve("seg.nii.gz"), other, scan))
                .withMessageContaining("[seg.nii.gz] labels on")
                .withMessageContaining("bring them back to it first");
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ct.img", "ct", "._ct.nii.gz"})
    void otherNamesAreRejected(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Nifti.write(folder.resolve(name), NiftiBytes.volume()))
                .withMessageContaining("[" + name + "]");
    }

    @Test
    void namesAreToldApart() {
        assertThat(Nifti.isNifti(Path.of("a/ct.nii"))).isTrue();
        assertThat(Nifti.isNifti(Path.of("a/CT.NII.GZ"))).isTrue();
        assertThat(Nifti.isNifti(Path.of("a/._ct.nii.gz"))).isFalse();
        assertThat(Nifti.isNifti(Path.of("a/ct.nii.txt"))).isFalse();
        assertThat(Nifti.stem(Path.of("a/ct.nii.gz"))).isEqualTo("ct");
        assertThat(Nifti.stem(Path.of("a/ct.1.Nii"))).isEqualTo("ct.1");
        assertThat(Nifti.stem(Path.of("a/ct.txt"))).isEqualTo("ct.txt");
    }
}
