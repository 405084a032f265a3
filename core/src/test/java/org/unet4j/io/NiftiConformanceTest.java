package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.unet4j.Golden;
import org.unet4j.RealData;
import org.unet4j.volume.Orientation;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Volume;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The test files of other NIfTI libraries, against what nibabel reads in them. */
class NiftiConformanceTest {

    private static final double TOLERANCE = 1e-5;

    @TestFactory
    Stream<DynamicTest> everyFileIsReadOrRejectedAsByNibabel() {
        Path folder = RealData.folder("nifti-conformance");
        JsonNode files =
                JsonMapper.shared().readTree(folder.resolve("oracle.json")).get("files");
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode oracle : files) {
            Path file = folder.resolve(oracle.get("file").asString());
            String name = oracle.get("file").asString();
            if (oracle.path("class").asString("").equals("Cifti2Image")) {
                // a matrix over brain nodes in a NIfTI-2 file: readable, but the oracle has no voxels of it
                continue;
            }
            tests.add(
                    oracle.has("nibabel_error")
                            ? DynamicTest.dynamicTest(name + " is rejected", () -> isRejected(file))
                            : DynamicTest.dynamicTest(name, () -> equalsNibabel(file, oracle)));
        }
        assertThat(tests).hasSizeGreaterThan(50);
        return tests.stream();
    }

    private static void isRejected(Path file) {
        assertThatIOException()
                .isThrownBy(() -> Nifti.readChannels(file))
                .withMessageStartingWith("[" + file.getFileName() + "]");
    }

    private static void equalsNibabel(Path file, JsonNode oracle) throws IOException {
        Inspection inspection = Inspection.of(file);
        assertThat(inspection.shape())
                .isEqualTo(IntStream.range(0, oracle.get("shape").size())
                        .mapToObj(i -> oracle.get("shape").get(i).asLong())
                        .toList());
        assertThat(inspection.orientation()).isEqualTo(oracle.get("orientation").asString());
        double[] affine = Golden.numbers(oracle.get("affine"));
        for (int i = 0; i < affine.length; i++) {
            assertThat(inspection.affine().get(i / 4).get(i % 4)).isCloseTo(affine[i], near(affine[i]));
        }
        assertThat(inspection.voxels()).isEqualTo(oracle.get("size").asLong());
        assertThat(inspection.finite()).isEqualTo(oracle.get("finite").asLong());
        assertThat(inspection.min())
                .isCloseTo(oracle.get("min").asDouble(), near(oracle.get("min").asDouble()));
        assertThat(inspection.max())
                .isCloseTo(oracle.get("max").asDouble(), near(oracle.get("max").asDouble()));
        assertThat(inspection.mean())
                .isCloseTo(
                        oracle.get("mean").asDouble(), near(oracle.get("mean").asDouble()));
        assertThat(typeName(oracle.get("dtype").asString())).isEqualTo(inspection.dtype());

        List<Volume> channels = Nifti.readChannels(file);
        Shape shape = channels.get(0).grid().shape();
        assertThat(Orientation.of(channels.get(0).grid().affine()).code()).isEqualTo(inspection.orientation());
        assertThat(oracle.get("samples").size()).isPositive();
        for (JsonNode sample : oracle.get("samples")) {
            double[] at = Golden.numbers(sample.get("index_xyz"));
            int channel = 0;
            for (int axis = at.length - 1; axis >= 3; axis--) {
                channel = channel * oracle.get("shape").get(axis).asInt() + (int) at[axis];
            }
            double value = channels.get(channel).get(shape.index((int) at[2], (int) at[1], (int) at[0]));
            if (sample.get("value").isNull()) {
                assertThat(value).isNaN();
            } else {
                double expected = sample.get("value").asDouble();
                assertThat(value).isCloseTo(expected, near(expected));
            }
        }
    }

    private static Offset<Double> near(double value) {
        return within(TOLERANCE * Math.max(1, Math.abs(value)));
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
