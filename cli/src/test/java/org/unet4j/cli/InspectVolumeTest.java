package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Inspection;
import org.unet4j.io.Json;
import org.unet4j.io.Nifti;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

/** A series of three volumes, of which all voxels of one are 0, 1 and 2. */
class InspectVolumeTest {

    private static final int VOXELS = 1000;

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path series;

    @BeforeEach
    void write() throws IOException {
        series = folder.resolve("bold.nii");
        Nifti.write(series, Volume.of(Grid.of(Shape.cube(10), new Spacing(2, 2, 2)), new short[VOXELS]));
        byte[] bytes = Arrays.copyOf(Files.readAllBytes(series), 352 + 3 * VOXELS * Short.BYTES);
        ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        all.putShort(40, (short) 4).putShort(48, (short) 3);
        for (int i = 0; i < 3 * VOXELS; i++) {
            all.putShort(352 + i * Short.BYTES, (short) (i / VOXELS));
        }
        Files.write(series, bytes);
    }

    private int run(Object... arguments) {
        out.reset();
        err.reset();
        return Main.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Stream.of(arguments).map(String::valueOf).toArray(String[]::new));
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theValuesAreThoseOfTheChosenVolume() throws IOException {
        assertThat(run("inspect", series, "--volume", 2)).isEqualTo(Main.DONE);
        assertThat(lines())
                .contains(
                        "shape        10 x 10 x 10 x 3 voxels (x, y, z)",
                        "volume       2 of 0 to 2: values and labels are of this one",
                        "voxels       int16, 1000 of 1000 finite",
                        "values       min 2.00000, max 2.00000, mean 2.00000",
                        "as labels    2: 1000 (8.00 ml)");
        assertThat(run("inspect", series, "--volume", 0, "--json")).isEqualTo(Main.DONE);
        Inspection found = Json.parse(series, out.toString(StandardCharsets.UTF_8), Inspection.class);
        assertThat(found.volume()).contains(0);
        assertThat(found.max()).isZero();
        assertThat(run("inspect", series)).isEqualTo(Main.DONE);
        assertThat(lines()).contains("voxels       int16, 3000 of 3000 finite").noneMatch(l -> l.startsWith("volume"));
    }

    @Test
    void aVolumeThatIsNotThereIsTold() {
        for (int volume : new int[] {3, -1}) {
            assertThat(run("inspect", series, "--volume=" + volume)).isEqualTo(Main.FAILED);
            assertThat(errors())
                    .isEqualToNormalizingNewlines(
                            "unet4j: [bold.nii] holds 3 volumes (10 x 10 x 10 x 3) and none with number " + volume
                                    + ": they are counted from 0\n");
        }
    }

    @Test
    void aVolumeIsNothingToFolderLabelMapOrRepair() {
        assertThat(run("inspect", folder, "--volume", 0)).isEqualTo(Main.USAGE);
        assertThat(errors()).contains("--volume goes with a file");
        assertThat(run("inspect", series, "--volume", 0, "--image", series)).isEqualTo(Main.USAGE);
        assertThat(errors()).contains("--image at a label map, which is one volume");
        assertThat(run("inspect", series, "--volume", 0, "--repair", folder.resolve("out")))
                .isEqualTo(Main.USAGE);
        assertThat(errors()).contains("--repair mends all of it");
    }
}
