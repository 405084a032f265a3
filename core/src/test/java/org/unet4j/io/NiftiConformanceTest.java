package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.Golden;
import org.unet4j.RealData;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Orientation;
import org.unet4j.volume.Volume;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The test files of other NIfTI libraries, against what nibabel reads in them. */
class NiftiConformanceTest {

    private static final double AFFINE_TOLERANCE = 1e-6;

    /** Relative: nibabel applies a slope in another order. */
    private static final double VOXEL_TOLERANCE = 1e-12;

    /** Relative: nibabel adds up in another order, of 32-bit voxels with 32 bits for some. */
    private static final double MEAN_TOLERANCE = 1e-9;

    private final Path folder = RealData.folder("nifti-conformance");

    @TempDir
    Path copies;

    @TestFactory
    Stream<DynamicTest> everyFileIsReadOrRejectedAsByNibabel() {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode oracle : oracles()) {
            String name = oracle.get("file").asString();
            Path file = folder.resolve(name);
            String error = oracle.path("nibabel_error").asString("");
            if (isCifti(oracle)) {
                tests.add(DynamicTest.dynamicTest(name + " is CIFTI", () -> isRejected(file, "says CIFTI")));
            } else if (error.startsWith("FileNotFoundError")) {
                tests.add(DynamicTest.dynamicTest(name + " lacks voxels", () -> hasTheGeometry(file, oracle)));
            } else if (!error.isEmpty()) {
                tests.add(DynamicTest.dynamicTest(name + " is rejected", () -> isRejected(file, "[")));
            } else {
                tests.add(DynamicTest.dynamicTest(name, () -> equalsNibabel(file, oracle)));
            }
        }
        assertThat(tests).hasSize(oracles().size()).hasSizeGreaterThan(50);
        return tests.stream();
    }

    private JsonNode oracles() {
        return JsonMapper.shared().readTree(folder.resolve("oracle.json")).get("files");
    }

    /** nibabel reads the matrix of such a file; to segment there is nothing in it. */
    private static boolean isCifti(JsonNode oracle) {
        return oracle.path("class").asString("").equals("Cifti2Image");
    }

    private static void isRejected(Path file, String message) {
        assertThatIOException()
                .isThrownBy(() -> Nifti.readChannels(file))
                .withMessageStartingWith("[" + file.getFileName() + "]")
                .withMessageContaining(message);
    }

    /** Headers of pairs whose voxels nobody has: with voxels of zeros beside them they give nibabel's shape and affine. */
    private void hasTheGeometry(Path file, JsonNode oracle) throws IOException {
        isRejected(file, "is only the header of a pair: its voxels, ");
        Path header = Files.copy(file, copies.resolve(file.getFileName()));
        Path voxels = copies.resolve(Nifti.stem(file) + ".img");
        try (RandomAccessFile zeros = new RandomAccessFile(voxels.toFile(), "rw")) {
            zeros.setLength(1 << 21);
        }
        Inspection inspection = Inspection.of(header);
        assertGeometry(inspection, oracle);
        assertThat(inspection.finite()).isEqualTo(inspection.voxels());
        assertThat(inspection.max()).isZero();
    }

    private static void equalsNibabel(Path file, JsonNode oracle) throws IOException {
        Inspection inspection = Inspection.of(file);
        assertGeometry(inspection, oracle);
        assertThat(inspection.voxels()).isEqualTo(oracle.get("size").asLong());
        assertThat(inspection.finite()).isEqualTo(oracle.get("finite").asLong());
        assertNear(inspection.min(), oracle.get("min"), VOXEL_TOLERANCE);
        assertNear(inspection.max(), oracle.get("max"), VOXEL_TOLERANCE);
        assertNear(inspection.mean(), oracle.get("mean"), MEAN_TOLERANCE);
        assertThat(inspection.dtype()).isEqualTo(typeName(oracle.get("dtype").asString()));

        NiftiHeader header = Nifti.readHeader(file);
        assertThat(header.qform().code()).isEqualTo(oracle.get("qform_code").asInt());
        assertThat(header.sform().code()).isEqualTo(oracle.get("sform_code").asInt());
        assertThat(header.order())
                .isEqualTo(
                        oracle.get("endian").asString().equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        assertVoxels(Nifti.readChannels(file), oracle);
    }

    private static void assertGeometry(Inspection inspection, JsonNode oracle) {
        assertThat(inspection.shape())
                .isEqualTo(Arrays.stream(Golden.numbers(oracle.get("shape")))
                        .mapToObj(size -> (long) size)
                        .toList());
        assertThat(inspection.orientation()).isEqualTo(oracle.get("orientation").asString());
        double[] affine = inspection.affine().stream()
                .flatMapToDouble(row -> row.stream().mapToDouble(Double::doubleValue))
                .toArray();
        assertThat(affine).containsExactly(Golden.numbers(oracle.get("affine")), within(AFFINE_TOLERANCE));
    }

    private static void assertVoxels(List<Volume> channels, JsonNode oracle) {
        Grid grid = channels.get(0).grid();
        assertThat(Orientation.of(grid.affine()).code())
                .isEqualTo(oracle.get("orientation").asString());
        assertThat(oracle.get("samples").size()).isPositive();
        for (JsonNode sample : oracle.get("samples")) {
            double[] at = Golden.numbers(sample.get("index_xyz"));
            int channel = 0;
            for (int axis = at.length - 1; axis >= 3; axis--) {
                channel = channel * oracle.get("shape").get(axis).asInt() + (int) at[axis];
            }
            int voxel = grid.shape().index((int) at[2], (int) at[1], (int) at[0]);
            assertNear(channels.get(channel).get(voxel), sample.get("value"), VOXEL_TOLERANCE);
        }
    }

    private static void assertNear(double actual, JsonNode expected, double tolerance) {
        if (expected.isNull()) {
            assertThat(actual).isNaN();
        } else {
            double value = expected.asDouble();
            assertThat(actual).isCloseTo(value, within(tolerance * Math.max(1, Math.abs(value))));
        }
    }

    /** numpy writes big-endian types as {@code >i2}. */
    private static String typeName(String numpy) {
        return switch (numpy) {
            case ">f4" -> "float32";
            case ">i2" -> "int16";
            default -> numpy;
        };
    }
}
