package org.unet4j.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.RealData;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Volume;

/** Scans of patients, and voxels of other types, in the browser. What real scans hold was read with nibabel 5.4.2. */
class ViewerRealScanTest {
    @RegisterExtension
    static final OpenViewer PAGE = new OpenViewer();

    /** Returns the grey where the cross-hair is, which is not drawn, in the middle of the axial pane when it is centred there. */
    private static int greyAt(String voxel) throws IOException {
        PAGE.change("cursor: " + voxel + ", centre: " + voxel
                + ", showLabels: false, crosshair: false, smooth: false, level: 0, width: 1000, zoom: 4");
        double[] box = PAGE.box("axial");
        return PAGE.screen("real-value").getRGB((int) (box[0] + box[2] / 2), (int) (box[1] + box[3] / 2)) & 0xff;
    }

    /** A voxel of a file, and how it is read out. */
    private record Seen(String voxel, String value, String label, String place) {}

    /** 32-bit integers of 3 mm, 117 classes; both files run to the right, front and head. */
    @Test
    void aWholeBodyIsReadOutAsNibabelReadsIt() throws IOException {
        Path data = RealData.folder("TotalSegmentator_example");
        try (ViewServer server =
                ViewServer.start(0, StudyFiles.of(data.resolve("ct.nii.gz"), data.resolve("segmentation.nii.gz")))) {
            PAGE.open(server.address());
            PAGE.screen("real-body");
            for (Seen seen : List.of(
                    new Seen("58, 50, 70", "276 HU", "class 29", "L 4.0  A 161.3  S 304.3"),
                    new Seen("80, 72, 41", "−22 HU", "class 20", "R 62.0  A 227.3  S 217.3"),
                    new Seen("46, 66, 42", "12 HU", "class 18", "L 40.0  A 209.3  S 220.3"),
                    new Seen("49, 68, 51", "−83 HU", "–", "L 31.0  A 215.3  S 247.3"))) {
                double value = Double.parseDouble(seen.value.replace('−', '-').replace(" HU", ""));
                assertThat((double) greyAt("[" + seen.voxel + "]")).isCloseTo((value / 1000 + 0.5) * 255, within(1.0));
                assertThat(new Seen(
                                PAGE.text(".viewer-voxel"),
                                PAGE.text(".viewer-value"),
                                PAGE.text(".viewer-label"),
                                PAGE.text(".viewer-place")))
                        .isEqualTo(seen);
            }
        }
    }

    @Test
    void aSpleenOfTheDecathlonIsReadOutAndMeasured() throws IOException {
        Path data = RealData.folder("Task09_Spleen_mini");
        String name = "spleen_2_crop.nii.gz";
        try (ViewServer server = ViewServer.start(
                0, StudyFiles.of(data.resolve("imagesTr/" + name), data.resolve("labelsTr/" + name)))) {
            PAGE.open(server.address());
            PAGE.screen("real-spleen");
            // 96 672 voxels of 0.794922 x 0.794922 x 5 mm
            assertThat(PAGE.text(".viewer-classes small")).isEqualTo("305 ml");
            assertThat((double) greyAt("[79, 83, 15]")).isCloseTo((131 / 1000.0 + 0.5) * 255, within(1.0));
            assertThat(PAGE.text(".viewer-value")).isEqualTo("131 HU");
            assertThat(PAGE.text(".viewer-place")).isEqualTo("L 343.4  P 340.2  S 75.0");
            PAGE.change("cursor: [118, 43, 7]");
            assertThat(PAGE.text(".viewer-value")).isEqualTo("−105 HU");
            assertThat(PAGE.text(".viewer-label")).isEqualTo("–");
        }
    }

    @Test
    void aRealCaseIsInAPage(@TempDir Path folder) throws IOException {
        Path data = RealData.folder("Task09_Spleen_mini");
        String name = "spleen_2_crop.nii.gz";
        Study spleen = StudyFiles.of(data.resolve("imagesTr/" + name), data.resolve("labelsTr/" + name))
                .read();
        LabelMap labels = new LabelMap(
                "reference", spleen.labels().get(0).labels(), new TreeMap<>(java.util.Map.of(1, "spleen")));
        EmbeddedViewer.Case page = EmbeddedViewer.of("spleen_2", spleen.image(), List.of(labels));
        assertThat(page.bytes()).isLessThan(EmbeddedViewer.Case.MOST_BYTES);
        Path file = folder.resolve("spleen.html");
        Files.writeString(
                file,
                "<!doctype html><meta charset=\"utf-8\"><link rel=\"icon\" href=\"data:,\"><style>"
                        + EmbeddedViewer.style() + "</style><body>" + page.html() + EmbeddedViewer.script());
        PAGE.open(file.toUri());
        PAGE.browser().awaitFrame();
        PAGE.screen("embedded-spleen");
        PAGE.browser()
                .evaluate("document.querySelector('.viewer').view.moveTo([79, 83, 15].map((at, axis) =>"
                        + " at - document.querySelector('.viewer').view.study.part.start[axis]))");
        PAGE.browser().awaitFrame();
        assertThat(PAGE.text(".viewer-voxel")).isEqualTo("79, 83, 15");
        assertThat(PAGE.text(".viewer-value")).matches("about 13[0-2] HU");
        assertThat(PAGE.text(".viewer-label")).isEqualTo("spleen");
        assertThat(PAGE.text(".viewer-classes small")).isEqualTo("305 ml");
    }

    /** Turned by 20 degrees about the head's axis, of floats, some of which are no numbers; every other in steps of a thousandth. */
    @Test
    void anObliqueMapOfFloatsIsShownVoxelByVoxel() throws IOException {
        Shape shape = new Shape(8, 24, 30);
        double cos = 2 * Math.cos(Math.toRadians(20));
        double sin = 2 * Math.sin(Math.toRadians(20));
        Grid grid = new Grid(shape, new Affine(-cos, sin, 0, 15, -sin, -cos, 0, 20, 0, 0, 4, -30));
        float[] voxels = new float[shape.arrayLength()];
        for (int i = 0; i < voxels.length; i++) {
            voxels[i] = i % 11 == 0 ? Float.NaN : i * 173 % 1000 / 1000f;
        }
        try (ViewServer server = ViewServer.start(0, () -> Study.of("map", Volume.of(grid, voxels), List.of()))) {
            PAGE.open(server.address());
            assertThat(PAGE.text(".viewer-readout")).contains("Tilted by 20.0°");
            PAGE.change("crosshair: false, smooth: false, level: 0.5, width: 1, layout: 'axial', cursor: [3, 5, 6]");
            BufferedImage screen = PAGE.screen("real-oblique");
            double[] box = PAGE.box("axial");
            // 60 x 48 mm in its own axes, which on the screen run as the file's: to the left and back.
            double scale = Math.min(box[2] / 60, box[3] / 48) / 1.04;
            for (int y = 0; y < 24; y++) {
                for (int x = 1; x < 29; x++) {
                    double column = box[0] + box[2] / 2 + (x - 14.5) * 2 * scale;
                    double row = box[1] + box[3] / 2 + (y - 11.5) * 2 * scale;
                    boolean isLetter = y < 1 || y > 21 || (Math.abs(y - 11.5) < 1 && (x < 3 || x > 26));
                    float value = voxels[shape.index(6, y, x)];
                    if (!isLetter) {
                        assertThat(screen.getRGB((int) column, (int) row) & 0xff)
                                .as("voxel %d, %d", x, y)
                                .isCloseTo(Float.isNaN(value) ? 0 : Math.round(value * 255), within(1));
                    }
                }
            }
            PAGE.change("cursor: [29 - 7, 23 - 4, 6]");
            assertThat(PAGE.text(".viewer-voxel")).isEqualTo("7, 4, 6");
            float value = voxels[shape.index(6, 4, 7)];
            assertThat(PAGE.text(".viewer-value")).isEqualTo(Float.isNaN(value) ? "NaN" : String.valueOf(value));
        }
    }
}
