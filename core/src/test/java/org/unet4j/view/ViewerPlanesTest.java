package org.unet4j.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Volume;
import tools.jackson.databind.JsonNode;

/**
 * Where voxels of files of several orientations stand on the screen. What is expected follows from the file's own voxels and its
 * affine alone: nothing here is reordered.
 */
class ViewerPlanesTest {
    private static final Grid LPS =
            new Grid(new Shape(12, 20, 30), new Affine(-1, 0, 0, 15, 0, -2, 0, 20, 0, 0, 4, -30));
    private static final Grid PSR =
            new Grid(new Shape(30, 12, 20), new Affine(0, 0, 1, -10, -2, 0, 0, 25, 0, 4, 0, -30));

    @RegisterExtension
    static final OpenViewer PAGE = new OpenViewer();

    /** Where axes stand: 0 is right, 1 is front, 2 is head. */
    private enum Plane {
        AXIAL(0, 1, 2),
        CORONAL(0, 2, 1),
        SAGITTAL(1, 2, 0);

        private final int across;
        private final int up;
        private final int through;

        Plane(int across, int up, int through) {
            this.across = across;
            this.up = up;
            this.through = through;
        }

        String layout() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Returns x and y, in mm from the middle to the right and down. Faces look to the left. */
        double[] onScreen(double[] fromMiddle, boolean radiological) {
            boolean mirrored = radiological || this == SAGITTAL;
            return new double[] {mirrored ? -fromMiddle[across] : fromMiddle[across], -fromMiddle[up]};
        }
    }

    /** Grey 0 to 255 that tells voxels from their neighbours. */
    private static int value(int x, int y, int z) {
        return (37 * x + 101 * y + 211 * z) % 256;
    }

    private static Study study(Grid grid, int cls) {
        Shape shape = grid.shape();
        short[] voxels = new short[shape.arrayLength()];
        for (int z = 0; z < shape.z(); z++) {
            for (int y = 0; y < shape.y(); y++) {
                for (int x = 0; x < shape.x(); x++) {
                    voxels[shape.index(z, y, x)] = (short) value(x, y, z);
                }
            }
        }
        byte[] classes = new byte[shape.arrayLength()];
        classes[shape.index(3, 4, 5)] = (byte) cls;
        Labels labels = new Labels(grid, classes);
        return Study.of("mr", Volume.of(grid, voxels), List.of(new LabelMap("labels", labels, new TreeMap<>())));
    }

    private static ViewServer open(Grid grid, int cls) throws IOException {
        ViewServer server = ViewServer.start(0, () -> study(grid, cls));
        PAGE.open(server.address());
        return server;
    }

    /** Returns pixels a mm: the most with which 30 mm to the right, 40 to the front, 48 to the head fit into every pane. */
    private static double scale() throws IOException {
        double[] mm = {30, 40, 48};
        double scale = Double.POSITIVE_INFINITY;
        for (Plane plane : Plane.values()) {
            double[] box = PAGE.box(plane.layout());
            scale = Math.min(scale, Math.min(box[2] / mm[plane.across], box[3] / mm[plane.up]) / 1.04);
        }
        return scale;
    }

    /** Returns how far a voxel of the file is from the scan's middle, to the right, front and head. */
    private static double[] fromMiddle(Grid grid, int x, int y, int z) {
        Shape shape = grid.shape();
        double[] middle = grid.affine().apply((shape.x() - 1) / 2.0, (shape.y() - 1) / 2.0, (shape.z() - 1) / 2.0);
        double[] place = grid.affine().apply(x, y, z);
        Arrays.setAll(place, axis -> place[axis] - middle[axis]);
        return place;
    }

    private static double[] place(Plane plane, double[] fromMiddle, boolean radiological) throws IOException {
        double[] box = PAGE.box(plane.layout());
        double[] mm = plane.onScreen(fromMiddle, radiological);
        double scale = scale();
        return new double[] {box[0] + box[2] / 2 + mm[0] * scale, box[1] + box[3] / 2 + mm[1] * scale};
    }

    @ParameterizedTest
    @CsvSource({"LPS, true", "LPS, false", "PSR, true", "PSR, false"})
    void everyPaneShowsTheFilesVoxelsWhereTheyAre(String orientation, boolean radiological) throws IOException {
        Grid grid = orientation.equals("LPS") ? LPS : PSR;
        int[] at = {9, 7, 5};
        try (ViewServer server = open(grid, 1)) {
            PAGE.change("showLabels: false, crosshair: false, smooth: false, level: 127.5, width: 255, radiological: "
                    + radiological);
            double[] cursor = fromMiddle(grid, at[0], at[1], at[2]);
            double[] clicked = place(Plane.AXIAL, cursor, radiological);
            PAGE.browser().clickAt(clicked[0], clicked[1]);
            clicked = place(Plane.CORONAL, cursor, radiological);
            PAGE.browser().clickAt(clicked[0], clicked[1]);
            assertThat(PAGE.text(".viewer-voxel")).isEqualTo("9, 7, 5");
            assertThat(PAGE.text(".viewer-readout .viewer-note")).endsWith("mm, file " + orientation);
            BufferedImage screen = PAGE.screen("planes-" + orientation + "-" + radiological);
            for (Plane plane : Plane.values()) {
                assertThat(compare(screen, plane, grid, at, radiological))
                        .as("%s of %s", plane, server.address())
                        .isGreaterThan(40);
            }
        }
    }

    /** Compares voxels of the plane through a voxel of the file with the screen; returns how many. */
    private static int compare(BufferedImage screen, Plane plane, Grid grid, int[] at, boolean radiological)
            throws IOException {
        Shape shape = grid.shape();
        double level = fromMiddle(grid, at[0], at[1], at[2])[plane.through];
        double[] box = PAGE.box(plane.layout());
        double scale = scale();
        int compared = 0;
        for (int z = 0; z < shape.z(); z++) {
            for (int y = 0; y < shape.y(); y++) {
                for (int x = 0; x < shape.x(); x++) {
                    double[] place = fromMiddle(grid, x, y, z);
                    double[] mm = plane.onScreen(place, radiological);
                    double column = box[0] + box[2] / 2 + mm[0] * scale;
                    double row = box[1] + box[3] / 2 + mm[1] * scale;
                    // Letters and the scale stand along the edges.
                    boolean isClear = column > box[0] + 30
                            && column < box[0] + box[2] - 30
                            && row > box[1] + 30
                            && row < box[1] + box[3] - 50;
                    if (isClear && Math.abs(place[plane.through] - level) < 0.1 && (x + y + z) % 3 == 0) {
                        int pixel = screen.getRGB((int) Math.floor(column), (int) Math.floor(row)) & 0xff;
                        assertThat(pixel)
                                .as("%s: voxel %d, %d, %d of the file", plane, x, y, z)
                                .isCloseTo(value(x, y, z), within(1));
                        compared++;
                    }
                }
            }
        }
        return compared;
    }

    @ParameterizedTest
    @CsvSource({
        "true, AXIAL, RLAP",
        "true, CORONAL, RLSI",
        "true, SAGITTAL, APSI",
        "false, AXIAL, LRAP",
        "false, CORONAL, LRSI",
        "false, SAGITTAL, APSI"
    })
    void lettersStandAtTheEdges(boolean radiological, Plane plane, String leftRightTopBottom) throws IOException {
        try (ViewServer server = open(PSR, 1)) {
            assertThat(server.awaitStudy().file().code()).isEqualTo("PSR");
            PAGE.browser()
                    .evaluate(
                            "window.drawn = []; const fill = CanvasRenderingContext2D.prototype.fillText;"
                                    + " CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {"
                                    + " if (/^[RLAPSI]$/.test(text)) { window.drawn.push({text, x, y,"
                                    + " layout: this.canvas.closest('figure').dataset.layout}); } fill.call(this, text, x, y); }; 0");
            // What is shown already is not drawn again.
            PAGE.change("zoom: 1.2, radiological: " + radiological);
            String letters = "drawn.filter(one => one.layout === '" + plane.layout() + "').slice(-4)";
            assertThat(PAGE.browser()
                            .evaluate("(() => { const all = " + letters + "; const by = (key, sign) =>"
                                    + " [...all].sort((a, b) => sign * (a[key] - b[key]))[0].text;"
                                    + " return by('x', 1) + by('x', -1) + by('y', 1) + by('y', -1); })()")
                            .asString())
                    .isEqualTo(leftRightTopBottom);
        }
    }

    /** Turned by 20 degrees about the head's axis: planes are the scan's own, places are true. */
    @Test
    void anObliqueScanIsReadOutInTrueMillimetres() throws IOException {
        double cos = Math.cos(Math.toRadians(20));
        double sin = Math.sin(Math.toRadians(20));
        Affine turned = new Affine(-cos, 2 * sin, 0, 15, -sin, -2 * cos, 0, 20, 0, 0, 4, -30);
        try (ViewServer server = open(new Grid(LPS.shape(), turned), 1)) {
            assertThat(server.awaitStudy().file().code()).isEqualTo("LPS");
            assertThat(PAGE.text(".viewer-readout")).contains("Tilted by 20.0°");
            // On the screen it lies as the scan that is not turned.
            double[] at = place(Plane.AXIAL, fromMiddle(LPS, 22, 4, 6), true);
            PAGE.browser().clickAt(at[0], at[1]);
            assertThat(PAGE.text(".viewer-voxel")).isEqualTo("22, 4, 6");
            double right = -cos * 22 + 2 * sin * 4 + 15;
            double front = -sin * 22 - 2 * cos * 4 + 20;
            assertThat(PAGE.text(".viewer-place"))
                    .isEqualTo(String.format(Locale.ROOT, "L %.1f  A %.1f  I 6.0", -right, front));
            assertThat(PAGE.text(".viewer-value")).isEqualTo(String.valueOf(value(22, 4, 6)));
        }
    }

    @Test
    void whatIsNoCtHasItsOwnWindows() throws IOException {
        try (ViewServer server = open(PSR, 1)) {
            assertThat(server.awaitStudy().labels()).hasSize(1);
            double level = PAGE.view("level").asDouble();
            double width = PAGE.view("width").asDouble();
            PAGE.browser().key("w");
            assertThat(PAGE.view("level").asDouble()).isEqualTo(127.5);
            assertThat(PAGE.view("width").asDouble()).isEqualTo(255);
            PAGE.browser().key("w");
            assertThat(PAGE.view("level").asDouble()).isEqualTo(level);
            assertThat(PAGE.view("width").asDouble()).isEqualTo(width);
            assertThat(PAGE.text(".viewer-readout .viewer-note"))
                    .isEqualTo("20 × 12 × 30 voxels of 2 × 4 × 1 mm, file PSR");
        }
    }

    @Test
    void aLabelMapWithoutAClassHasNothingInSpace() throws IOException {
        try (ViewServer server = open(LPS, 0)) {
            assertThat(server.awaitStudy().labels()).hasSize(1);
            PAGE.browser().key("4");
            assertThat(PAGE.view("layout").asString()).isEqualTo("all");
            PAGE.browser().key("2");
            assertThat(PAGE.view("layout").asString()).isEqualTo("coronal");
            assertThat(PAGE.box("coronal")[2]).isGreaterThan(500);
            assertThat(PAGE.text(".viewer-classes")).isEqualTo("nothing but background");
        }
    }

    @Test
    void aSurfaceThatFailedIsSaidAndNotWaitedFor() throws IOException {
        try (ViewServer server = ViewServer.start(0, Worlds::study)) {
            PAGE.open(server.address());
            PAGE.browser()
                    .evaluate("document.querySelector('.viewer').view.study.readSurface ="
                            + " () => Promise.reject(new Error('no memory')); 0");
            PAGE.change("layer: 1");
            PAGE.browser().await("document.querySelector('.viewer-message').textContent === 'No surface: no memory'");
            PAGE.change("opacity: 0.4");
            PAGE.browser().evaluate("new Promise(done => setTimeout(done, 400))");
            assertThat(PAGE.text(".viewer-message")).isEqualTo("No surface: no memory");
            PAGE.change("layer: 0");
            PAGE.browser().await("document.querySelector('.viewer-message').textContent === ''");
        }
    }

    private void awaitAddress(String address) throws InterruptedException {
        String shown = "";
        for (int i = 0; i < 600 && !shown.equals(address); i++) {
            Thread.sleep(50);
            try {
                JsonNode history = PAGE.browser().call("Page.getNavigationHistory", java.util.Map.of());
                shown = history.path("entries")
                        .get(history.path("currentIndex").asInt())
                        .path("url")
                        .asString();
            } catch (IOException e) {
                shown = "between two pages: " + e.getMessage();
            }
        }
        assertThat(shown).isEqualTo(address);
    }

    @Test
    void aFileLeadsToThePage(@TempDir Path folder) throws Exception {
        try (ViewServer server = ViewServer.start(0, Worlds::study)) {
            Path file = folder.resolve("leading.html");
            Files.writeString(
                    file, "<!doctype html><meta http-equiv=\"refresh\" content=\"0; url=" + server.address() + "\">");
            PAGE.browser().open(file.toUri());
            awaitAddress(server.address().toString());
            PAGE.await();
            assertThat(PAGE.view("study.name").asString()).isEqualTo("scan.nii.gz");
        }
    }
}
