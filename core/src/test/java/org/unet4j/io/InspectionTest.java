package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.unet4j.Golden;

class InspectionTest {

    private static final String TINY =
            "only 2 x 3 x 4 voxels (x, y, z): too few for a scan; is it a slice or a thumbnail?";

    @TempDir
    Path folder;

    @Test
    void aGoodFileHasNoProblemsButItsSize() throws IOException {
        Inspection inspection = inspect(NiftiBytes.nifti1());
        assertThat(inspection.file()).isEqualTo("ct.nii");
        assertThat(inspection.shape()).containsExactly(2L, 3L, 4L);
        assertThat(inspection.spacing()).containsExactly(1.0, 2.0, 3.0);
        assertThat(inspection.affine())
                .containsExactly(
                        List.of(1.0, 0.0, 0.0, 0.0),
                        List.of(0.0, 2.0, 0.0, 0.0),
                        List.of(0.0, 0.0, 3.0, 0.0),
                        List.of(0.0, 0.0, 0.0, 1.0));
        assertThat(inspection.orientation()).isEqualTo("RAS");
        assertThat(inspection.dtype()).isEqualTo("int16");
        assertThat(inspection.min()).isEqualTo(-5);
        assertThat(inspection.max()).isEqualTo(18);
        assertThat(inspection.mean()).isEqualTo(6.5);
        assertThat(inspection.voxels()).isEqualTo(24);
        assertThat(inspection.finite()).isEqualTo(24);
        assertThat(inspection.labels()).isEmpty();
        assertThat(inspection.volumesMl()).isEmpty();
        assertThat(inspection.problems()).containsExactly(TINY);
        assertThat(inspection.errors()).isEmpty();
        assertThat(inspection.mendable()).isEmpty();
    }

    @Test
    void onlyFiniteVoxelsCountAndTheOthersAreAProblem() throws IOException {
        Inspection inspection = inspect(floats(Float.NaN, Float.NaN, Float.POSITIVE_INFINITY, 1, 2, 6));
        assertThat(inspection.finite()).isEqualTo(21);
        assertThat(inspection.min()).isZero();
        assertThat(inspection.max()).isEqualTo(6);
        assertThat(inspection.mean()).isEqualTo(9.0 / 21);
        assertThat(inspection.problems())
                .containsExactly(TINY, "2 of 24 voxels are NaN", "1 of 24 voxels are infinite");
        assertThat(inspection.errors()).containsExactly("2 of 24 voxels are NaN", "1 of 24 voxels are infinite");
    }

    @Test
    void withoutAFiniteVoxelThereIsNoRange() throws IOException {
        float[] none = new float[24];
        Arrays.fill(none, Float.NaN);
        Inspection inspection = inspect(floats(none));
        assertThat(inspection.min()).isNaN();
        assertThat(inspection.max()).isNaN();
        assertThat(inspection.mean()).isNaN();
    }

    @Test
    void labelsAreCounted() throws IOException {
        Inspection inspection = inspect(floats(2, 1, 1, 7));
        assertThat(inspection.labels()).isEqualTo(Map.of(0, 20L, 1, 2L, 2, 1L, 7, 1L));
        assertThat(inspection.volumesMl()).isEqualTo(Map.of(0, 0.12, 1, 0.012, 2, 0.006, 7, 0.006));
        assertThat(inspect(floats(2, 1, 1.5f)).labels()).isEmpty();
        assertThat(inspect(floats(2, 1, Float.NaN)).labels()).isEmpty();
        assertThat(inspect(floats(65_536)).labels()).isEmpty();
    }

    @Test
    void allVolumesAreLookedAt() throws IOException {
        Inspection inspection = Inspection.of(Golden.path("nifti/dim4_two.nii.gz"));
        assertThat(inspection.shape()).containsExactly(3L, 4L, 5L, 2L);
        assertThat(inspection.voxels()).isEqualTo(120);
        assertThat(inspection.mean()).isEqualTo(9540.0 / 120);
    }

    static Stream<Arguments> problems() {
        return Stream.of(
                problem("qform and sform disagree by up to 9.0 mm", b -> b.putFloat(292, 9)),
                problem("the qform is no rotation", b -> b.putFloat(256, 3)),
                problem("the affine of the sform is singular", b -> {
                    b.putFloat(280, 1);
                    b.putFloat(284, 2);
                    b.putFloat(296, 2);
                    b.putFloat(300, 4);
                }),
                problem("the sform is unusable: voxels lie 0.0 mm apart along z", b -> b.putFloat(320, 0)),
                problem("neither qform nor sform is set", b -> b.putInt(252, 0)),
                problem("sform_code 77 is none of 0 to 5", b -> b.putShort(254, (short) 77)),
                problem("pixdim[2] is 0; read as 1", b -> b.putFloat(84, 0)),
                problem("pixdim[1] = -1.0 is negative; read as 1.0", b -> b.putFloat(80, -1)),
                problem("pixdim[0] = 5.0 is neither 1 nor -1", b -> b.putFloat(76, 5)),
                problem("pixdim[3] is 4.0 mm, the affine says 3.0 mm; the affine is used", b -> {
                    b.putShort(252, (short) 0);
                    b.putFloat(88, 4);
                }),
                problem("bitpix is 8 where int16 has 16", b -> b.putShort(72, (short) 8)),
                problem("the spatial unit (xyzt_units 3) is not mm but micrometres", b -> b.put(123, (byte) 3)),
                problem("the spatial unit (xyzt_units 1) is not mm but metres", b -> b.put(123, (byte) 1)),
                problem("the volume is 0.012 mm long: is its spacing in metres?", b -> scale(b, 1e-3f)),
                problem("the volume is 12000 mm long: is its spacing in micrometres?", b -> scale(b, 1e3f)),
                problem("the axes are not at right angles", b -> {
                    b.putShort(252, (short) 0);
                    b.putFloat(284, 0.5f);
                }));
    }

    private static void scale(ByteBuffer header, float factor) {
        for (int at : new int[] {80, 84, 88, 280, 300, 320}) {
            header.putFloat(at, header.getFloat(at) * factor);
        }
    }

    private static Arguments problem(String text, Consumer<ByteBuffer> change) {
        return Arguments.of(text, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("problems")
    void whatIsWrongIsTold(String text, Consumer<ByteBuffer> change) throws IOException {
        Inspection inspection = inspect(NiftiBytes.with(NiftiBytes.nifti1(), change));
        assertThat(inspection.problems())
                .anySatisfy(problem -> assertThat(problem).contains(text));
        assertThat(inspection.mean()).isEqualTo(6.5);
    }

    @Test
    void allThatIsWrongIsToldAtOnce() throws IOException {
        Inspection inspection = inspect(NiftiBytes.with(NiftiBytes.nifti1(), b -> {
            b.putShort(72, (short) 8);
            b.put(123, (byte) 3);
            b.putFloat(284, 0.5f);
            b.putFloat(88, 4);
            b.putFloat(268, 20);
        }));
        assertThat(inspection.problems())
                .satisfiesExactly(
                        p -> assertThat(p).startsWith("bitpix is 8"),
                        p -> assertThat(p).startsWith("qform and sform disagree by up to 20."),
                        p -> assertThat(p).startsWith("pixdim[2] is 2.0 mm, the affine says 2.06"),
                        p -> assertThat(p).startsWith("pixdim[3] is 4.0 mm"),
                        p -> assertThat(p).startsWith("the spatial unit"),
                        p -> assertThat(p).startsWith("the axes are not at right angles"),
                        p -> assertThat(p).isEqualTo(TINY));
        assertThat(inspection.errors()).isEmpty();
        assertThat(inspection.mendable()).isEqualTo(inspection.problems().subList(0, 4));
    }

    @Test
    void anImageWithoutContentIsOdd() throws IOException {
        assertThat(inspect(floats(new float[24])).problems())
                .containsExactly(TINY, "every voxel is 0: was it exported empty?");
    }

    @Test
    void labelsAreComparedWithTheirImage() throws IOException {
        Path image = Files.write(folder.resolve("image.nii"), NiftiBytes.nifti1());
        Path labels = Files.write(
                folder.resolve("labels.nii"),
                NiftiBytes.with(floats(1, 0.5f, 70_000), b -> b.putFloat(292, 3).putFloat(80, 1)));
        Inspection inspection = Inspection.ofLabels(labels, image);
        assertThat(inspection.errors())
                .satisfiesExactly(
                        p -> assertThat(p)
                                .startsWith(
                                        "1 of 24 voxels are no whole numbers, the first, at (x, y, z) = (1, 0, 0), is"
                                                + " 0.5"),
                        p -> assertThat(p).startsWith("1 of 24 voxels lie outside 0 to 65535, from 70000 to 70000"),
                        p -> assertThat(p)
                                .startsWith("labels lie up to 3.000 mm away from the image (tolerance 0.01 mm): spacing"
                                        + " (1, 2, 3) against (1, 2, 3) mm, axes to RAS against RAS, first voxel at"
                                        + " (3, 0, 0) against (0, 0, 0) mm (x, y, z)"));
        assertThat(inspection.mendable()).anyMatch(p -> p.startsWith("labels lie up to"));
        assertThat(Inspection.ofLabels(image, image).errors())
                .singleElement()
                .satisfies(p -> assertThat(p).startsWith("5 of 24 voxels lie outside 0 to 65535, from -5 to -1"));
    }

    @Test
    void unusableGeometryHasNoOrientation() throws IOException {
        Inspection inspection = inspect(NiftiBytes.with(NiftiBytes.nifti1(), b -> b.putFloat(320, 0)));
        assertThat(inspection.orientation()).isEqualTo("unknown");
        assertThat(inspection.spacing()).containsExactly(1.0, 2.0, 3.0);
    }

    @Test
    void bytesBehindTheVoxelsAreAProblem() throws IOException {
        byte[] good = NiftiBytes.nifti1();
        byte[] longer = Arrays.copyOf(good, good.length + 3);
        assertThat(inspect(longer).problems()).containsExactly(TINY, "3 bytes follow the voxels; ignored");
        assertThat(inspect(NiftiBytes.gzip(longer)).problems()).endsWith(TINY, "3 bytes follow the voxels; ignored");
    }

    @Test
    void itsJsonHasTheNamesThatScriptsReadBy() throws IOException {
        String json = Json.line(inspect(NiftiBytes.nifti1()));
        assertThat(json)
                .contains("\"shape\":[2,3,4]")
                .contains("\"affine\":[[1.0,0.0,0.0,0.0],")
                .contains("\"orientation\":\"RAS\"")
                .contains("\"dtype\":\"int16\"")
                .contains("\"min\":-5.0")
                .contains("\"max\":18.0")
                .contains("\"mean\":6.5")
                .contains("\"problems\":[\"only 2 x 3 x 4 voxels")
                .contains("\"volumesMl\":{}")
                .contains("\"errors\":[],\"mendable\":[]");
    }

    @Test
    void damagedFilesAreErrors() throws IOException {
        byte[] gzip = NiftiBytes.gzip(NiftiBytes.nifti1());
        gzip[gzip.length - 6] ^= 1;
        assertThatIOException().isThrownBy(() -> inspect(gzip)).withMessageContaining("damaged");
    }

    private static byte[] floats(float... values) {
        return NiftiBytes.with(Arrays.copyOf(NiftiBytes.nifti1(), 352 + 96), b -> {
            b.putShort(70, (short) 16);
            b.putShort(72, (short) 32);
            for (int i = 0; i < 24; i++) {
                b.putFloat(352 + 4 * i, i < values.length ? values[i] : 0);
            }
        });
    }

    private Inspection inspect(byte[] bytes) throws IOException {
        return Inspection.of(Files.write(folder.resolve("ct.nii"), bytes));
    }
}
