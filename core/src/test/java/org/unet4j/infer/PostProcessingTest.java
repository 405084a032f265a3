package org.unet4j.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.infer.PostProcessing.Rule;
import org.unet4j.io.Yaml;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

class PostProcessingTest {

    @TempDir
    Path folder;

    /** Draws one slice, a digit a voxel; voxels of 10 mm: 1 ml each. */
    private static Labels drawn(String... rows) {
        byte[] classes = new byte[3 * rows.length * rows[0].length()];
        int plane = classes.length / 3;
        for (int y = 0; y < rows.length; y++) {
            for (int x = 0; x < rows[y].length(); x++) {
                classes[plane + y * rows[y].length() + x] = (byte) (rows[y].charAt(x) - '0');
            }
        }
        Shape shape = new Shape(3, rows.length, rows[0].length());
        return new Labels(Grid.of(shape, new Spacing(10, 10, 10)), classes);
    }

    private static PostProcessing of(int cls, Rule rule) {
        return new PostProcessing(new TreeMap<>(Map.of(cls, rule)));
    }

    private static void become(PostProcessing processing, Labels before, Labels after) {
        byte[] untouched = before.voxels().bytes().clone();
        assertThat(processing.apply(before).voxels().bytes())
                .isEqualTo(after.voxels().bytes());
        assertThat(before.voxels().bytes()).isEqualTo(untouched);
    }

    @Test
    void onlyTheLargestComponentStaysAndCornersHangTogether() {
        become(
                of(1, new Rule(true, 0, false)),
                drawn("1100011", "0010011", "0001000", "2000000"), // 4 by corners, 4 as a square: the first stays
                drawn("1100000", "0010000", "0001000", "2000000"));
    }

    @Test
    void componentsOfLessThanTheLeastVolumeGo() {
        become(
                of(2, new Rule(false, 3, false)),
                drawn("2220220", "0000000", "1002222"),
                drawn("2220000", "0000000", "1002222"));
    }

    @Test
    void holesOfBackgroundAreFilledAndOtherClassesInsideStay() {
        Labels shell = drawn("00000", "01110", "01210", "01010", "01110");
        byte[] closed = shell.voxels().bytes().clone();
        for (int i = 0; i < 25; i++) { // lids above and below
            closed[i] = (byte) (i % 5 > 0 && i % 5 < 4 && i >= 5 ? 1 : 0);
            closed[50 + i] = closed[i];
        }
        // A world of five slices, so that the lids are not at the volume's border.
        byte[] classes = new byte[7 * 7 * 5];
        byte[] filled = new byte[classes.length];
        for (int z = 0; z < 3; z++) {
            for (int y = 0; y < 5; y++) {
                for (int x = 0; x < 5; x++) {
                    int at = ((z + 1) * 7 + y + 1) * 7 + x + 1;
                    classes[at] = closed[(z * 5 + y) * 5 + x];
                    filled[at] = classes[at];
                }
            }
        }
        int hole = (2 * 7 + 4) * 7 + 3;
        assertThat(classes[hole]).isZero();
        filled[hole] = 1;
        Grid grid = Grid.of(new Shape(5, 7, 7), new Spacing(1, 1, 1));
        become(of(1, new Rule(false, 0, true)), new Labels(grid, classes), new Labels(grid, filled));
    }

    @Test
    void itIsAFileThatAPersonCanWrite() throws IOException {
        Path file = folder.resolve("postprocessing.yaml");
        Files.writeString(file, "classes:\n  1: {largest: true, minimumMl: 0, fillHoles: false}\n");
        assertThat(Yaml.read(file, PostProcessing.class)).isEqualTo(of(1, new Rule(true, 0, false)));
        PostProcessing two = of(2, new Rule(false, 0.5, true));
        Yaml.write(file, two);
        assertThat(Yaml.read(file, PostProcessing.class)).isEqualTo(two);
        Files.writeString(file, "classes:\n  1: {largest: true, minimumMl: -1, fillHoles: false}\n");
        assertThatThrownBy(() -> Yaml.read(file, PostProcessing.class))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("minimumMl -1.0 must be 0 or more");
        assertThatThrownBy(() -> of(0, Rule.NOTHING)).hasMessageContaining("must lie from 1 to 65535");
    }
}
