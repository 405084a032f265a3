package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unet4j.Golden;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Orientation;
import org.unet4j.volume.Reorient;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Volume;
import tools.jackson.databind.JsonNode;

/** Files that nibabel wrote, against what nibabel reads in them. */
class NiftiGoldenTest {

    /** The golden numbers have nine decimals. */
    private static final double GEOMETRY_TOLERANCE = 1e-6;

    private static final JsonNode GOLDEN = Golden.json("nifti.json").get("files");

    static Stream<String> files() {
        return GOLDEN.propertyNames().stream();
    }

    @ParameterizedTest
    @MethodSource("files")
    void equalsNibabel(String name) throws IOException {
        JsonNode golden = GOLDEN.get(name);
        Path file = Golden.path("nifti/" + name);
        NiftiHeader header = Nifti.readHeader(file);
        List<Volume> channels = Nifti.readChannels(file);

        assertThat(header.dims())
                .isEqualTo(IntStream.range(0, golden.get("shape").size())
                        .mapToObj(i -> golden.get("shape").get(i).asLong())
                        .toList());
        assertThat(channels).hasSize(Math.toIntExact(header.channels()));
        Volume first = channels.get(0);
        assertAffine(first.grid().affine(), golden.get("affine"));
        assertValues(first, golden.get("first8"));
        double sum = channels.stream()
                .mapToDouble(
                        channel -> IntStream.range(0, channel.grid().shape().arrayLength())
                                .mapToDouble(channel::get)
                                .sum())
                .sum();
        assertThat(sum).isEqualTo(golden.get("sum").asDouble());

        if (golden.has("dtype")) {
            assertThat(header.type().label())
                    .isEqualTo(golden.get("dtype").asString().replace(">i2", "int16"));
            assertThat(header.order())
                    .isEqualTo(
                            golden.get("endian").asString().equals(">")
                                    ? ByteOrder.BIG_ENDIAN
                                    : ByteOrder.LITTLE_ENDIAN);
            assertThat(Orientation.of(header.affine()).code())
                    .isEqualTo(golden.get("axcodes").asString());
            assertThat(header.qform().code()).isEqualTo(golden.get("qform_code").asInt());
            assertThat(header.sform().code()).isEqualTo(golden.get("sform_code").asInt());
            assertAffine(header.qformAffine(), golden.get("qform"));
            Volume ras = Reorient.toRas(first.grid()).apply(first);
            assertAffine(ras.grid().affine(), golden.get("canonical_affine"));
            assertValues(ras, golden.get("canonical_first8"));
        }
    }

    @Test
    void everyWayOfSayingGeometryIsAmongThem() {
        assertThat(files()).hasSize(29).contains("no_form.nii.gz", "q_and_s_differ.nii.gz", "psr_q.nii.gz");
    }

    @Test
    void voxelsAreNotTransposed() throws IOException {
        Volume volume = Nifti.read(Golden.path("nifti/las_s.nii.gz"));
        Shape shape = volume.grid().shape();
        assertThat(shape).isEqualTo(new Shape(5, 4, 3));
        for (int z = 0; z < 5; z++) {
            for (int y = 0; y < 4; y++) {
                for (int x = 0; x < 3; x++) {
                    assertThat(volume.get(shape.index(z, y, x))).isEqualTo(20.0 * x + 5 * y + z);
                }
            }
        }
    }

    @Test
    void severalVolumesAreChannels() throws IOException {
        List<Volume> channels = Nifti.readChannels(Golden.path("nifti/dim4_two.nii.gz"));
        assertThat(channels).hasSize(2);
        assertThat(channels.get(1).get(0)).isNotEqualTo(channels.get(0).get(0));
        assertThat(Nifti.read(Golden.path("nifti/dim4_single.nii.gz")).get(1)).isEqualTo(20);
    }

    @Test
    void gzipIsToldByBytesNotByName(@TempDir Path folder) throws IOException {
        Path misnamed = folder.resolve("really_gzip.nii");
        Files.copy(Golden.path("nifti/las_s.nii.gz"), misnamed);
        assertThat(Nifti.read(misnamed).get(1)).isEqualTo(20);
        Path other = folder.resolve("really_plain.nii.gz");
        Files.copy(Golden.path("nifti/bigendian.nii"), other);
        assertThat(Nifti.read(other).get(1)).isEqualTo(20);
    }

    private static void assertAffine(Affine actual, JsonNode expected) {
        double[] numbers = Golden.numbers(expected);
        double[][] rows = actual.toArray();
        for (int i = 0; i < numbers.length; i++) {
            assertThat(rows[i / 4][i % 4]).as("entry %d", i).isCloseTo(numbers[i], within(GEOMETRY_TOLERANCE));
        }
    }

    private static void assertValues(Volume volume, JsonNode expected) {
        double[] values =
                IntStream.range(0, expected.size()).mapToDouble(volume::get).toArray();
        assertThat(values).containsExactly(Golden.numbers(expected));
    }
}
