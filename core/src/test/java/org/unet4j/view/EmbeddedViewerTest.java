package org.unet4j.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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

    private static double[] axialBox(String of) throws IOException {
        JsonNode box = browser.evaluate("(() => { const box = document.querySelector('" + of
                + "figure[data-layout=axial] canvas').getBoundingClientRect();"
                + " return [box.x, box.y, box.width, box.height]; })()");
        return new double[] {
            box.get(0).asDouble(),
            box.get(1).asDouble(),
            box.get(2).asDouble(),
            box.get(3).asDouble()
        };
    }

    /**
     * Returns where a voxel of the file is in the first viewer's axial plane, which shows 67 x 79.5 x 78 mm: columns 10 to 76, rows 6 to
     * 58, slices 5 to 30 are less than 20 mm from the labels.
     */
    private static double[] place(double x, double y) throws IOException {
        double[] box = axialBox(FIRST);
        double scale = Math.min(Math.min(box[2] / 79.5, box[3] / 79.5), box[3] / 78) / 1.04;
        // The file runs to the left and back; so does the screen, radiologically.
        return new double[] {box[0] + box[2] / 2 + (x - 43) * 1.0 * scale, box[1] + box[3] / 2 + (y - 32) * 1.5 * scale
        };
    }

    @Test
    void pixelsAreTheScansValuesInSteps() throws IOException {
        open(1400, 900);
        screen("wide");
        browser.evaluate(
                "document.querySelector('" + FIRST + ".viewer').view.change({showLabels: false, crosshair: false,"
                        + " smooth: false, level: 0, width: 800})");
        browser.awaitFrame();
        double least = view(FIRST, "study.image.least").asDouble();
        double most = view(FIRST, "study.image.most").asDouble();
        assertThat(least).isBetween(-400.0, -385.0);
        assertThat(most).isBetween(370.0, 388.0);
        BufferedImage screen = screen("values");
        int compared = 0;
        for (int y = 10; y < 55; y++) {
            for (int x = 20; x < 67; x += 3) {
                double[] at = place(x, y);
                int pixel = screen.getRGB((int) Math.floor(at[0]), (int) Math.floor(at[1])) & 0xff;
                double value = Math.max(least, Math.min(most, value(x, y, 18)));
                // Half a step of 3 HU, and half a grey of 3 HU.
                assertThat((double) pixel).as("%d, %d", x, y).isCloseTo((value / 800 + 0.5) * 255, within(1.1));
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(700);
    }

    @Test
    void placesAreTheFilesAndValuesAreAbout() throws IOException {
        open(1400, 900);
        assertThat(text(FIRST + ".viewer-readout"))
                .contains(
                        "ct_07 <worst>",
                        "90 × 80 × 40 voxels of 1 × 1.5 × 3 mm, file LPS",
                        "Only the part about the labels")
                .contains("Rounded to 256 greys from");
        double[] at = place(48, 30);
        browser.clickAt(at[0], at[1]);
        assertThat(text(FIRST + ".viewer-voxel")).isEqualTo("48, 30, 18");
        assertThat(text(FIRST + ".viewer-place")).isEqualTo("L 3.0  A 15.0  S 24.0");
        assertThat(text(FIRST + ".viewer-label")).isEqualTo("pancreas");
        String value = text(FIRST + ".viewer-value");
        assertThat(value).matches("about −?\\d+ HU");
        assertThat(Double.parseDouble(value.replaceAll("[^−\\d]", "").replace('−', '-')))
                .isCloseTo(value(48, 30, 18), within(2.1));
    }

    @Test
    void classesAreHiddenAndDifferencesShown() throws IOException {
        open(1400, 900);
        browser.evaluate("document.querySelector('" + FIRST + ".viewer').view.change({opacity: 1, crosshair: false})");
        browser.awaitFrame();
        double[] at = place(40, 25);
        assertThat(screen("shown").getRGB((int) at[0], (int) at[1]) & 0xffffff).isEqualTo(0xffb000);
        browser.click(FIRST + ".viewer-classes input");
        int hidden = screen("hidden").getRGB((int) at[0], (int) at[1]);
        assertThat(hidden & 0xff).as("grey").isEqualTo(hidden >> 16 & 0xff);
        assertThat(text(FIRST + ".viewer-classes li:nth-child(2) label span")).isEqualTo("</script> tumour");
        browser.click(FIRST + ".viewer-classes input");
        browser.key("d");
        browser.awaitFrame();
        double[] only = place(31, 25);
        assertThat(screen("difference").getRGB((int) only[0], (int) only[1]) & 0xffffff)
                .isEqualTo(0xff9d2e);
        assertThat(text(FIRST + ".viewer-classes li:first-child small")).isEqualTo("Dice 0.920");
    }

    /** Whoever reads the page scrolls it; the viewer's are wheel and keys only once it was clicked. */
    @Test
    void wheelAndKeysAreTheViewersInsideItOnly() throws IOException {
        open(1400, 600);
        String axial = FIRST + "figure[data-layout=axial] canvas";
        browser.evaluate("scrollTo(0, 0)");
        browser.key("2");
        assertThat(view(FIRST, "layout").asString()).isEqualTo("all");
        browser.wheel(axial, 100, false);
        browser.await("scrollY > 0");
        browser.awaitStill();
        assertThat(view(FIRST, "cursor[2]").asInt()).isEqualTo(13);
        browser.click(axial);
        double scrolled = browser.evaluate("scrollY").asDouble();
        browser.wheel(axial, 100, false);
        assertThat(view(FIRST, "cursor[2]").asInt()).isEqualTo(12);
        browser.key("o");
        assertThat(view(FIRST, "outline").asBoolean()).isTrue();
        assertThat(browser.evaluate("scrollY").asDouble()).isEqualTo(scrolled);
        browser.key("Escape");
        browser.wheel(axial, -100, false);
        browser.await("scrollY < " + scrolled);
        assertThat(view(FIRST, "cursor[2]").asInt()).isEqualTo(12);
    }

    @Test
    void oneThatIsFarAwayIsClosedAndComesBackAsItWas() throws IOException {
        open(1400, 900);
        assertThat(browser.evaluate("!document.querySelector('" + SECOND + "canvas')")
                        .asBoolean())
                .isTrue();
        browser.evaluate("document.querySelector('" + FIRST + ".viewer').view.change({layout: 'coronal', level: 77})");
        browser.evaluate("document.querySelector('#case1').scrollIntoView()");
        browser.await("document.querySelector('" + SECOND + ".viewer').view?.study.name === 'ct_11'");
        browser.await("!document.querySelector('" + FIRST + "canvas')");
        assertThat(text(FIRST + "button")).isEqualTo("Look at ct_07 <worst>");
        browser.await("!document.querySelector('" + SECOND + ".viewer-message').textContent");
        browser.click(SECOND + ".viewer-choice button:nth-child(5)");
        assertThat(view(SECOND, "layout").asString()).isEqualTo("3d");
        screen("second-3d");
        browser.evaluate("scrollTo(0, 0)");
        browser.await("document.querySelector('" + FIRST + "canvas')");
        browser.awaitFrame();
        assertThat(view(FIRST, "layout").asString()).isEqualTo("coronal");
        assertThat(view(FIRST, "level").asDouble()).isEqualTo(77);
        screen("back");
    }

    @Test
    void aPhoneHasRoomForIt() throws IOException {
        browser.preferDark(true);
        open(400, 860);
        assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                .isEqualTo(400);
        assertThat(view(FIRST, "layout").asString()).isEqualTo("axial");
        assertThat(browser.evaluate("getComputedStyle(document.querySelector('" + FIRST
                                + ".viewer-panel')).backgroundColor")
                        .asString())
                .isEqualTo("rgb(23, 28, 33)");
        screen("phone");
        browser.evaluate("document.querySelector('" + FIRST + ".viewer-panel').scrollIntoView()");
        screen("phone-panel");
        open(1400, 900);
        screen("dark");
        browser.preferDark(false);
    }

    /** Two strokes, for the first must not have given the viewer the focus; a tap does. */
    @Test
    void aFingerScrollsThePageUntilTheViewerIsTapped() throws IOException {
        browser.call("Emulation.setTouchEmulationEnabled", Map.of("enabled", true));
        open(400, 860);
        for (int stroke = 1; stroke <= 2; stroke++) {
            double before = browser.evaluate("scrollY").asDouble();
            swipe();
            browser.await("scrollY > " + (before + 40));
            browser.awaitStill();
            assertThat(view(FIRST, "cursor[2]").asInt()).isEqualTo(13);
        }
        double[] middle = browser.middle(FIRST + "figure[data-layout=axial] canvas");
        browser.touch("touchStart", middle);
        browser.touch("touchEnd");
        browser.await("document.querySelector('" + FIRST + ".viewer').matches(':focus-within')");
        double before = browser.evaluate("scrollY").asDouble();
        int row = view(FIRST, "cursor[1]").asInt();
        swipe();
        browser.awaitFrame();
        assertThat(view(FIRST, "cursor[1]").asInt()).isGreaterThan(row);
        assertThat(browser.evaluate("scrollY").asDouble()).isEqualTo(before);
        browser.call("Emulation.setTouchEmulationEnabled", Map.of("enabled", false));
    }

    /** Strokes upwards over the axial plane. */
    private static void swipe() throws IOException {
        double[] middle = browser.middle(FIRST + "figure[data-layout=axial] canvas");
        browser.touch("touchStart", middle);
        for (int step = 1; step <= 8; step++) {
            browser.touch("touchMove", new double[] {middle[0], middle[1] - 15 * step});
            browser.awaitFrame();
        }
        browser.touch("touchEnd");
    }

    @Test
    void paperHasThePlanesAlone() throws IOException {
        open(1000, 900);
        browser.call("Emulation.setEmulatedMedia", Map.of("media", "print"));
        browser.awaitFrame();
        screen("print");
        assertThat(browser.evaluate("['.viewer-bar', '.viewer-panel', 'figure[data-layout=\"3d\"]'].map((name) =>"
                                + " document.querySelector('" + FIRST + "' + name).clientHeight).join()")
                        .asString())
                .isEqualTo("0,0,0");
        assertThat(axialBox(FIRST)[3]).isGreaterThan(150);
        browser.call("Emulation.setEmulatedMedia", Map.of("media", ""));
    }

    @Test
    void itsStyleIsForItselfAlone() throws IOException {
        open(1400, 900);
        JsonNode selectors = browser.evaluate(
                "(() => { const found = []; const look = (rules) => [...rules].forEach((rule) => {"
                        + " if (rule.selectorText) { found.push(...rule.selectorText.split(/,(?![^(]*\\))/)); }"
                        + " else if (rule.cssRules) { look(rule.cssRules); } }); look(document.styleSheets[1].cssRules); return found; })()");
        assertThat(selectors.size()).isGreaterThan(80);
        selectors.forEach(selector -> assertThat(selector.asString().strip()).startsWith(".viewer"));
    }
}
