package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Volume;

/** One small file at a time, with one thing wrong. */
class RepairTest {

    private static final int BITPIX = 72;
    private static final int QFAC = 76;
    private static final int PIXDIM_Z = 88;
    private static final int UNITS = 123;
    private static final int DESCRIPTION = 148;
    private static final int QFORM_CODE = 252;
    private static final int QOFFSET_X = 268;
    private static final int SROW_X_Y = 284;
    private static final int SROW_X_T = 292;
    private static final int SROW_Z_Z = 320;
    private static final int FIRST_VOXEL = 352;

    @TempDir
    Path folder;

    private int made;

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(
                Files.createDirectory(folder.resolve("made" + made++)).resolve(name), bytes);
    }

    private static byte[] with(Consumer<ByteBuffer> change) {
        return NiftiBytes.with(NiftiBytes.nifti1(), change);
    }

    /** Returns a label map of floats with the place of {@link NiftiBytes#volume}. */
    private static byte[] labels(float... first) {
        byte[] bytes = with(b -> b.putShort(70, (short) 16).putShort(BITPIX, (short) 32));
        ByteBuffer all = ByteBuffer.wrap(Arrays.copyOf(bytes, FIRST_VOXEL + 24 * Float.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 24; i++) {
            all.putFloat(FIRST_VOXEL + i * Float.BYTES, i < first.length ? first[i] : 0);
        }
        return all.array();
    }

    private Repair repair(Path file, Optional<Path> image) throws IOException {
        return Repair.of(file, image, folder.resolve("out" + made++));
    }

    private static Path copy(Repair repair, Path file) {
        return repair.folder().resolve(file.getFileName());
    }

    private static List<String> what(Repair repair) {
        return repair.changes().stream().map(Repair.Change::what).toList();
    }

    static Stream<Arguments> mendable() {
        return Stream.of(
                damage("elsewhere; the sform is used: the qform is derived from it", b -> b.putFloat(QOFFSET_X, 9)),
                damage("the qform is no rotation; the sform is used: the qform is derived", b -> b.putFloat(256, 3)),
                damage("elsewhere; the sform is used: the qform is unset", b -> b.putFloat(SROW_X_Y, 1.5f)),
                damage(
                        "pixdim is what the sform says: (1, 2, 3) mm",
                        b -> b.putShort(QFORM_CODE, (short) 0).putFloat(PIXDIM_Z, 4)),
                damage("pixdim is what the sform says: (1, 2, 3) mm", b -> b.putFloat(PIXDIM_Z, -3)),
                damage("pixdim is what the sform says: (1, 2, 3) mm", b -> b.putFloat(QFAC, 5)),
                damage("bitpix is that of int16", b -> b.putShort(BITPIX, (short) 8)));
    }

    private static Arguments damage(String change, Consumer<ByteBuffer> header) {
        return Arguments.of(change, header);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mendable")
    void whatIsSureIsMendedAndAllElseStays(String change, Consumer<ByteBuffer> damage) throws IOException {
        byte[] bytes = with(
                damage.andThen(b -> b.position(DESCRIPTION).put("made by hand\0".getBytes(StandardCharsets.US_ASCII))));
        Path file = file("ct.nii", bytes);
        assertThat(Inspection.of(file).mendable()).isNotEmpty();
        Repair repair = repair(file, Optional.empty());
        assertThat(what(repair)).singleElement().asString().contains(change);
        Path copy = copy(repair, file);
        assertThat(Inspection.of(copy).mendable()).isEmpty();
        assertThat(Inspection.of(copy).affine()).isEqualTo(Inspection.of(file).affine());
        assertThat(file).hasBinaryContent(bytes);
        byte[] mended = Files.readAllBytes(copy);
        assertThat(mended).hasSameSizeAs(bytes);
        assertThat(IntStream.range(0, bytes.length).filter(i -> bytes[i] != mended[i]))
                .allMatch(i -> (i >= BITPIX && i < 92) || (i >= QFORM_CODE && i < 280));
        assertThat(repair.copied()).isZero();
    }

    static Stream<Arguments> notMendable() {
        return Stream.of(
                damage("nothing is wrong", b -> {}),
                damage("the sform is singular", b -> b.putFloat(SROW_Z_Z, 0)),
                damage("no form is set", b -> b.putInt(QFORM_CODE, 0)),
                damage("a form of unknown meaning", b -> b.putShort(254, (short) 77)),
                damage(
                        "without an sform pixdim is all there is",
                        b -> b.putShort(254, (short) 0).putFloat(PIXDIM_Z, -3)),
                damage("micrometres", b -> b.put(UNITS, (byte) 3)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("notMendable")
    void whatWouldNeedAGuessIsCopiedByteForByte(String name, Consumer<ByteBuffer> damage) throws IOException {
        byte[] bytes = with(damage);
        for (byte[] content : List.of(bytes, Arrays.copyOf(bytes, bytes.length - 1))) {
            Path file = file("ct.nii", content);
            Repair repair = repair(file, Optional.empty());
            assertThat(repair.changes()).isEmpty();
            assertThat(repair.copied()).isEqualTo(1);
            assertThat(copy(repair, file)).hasBinaryContent(content);
        }
        assertThat(Inspection.of(file("ct.nii", bytes)).mendable()).isEmpty();
    }

    @Test
    void fieldsAreSetInTheFilesOwnOrderAndVersion() throws IOException {
        byte[] two = NiftiBytes.with(NiftiBytes.nifti2(), b -> b.putDouble(376, 9));
        Path nifti2 = file("ct.nii", two);
        assertThat(NiftiFormsApart.of(nifti2)).isEqualTo(9);
        assertThat(NiftiFormsApart.of(copy(repair(nifti2, Optional.empty()), nifti2)))
                .isZero();
        Path big = file("ct.nii", bigEndian(with(b -> b.putFloat(QOFFSET_X, 9))));
        assertThat(NiftiFormsApart.of(big)).isEqualTo(9);
        Path copy = copy(repair(big, Optional.empty()), big);
        assertThat(NiftiFormsApart.of(copy)).isZero();
        assertThat(Nifti.readHeader(copy).order()).isEqualTo(ByteOrder.BIG_ENDIAN);
        assertThat(Nifti.read(copy).get(23)).isEqualTo(18);
    }

    /** How far qform and sform of a file lie apart, in mm. */
    private static final class NiftiFormsApart {
        static double of(Path file) throws IOException {
            NiftiHeader header = Nifti.readHeader(file);
            return new Grid(header.shape(), header.qformAffine()).farthestCornerMm(header.grid());
        }
    }

    private static byte[] bigEndian(byte[] little) {
        byte[] big = little.clone();
        swap(big, 0, 4, 1);
        swap(big, 40, 2, 8);
        swap(big, 68, 2, 4);
        swap(big, 76, 4, 8);
        swap(big, 108, 4, 3);
        swap(big, 252, 2, 2);
        swap(big, 256, 4, 18);
        swap(big, FIRST_VOXEL, 2, 24);
        return big;
    }

    private static void swap(byte[] bytes, int at, int size, int count) {
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < size / 2; j++) {
                byte first = bytes[at + i * size + j];
                bytes[at + i * size + j] = bytes[at + (i + 1) * size - 1 - j];
                bytes[at + (i + 1) * size - 1 - j] = first;
            }
        }
    }

    @Test
    void anObliqueGeometryGetsItsQform() throws IOException {
        Affine oblique =
                new Affine(-0.749, 0.25, 0.398, 200, 0.2317, 0.7557, -0.3844, -200, 0.1589, 0.0782, 2.4379, -120);
        Affine closest = orthogonal(oblique);
        Path file = folder.resolve("oblique.nii");
        Nifti.write(file, Volume.of(new Grid(NiftiBytes.SHAPE, closest), new short[24]));
        byte[] bytes = Files.readAllBytes(file);
        Path damaged = file(
                "oblique.nii", NiftiBytes.with(bytes, b -> b.putFloat(260, 0).putFloat(QOFFSET_X, 0)));
        Path copy = copy(repair(damaged, Optional.empty()), damaged);
        assertThat(Nifti.readHeader(copy).qformAffine().apply(1, 2, 3))
                .containsExactly(closest.apply(1, 2, 3), within(1e-3));
        assertThat(Inspection.of(copy).mendable()).isEmpty();
    }

    /** Returns an affine of the same spacing without shear. */
    private static Affine orthogonal(Affine affine) {
        double[][] r = affine.closestRotation();
        double[] mm = {
            affine.spacing().x(), affine.spacing().y(), affine.spacing().z()
        };
        double[] t = {affine.xt(), affine.yt(), affine.zt()};
        double[][] rows = new double[3][4];
        for (int i = 0; i < 12; i++) {
            rows[i / 4][i % 4] = i % 4 == 3 ? t[i / 4] : r[i / 4][i % 4] * mm[i % 4];
        }
        return Affine.of(rows);
    }

    @Test
    void filesAreCompressedAsTheirNamesSay() throws IOException {
        byte[] bytes = NiftiBytes.nifti1();
        Path plain = file("ct.nii.gz", bytes);
        Repair gzipped = repair(plain, Optional.empty());
        assertThat(what(gzipped)).containsExactly("is gzipped, as its name says");
        byte[] content = Files.readAllBytes(copy(gzipped, plain));
        assertThat(new GZIPInputStream(new ByteArrayInputStream(content)).readAllBytes())
                .isEqualTo(bytes);
        Path hidden = file("ct.nii", NiftiBytes.gzip(bytes));
        Repair unpacked = repair(hidden, Optional.empty());
        assertThat(what(unpacked)).containsExactly("is not gzipped, as its name says");
        assertThat(copy(unpacked, hidden)).hasBinaryContent(bytes);
    }

    @Test
    void labelsWithTheImagesShapeTakeItsGeometry() throws IOException {
        Path image = file("image.nii", with(b -> b.put(UNITS, (byte) 10)));
        for (Consumer<ByteBuffer> elsewhere : List.<Consumer<ByteBuffer>>of(
                b -> b.putFloat(SROW_X_T, 30), b -> b.putFloat(SROW_Z_Z, 0), b -> b.putInt(QFORM_CODE, 0))) {
            Path labels = file("labels.nii.gz", NiftiBytes.gzip(NiftiBytes.with(labels(2, 1), elsewhere)));
            assertThat(Inspection.ofLabels(labels, image).errors()).isNotEmpty();
            Repair repair = repair(labels, Optional.of(image));
            assertThat(what(repair))
                    .satisfiesExactly(
                            change -> assertThat(change)
                                    .startsWith("takes the geometry of its image image.nii, which has its shape"),
                            change -> assertThat(change)
                                    .isEqualTo(
                                            "is stored as uint8, no longer as float32; every voxel is a whole number"));
            Path copy = copy(repair, labels);
            assertThat(Inspection.ofLabels(copy, image).problems()).hasSize(1); // It is tiny.
            NiftiHeader header = Nifti.readHeader(copy);
            NiftiHeader of = Nifti.readHeader(image);
            assertThat(header.qform()).isEqualTo(of.qform());
            assertThat(header.sform()).isEqualTo(of.sform());
            assertThat(header.pixdim()).isEqualTo(of.pixdim());
            assertThat(Nifti.readLabels(copy).get(0)).isEqualTo(2);
            assertThat(Files.size(copy)).isLessThan(200);
        }
    }

    @Test
    void labelsThatAreNoneOrDoNotFitAreLeft() throws IOException {
        Path image = file("image.nii", NiftiBytes.nifti1());
        byte[] fractional = labels(0.5f);
        byte[] large = labels(70_000);
        byte[] longer =
                NiftiBytes.with(labels(1), b -> b.putShort(42, (short) 3).putShort(44, (short) 2));
        byte[] twoVolumes = NiftiBytes.with(
                labels(1),
                b -> b.putShort(40, (short) 4).putShort(46, (short) 2).putShort(48, (short) 2));
        for (byte[] bytes : List.of(fractional, large, longer, twoVolumes)) {
            Path labels = file("labels.nii", bytes);
            List<String> errors = Inspection.ofLabels(labels, image).errors();
            assertThat(errors).hasSize(1);
            Repair repair = repair(labels, Optional.of(image));
            Path copy = copy(repair, labels);
            assertThat(Inspection.ofLabels(copy, image).errors()).isEqualTo(errors);
            assertThat(Inspection.of(copy).affine())
                    .isEqualTo(Inspection.of(labels).affine());
        }
    }

    @Test
    void scaledLabelsLoseTheirScale() throws IOException {
        Path image = file("image.nii", NiftiBytes.nifti1());
        byte[] scaled = with(b -> {
            b.putFloat(112, 0.1f).putFloat(116, 1);
            for (int i = 0; i < 24; i++) {
                b.putShort(FIRST_VOXEL + 2 * i, (short) (10 * i));
            }
        });
        Path labels = file("labels.nii", scaled);
        Repair repair = repair(labels, Optional.of(image));
        assertThat(what(repair))
                .containsExactly("is stored as uint8, no longer as int16 with a scale; every voxel is a whole number");
        NiftiHeader header = Nifti.readHeader(copy(repair, labels));
        assertThat(List.of(header.slope(), header.intercept())).containsExactly(1.0, 0.0);
        assertThat(Nifti.readLabels(copy(repair, labels)).get(23)).isEqualTo(24);
    }

    @Test
    void withoutItsImageAFileIsNoLabelMap() throws IOException {
        Path labels = file("labels.nii", labels(1, 2));
        assertThat(repair(labels, Optional.empty()).changes()).isEmpty();
    }

    @Test
    void extensionsAreKept() throws IOException {
        byte[] bytes = labels(1, 2);
        byte[] extended = new byte[bytes.length + 16];
        System.arraycopy(bytes, 0, extended, 0, FIRST_VOXEL);
        System.arraycopy(bytes, FIRST_VOXEL, extended, FIRST_VOXEL + 16, bytes.length - FIRST_VOXEL);
        byte[] with = NiftiBytes.with(
                extended,
                b -> b.putFloat(108, FIRST_VOXEL + 16)
                        .put(348, (byte) 1)
                        .putInt(352, 16)
                        .putInt(356, 6)
                        .putLong(360, 0x2164_6f6f_6741L));
        Path image = file("image.nii", NiftiBytes.nifti1());
        Path labels = file("labels.nii", with);
        Path copy = copy(repair(labels, Optional.of(image)), labels);
        byte[] mended = Files.readAllBytes(copy);
        assertThat(Arrays.copyOfRange(mended, 348, 368)).isEqualTo(Arrays.copyOfRange(with, 348, 368));
        assertThat(mended).hasSize(368 + 24);
        assertThat(Nifti.readLabels(copy).get(1)).isEqualTo(2);
    }

    @Test
    void nothingIsWrittenWhereSomethingLies() throws IOException {
        Path file = file("ct.nii", NiftiBytes.nifti1());
        assertThatIOException()
                .isThrownBy(() -> Repair.of(file, Optional.empty(), file.getParent()))
                .withMessageContaining("is not empty");
        assertThatIOException()
                .isThrownBy(() -> Repair.of(file, Optional.empty(), file))
                .withMessageContaining("is a file");
    }
}
