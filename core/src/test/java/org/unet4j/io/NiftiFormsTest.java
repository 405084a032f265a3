package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unet4j.Golden;
import org.unet4j.volume.Volume;
import tools.jackson.databind.JsonNode;

/** Analyze 7.5, pairs, extensions and five axes that nibabel wrote, against what nibabel reads in them. */
class NiftiFormsTest {

    private static final JsonNode GOLDEN = Golden.json("nifti_forms.json").get("files");

    static Stream<String> files() {
        return GOLDEN.propertyNames().stream();
    }

    static Path path(String name) {
        return Golden.path("nifti_forms/" + name);
    }

    @ParameterizedTest
    @MethodSource("files")
    void equalsNibabel(String name) throws IOException {
        JsonNode golden = GOLDEN.get(name);
        NiftiHeader header = Nifti.readHeader(path(name));
        double[] shape = Golden.numbers(golden.get("shape"));
        assertThat(header.dims())
                .isEqualTo(Arrays.stream(shape).mapToObj(size -> (long) size).toList());
        double[] affine = Arrays.stream(header.affine().toArray())
                .flatMapToDouble(Arrays::stream)
                .toArray();
        assertThat(affine).containsExactly(Golden.numbers(golden.get("affine")), within(1e-12));
        assertThat(voxels(Nifti.readChannels(path(name))))
                .containsExactly(Golden.numbers(golden.get("voxels")), within(1e-12));
        assertThat(texts(header)).isEqualTo(texts(golden.get("extensions")));
    }

    static double[] voxels(List<Volume> channels) {
        return channels.stream()
                .flatMapToDouble(volume ->
                        IntStream.range(0, volume.grid().shape().arrayLength()).mapToDouble(volume::get))
                .toArray();
    }

    private static List<String> texts(NiftiHeader header) {
        return header.extensions().stream()
                .map(extension -> extension.code() + " "
                        + new String(extension.content(), StandardCharsets.UTF_8).replaceAll("\0+$", ""))
                .toList();
    }

    private static List<String> texts(JsonNode extensions) {
        List<String> texts = new ArrayList<>();
        extensions.forEach(
                one -> texts.add(one.get("code").asInt() + " " + one.get("text").asString()));
        return texts;
    }

    @Test
    void everyFormIsAmongThem() {
        assertThat(files()).hasSize(11);
        assertThat(GOLDEN.values().stream().map(file -> file.get("class").asString()))
                .contains("Spm2AnalyzeImage", "Nifti1Pair", "Nifti2Pair", "Nifti1Image", "Nifti2Image");
        assertThat(GOLDEN.values().stream()
                        .filter(file -> !file.get("extensions").isEmpty()))
                .hasSize(5);
    }

    @Test
    void analyzeIsReadWithAWordOnItsOrientation() throws IOException {
        assertThat(Nifti.readHeader(path("analyze.hdr")).remarks())
                .singleElement()
                .asString()
                .startsWith("Analyze 7.5, which says nothing of orientation");
    }

    @Test
    void aChosenVolumeIsTheOneAmongAll() throws IOException {
        List<Volume> all = Nifti.readChannels(path("five_axes.nii"));
        assertThat(all).hasSize(6);
        for (int volume = 0; volume < all.size(); volume++) {
            Volume one = Nifti.read(path("five_axes.nii"), volume);
            assertThat(one.array()).isEqualTo(all.get(volume).array());
            assertThat(one.grid()).isEqualTo(all.get(volume).grid());
        }
        assertThat(Nifti.read(path("extended.nii.gz"), 0).array())
                .isEqualTo(Nifti.read(path("extended.nii.gz")).array());
    }

    @Test
    void aVolumeThatIsNotThereIsRejected() {
        for (int volume : new int[] {-1, 6, Integer.MAX_VALUE}) {
            assertThatIOException()
                    .isThrownBy(() -> Nifti.read(path("five_axes.nii"), volume))
                    .withMessage("[five_axes.nii] holds 6 volumes (4 x 3 x 2 x 2 x 3) and none with number " + volume
                            + ": they are counted from 0");
        }
    }
}
