package org.unet4j.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Volume;
import tools.jackson.databind.JsonNode;

/** Viewers inside a page that is a file, as a person uses them. */
class EmbeddedViewerTest {
    private static final String FIRST = "#case0 ";
    private static final String SECOND = "#case1 ";
    private static final Shape SHAPE = new Shape(40, 80, 90);

    /** L, P, S; voxels of 3 x 1.5 x 1 mm. */
    private static final Grid GRID = new Grid(SHAPE, new Affine(-1, 0, 0, 45, 0, -1.5, 0, 60, 0, 0, 3, -30));

    @TempDir
    static Path folder;

    private static Chromium browser;
    private static Path page;

    @BeforeAll
    static void start() throws IOException {
        browser = Chromium.start(folder.resolve("profile"));
        page = folder.resolve("page.html");
        Files.writeString(page, html());
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    void theConsoleIsEmpty() {
        assertThat(browser.errors()).isEmpty();
    }

    /** HU from -400 to 388 that tell voxels from their neighbours. */
    private static int value(int x, int y, int z) {
        return (37 * x + 101 * y + 211 * z) % 789 - 400;
    }

    private static Volume scan() {
        short[] voxels = new short[SHAPE.arrayLength()];
        for (int z = 0; z < SHAPE.z(); z++) {
            for (int y = 0; y < SHAPE.y(); y++) {
                for (int x = 0; x < SHAPE.x(); x++) {
                    voxels[SHAPE.index(z, y, x)] = (short) value(x, y, z);
                }
            }
        }
        return Volume.of(GRID, voxels);
    }

    /** A box of class 1 and one of class 2 behind it. */
    private static LabelMap labels(String name, int column) {
        byte[] voxels = new byte[SHAPE.arrayLength()];
        for (int z = 12; z < 24; z++) {
            for (int y = 20; y < 45; y++) {
                for (int x = column; x < column + 25; x++) {
                    voxels[SHAPE.index(z, y, x)] = (byte) (y < 35 ? 1 : 2);
                }
            }
        }
        return new LabelMap(
                name, new Labels(GRID, voxels), new TreeMap<>(Map.of(1, "pancreas", 2, "</script> tumour")));
    }

    private static String html() {
        String filler = "<p>What the report says.</p>".repeat(60);
        List<LabelMap> maps = List.of(labels("reference", 30), labels("predicted", 32));
        return "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
                + "<meta name=\"viewport\" content=\"width=device-width\"><title>Report</title><link rel=\"icon\" href=\"data:,\">"
                + "<style>:root { color-scheme: light dark; } body { margin: 0 auto; max-width: 1072px; padding: 0 16px; font: 16px/1.55 serif; }"
                + " h2 { font-size: 40px; text-transform: uppercase; } p { margin: 0 0 12px; max-width: 30ch; } dl { grid-template-columns: 1fr; }"
                + " button { padding: 30px; } figure { margin: 20px; }</style><style>"
                + EmbeddedViewer.style() + "</style></head><body><h1>Report</h1><div id=\"case0\">"
                + EmbeddedViewer.of("ct_07 <worst>", scan(), maps).html() + "</div>" + filler + "<div id=\"case1\">"
                + EmbeddedViewer.of("ct_11", scan(), List.of(labels("predicted", 10)))
                        .html() + "</div>" + filler
                + EmbeddedViewer.script() + "</body></html>";
    }

    private static void open(int width, int height) throws IOException {
        browser.resize(width, height);
        browser.open(page.toUri());
        browser.await("document.querySelector('" + FIRST + ".viewer').view");
        browser.await("!document.querySelector('" + FIRST + ".viewer-message').textContent");
        browser.awaitFrame();
    }

    private static JsonNode view(String of, String property) throws IOException {
        return browser.evaluate("document.querySelector('" + of + ".viewer').view." + property);
    }

    private static String text(String selector) throws IOException {
        return browser.evaluate("document.querySelector('" + selector + "').textContent")
                .asString();
    }

    private static BufferedImage screen(String name) throws IOException {
        Path file = Path.of("target", "screenshots", "embedded-" + name + ".png");
        browser.screenshot(file, false);
        return ImageIO.read(file.toFile());
    }

    @Test
    void opensFromAFile() throws IOException {
        open(1400, 900);
        screen("wide");
        browser.screenshot(Path.of("target", "screenshots", "embedded-page.png"), true);
        assertThat(text(FIRST + ".viewer h2")).isEqualTo("ct_07 <worst>");
    }
}
