package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Json;
import org.unet4j.io.Nifti;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

/** Two scans of 160 x 160 x 160 voxels, and a heap that holds one of them while it is prepared. */
class SmallHeapTest {

    private static final Grid GRID = Grid.of(Shape.cube(160), new Spacing(1, 1, 1));

    @TempDir
    Path folder;

    private void write(Path data) throws IOException {
        short[] voxels = new short[GRID.shape().arrayLength()];
        byte[] labels = new byte[voxels.length];
        for (int i = 0; i < voxels.length; i++) {
            voxels[i] = (short) (1 + i / 160 % 160);
            labels[i] = (byte) (i / 25_600 / 80);
        }
        for (String id : List.of("a", "b")) {
            Nifti.write(data.resolve("imagesTr/" + id + ".nii"), Volume.of(GRID, voxels));
            Nifti.write(data.resolve("labelsTr/" + id + ".nii"), new Labels(GRID, labels));
        }
        Json.write(
                data.resolve("dataset.json"),
                Map.of(
                        "modality",
                        Map.of("0", "MRI"),
                        "labels",
                        Map.of("0", "background", "1", "upper half"),
                        "training",
                        List.of("a", "b").stream()
                                .map(id ->
                                        Map.of("image", "imagesTr/" + id + ".nii", "label", "labelsTr/" + id + ".nii"))
                                .toList()));
    }

    @Test
    void thatFewerCasesAreWorkedOnAtATimeIsSaidInOneLine() throws IOException, InterruptedException {
        write(folder.resolve("mr"));
        Path err = folder.resolve("err.txt");
        int code = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx112m",
                        "-XX:+UseSerialGC",
                        "-XX:ActiveProcessorCount=2",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "prepare",
                        "mr",
                        "--out",
                        "prepared")
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("out.txt").toFile())
                .redirectError(err.toFile())
                .start()
                .waitFor();
        assertThat(code).as("%s", Files.readString(err)).isEqualTo(Main.DONE);
        assertThat(Files.readAllLines(err))
                .filteredOn(line -> line.contains("at a time in place of"))
                .singleElement()
                .asString()
                .matches(".*preparing cases: 1 at a time in place of 2 where cases are large: one needs up to about"
                        + " \\d+ MiB, the heap has 1\\d\\d \\(-Xmx\\)");
    }
}
