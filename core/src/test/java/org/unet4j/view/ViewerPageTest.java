package org.unet4j.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Volume;

/** The viewer as a person uses it, in a browser; what is on the screen is compared with the scan's own voxels. */
class ViewerPageTest {
    private static final Shape SHAPE = Worlds.SHAPE;
    private static final Volume SCAN =
            Study.of("scan", Worlds.scan(), java.util.List.of()).image();
    private static final String AXIAL = "figure[data-layout=axial] canvas";

    @RegisterExtension
    static final OpenViewer PAGE = new OpenViewer();

    private static ViewServer server;

    @BeforeAll
    static void start() throws IOException {
        server = ViewServer.start(0, Worlds::study);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() throws IOException {
        open(1400, 900);
    }

    private static void open(int width, int height) throws IOException {
        PAGE.browser().resize(width, height);
        PAGE.browser().open(server.address());
        PAGE.browser().await("document.querySelector('.viewer').view?.study.labels.every(map => !map.note)");
        PAGE.browser().awaitFrame();
    }

    /** Returns where a pane's voxel is on the screen: of an axial one x and y, by the layout's rules written down here anew. */
    private static double[] axialPlace(int x, int y) throws IOException {
        double[] box = PAGE.box("axial");
        double width = box[2];
        double height = box[3];
        // The largest scale with which 30 x 40 x 48 mm fit into every pane of this size, with 4 % to spare.
        double scale = Math.min(Math.min(width / 30, height / 40), Math.min(height / 48, width / 40)) / 1.04;
        // Radiological: the patient's right, to which x runs, is on the left; front is at the top.
        return new double[] {
            box[0] + width / 2 - (x - (SHAPE.x() - 1) / 2.0) * 1 * scale,
            box[1] + height / 2 - (y - (SHAPE.y() - 1) / 2.0) * 2 * scale
        };
    }

    private static int grey(double value, double level, double width) {
        return (int) Math.max(0, Math.min(255, ((value - level) / width + 0.5) * 255 + 0.5));
    }

    @Test
    void pixelsAreTheScansValuesThroughTheWindow() throws IOException {
        PAGE.change("showLabels: false, crosshair: false, smooth: false,"
                + " level: -400, width: 1200, cursor: [15, 10, 6]");
        BufferedImage screen = PAGE.screen("values");
        for (int y = 1; y < SHAPE.y(); y += 6) {
            for (int x = 1; x < SHAPE.x(); x += 7) {
                double[] at = axialPlace(x, y);
                int pixel = screen.getRGB((int) Math.round(at[0]), (int) Math.round(at[1])) & 0xff;
                int expected = grey(SCAN.get(SHAPE.index(6, y, x)), -400, 1200);
                assertThat(pixel).as("voxel x %d, y %d", x, y).isCloseTo(expected, within(1));
            }
        }
    }

    @Test
    void aClickMovesTheCrossHairAndReadsOutWhatIsThere() throws IOException {
        double[] at = axialPlace(20, 4);
        PAGE.browser().clickAt(at[0], at[1]);
        assertThat(PAGE.cursor()).containsExactly(20, 4, 6);
        // Voxel (20, 4, 6) in R, A, S order is voxel (9, 15, 6) of the file: 15 - 9 mm right, 20 - 30 mm front, 24 - 30
        // mm head.
        assertThat(PAGE.text(".viewer-place")).isEqualTo("R 6.0  P 10.0  I 6.0");
        assertThat(PAGE.text(".viewer-voxel")).isEqualTo("9, 15, 6");
        assertThat(PAGE.text(".viewer-value")).isEqualTo("−241 HU");
        assertThat(SCAN.get(SHAPE.index(6, 4, 20))).isEqualTo(-241);
        PAGE.browser().evaluate("document.querySelector('.viewer').view.moveTo([15, 10, 6])");
        PAGE.browser().awaitFrame();
        assertThat(PAGE.text(".viewer-label")).isEqualTo("box");
    }

    @Test
    void theWheelTurnsSlicesAndWithCtrlZoomsAboutThePointer() throws IOException {
        PAGE.browser().wheel(AXIAL, 100, false);
        assertThat(PAGE.cursor()).containsExactly(15, 10, 5);
        PAGE.browser().wheel(AXIAL, -100, false);
        PAGE.browser().wheel(AXIAL, -100, false);
        assertThat(PAGE.cursor()).containsExactly(15, 10, 7);
        PAGE.browser().wheel(AXIAL, -100, true);
        assertThat(PAGE.view("zoom").asDouble()).isGreaterThan(1.1);
        assertThat(PAGE.cursor()).containsExactly(15, 10, 7);
    }

    @Test
    void keysMoveAndSwitch() throws IOException {
        double[] at = axialPlace(15, 10);
        PAGE.browser().clickAt(at[0], at[1]);
        PAGE.browser().key("ArrowLeft"); // to the patient's right
        PAGE.browser().key("ArrowUp");
        PAGE.browser().key("PageUp");
        assertThat(PAGE.cursor()).containsExactly(16, 11, 7);
        PAGE.browser().key("n");
        PAGE.browser().key("ArrowLeft");
        assertThat(PAGE.cursor()).containsExactly(15, 11, 7);
        PAGE.browser().key("o");
        assertThat(PAGE.view("outline").asBoolean()).isTrue();
        PAGE.browser().key("2");
        assertThat(PAGE.view("layout").asString()).isEqualTo("coronal");
        PAGE.browser().key("w");
        assertThat(PAGE.view("level").asDouble()).isEqualTo(-600);
        PAGE.browser().key("r");
        assertThat(PAGE.view("level").asDouble()).isEqualTo(40);
    }

    @Test
    void draggingWithTheRightButtonChangesTheWindow() throws IOException {
        double[] at = axialPlace(15, 10);
        PAGE.browser().drag("right", at[0], at[1], at[0] + 60, at[1] - 30);
        assertThat(PAGE.view("width").asDouble()).isCloseTo(600, within(1.0));
        assertThat(PAGE.view("level").asDouble()).isCloseTo(-60, within(1.0));
        assertThat(PAGE.cursor()).containsExactly(15, 10, 6);
    }

    /** The box of the reference begins two columns before the predicted one: 2 of 10 columns on either side. */
    @Test
    void differencesAreColouredAndCounted() throws IOException {
        PAGE.change("opacity: 1, crosshair: false, width: 1e9");
        PAGE.browser().key("d");
        PAGE.browser().awaitFrame();
        assertThat(PAGE.text(".viewer-classes li:first-child small")).isEqualTo("Dice 0.800");
        BufferedImage screen = PAGE.screen("difference");
        // Columns 8 to 17 and 10 to 19 of the file, whose first column is the last here.
        assertThat(color(screen, 29 - 9)).isEqualTo(0xff9d2e);
        assertThat(color(screen, 29 - 14)).isEqualTo(0x9aa0a6);
        assertThat(color(screen, 29 - 19)).isEqualTo(0x4cc3ff);
    }

    private static int color(BufferedImage screen, int x) throws IOException {
        double[] at = axialPlace(x, 10);
        return screen.getRGB((int) Math.round(at[0]), (int) Math.round(at[1])) & 0xffffff;
    }

    @Test
    void aHiddenClassIsGone() throws IOException {
        PAGE.change("opacity: 1, crosshair: false");
        assertThat(color(PAGE.screen("shown"), 15)).isEqualTo(0xffb000);
        PAGE.browser().click(".viewer-classes input");
        int hidden = color(PAGE.screen("hidden"), 15);
        assertThat(hidden & 0xff).as("grey").isEqualTo(hidden >> 16);
    }

    @Test
    void namesAreTextsAndClassesAreFound() throws IOException {
        assertThat(PAGE.text(".viewer-classes li:nth-child(2) label span")).isEqualTo("<i>dot</i>");
        PAGE.browser().click(".viewer-classes li:nth-child(2) .viewer-go");
        assertThat(PAGE.cursor()).containsExactly(27, 17, 10);
    }

    @Test
    void surfacesAreDrawn() throws IOException {
        PAGE.browser().await("document.querySelector('.viewer-message').textContent === ''");
        PAGE.browser().click(".viewer-choice button:nth-child(5)");
        assertThat(PAGE.view("layout").asString()).isEqualTo("3d");
        PAGE.browser().awaitFrame();
        BufferedImage screen = PAGE.screen("surfaces");
        int amber = 0;
        for (int y = 60; y < screen.getHeight(); y += 5) {
            for (int x = 0; x < 1090; x += 5) {
                int pixel = screen.getRGB(x, y);
                amber += ((pixel >> 16) & 0xff) > 90 && (pixel & 0xff) < 60 ? 1 : 0;
            }
        }
        assertThat(amber).as("pixels of the box's colour").isGreaterThan(500);
    }

    @Test
    void aPhoneShowsOnePlaneAndTwoFingersZoom() throws IOException {
        open(400, 860);
        assertThat(PAGE.view("layout").asString()).isEqualTo("axial");
        assertThat(PAGE.browser()
                        .evaluate("document.documentElement.scrollWidth")
                        .asInt())
                .isEqualTo(400);
        double[] middle = PAGE.browser().middle(AXIAL);
        PAGE.browser()
                .touch("touchStart", new double[] {middle[0] - 40, middle[1]}, new double[] {middle[0] + 40, middle[1]
                });
        PAGE.browser()
                .touch("touchMove", new double[] {middle[0] - 80, middle[1]}, new double[] {middle[0] + 80, middle[1]});
        PAGE.browser().touch("touchEnd");
        PAGE.browser().awaitFrame();
        assertThat(PAGE.view("zoom").asDouble()).isCloseTo(2, within(0.1));
        PAGE.screen("phone");
    }

    @Test
    void oneFingerMovesTheCrossHairAndTwoThePicture() throws IOException {
        double[] at = axialPlace(15, 10);
        double[] to = axialPlace(12, 14);
        PAGE.browser().touch("touchStart", at);
        PAGE.browser().touch("touchMove", to);
        PAGE.browser().awaitFrame();
        assertThat(PAGE.cursor()).containsExactly(12, 14, 6);
        PAGE.browser().touch("touchEnd");
        PAGE.browser().touch("touchStart", new double[] {at[0] - 40, at[1]}, new double[] {at[0] + 40, at[1]});
        PAGE.browser().touch("touchMove", new double[] {at[0] - 10, at[1]}, new double[] {at[0] + 70, at[1]});
        PAGE.browser().awaitFrame();
        // 30 pixels to the right, where the patient's left is.
        double scale = (to[0] - at[0]) / 3;
        assertThat(PAGE.view("zoom").asDouble()).isCloseTo(1, within(0.01));
        assertThat(PAGE.view("centre[0]").asDouble()).isCloseTo(14.5 + 30 / scale, within(0.1));
        PAGE.browser().touch("touchEnd");
    }

    @Test
    void theFirstFingerOfTwoLeavesTheCrossHairWhereItIs() throws IOException {
        double[] at = axialPlace(20, 4);
        int[] before = PAGE.cursor();
        PAGE.browser().touch("touchStart", at);
        PAGE.browser().awaitFrame();
        PAGE.browser().touch("touchStart", at, new double[] {at[0] + 60, at[1]});
        PAGE.browser().touch("touchMove", new double[] {at[0] - 30, at[1]}, new double[] {at[0] + 90, at[1]});
        PAGE.browser().touch("touchEnd");
        PAGE.browser().awaitFrame();
        assertThat(PAGE.view("zoom").asDouble()).isCloseTo(2, within(0.1));
        assertThat(PAGE.cursor()).containsExactly(before);
    }

    @Test
    void aTapMovesTheCrossHairOnceTheFingerIsLifted() throws IOException {
        double[] at = axialPlace(20, 4);
        PAGE.browser().touch("touchStart", at);
        PAGE.browser().awaitFrame();
        assertThat(PAGE.cursor()).as("it may be the first of two").containsExactly(15, 10, 6);
        PAGE.browser().touch("touchEnd");
        PAGE.browser().awaitFrame();
        assertThat(PAGE.cursor()).containsExactly(20, 4, 6);
    }

    @Test
    void fingersTurnAndApproachTheSurfaces() throws IOException {
        PAGE.browser().await("document.querySelector('.viewer-message').textContent === ''");
        double[] middle = PAGE.browser().middle("figure[data-layout='3d'] canvas");
        double[] before = letters();
        PAGE.browser().touch("touchStart", middle);
        PAGE.browser().touch("touchMove", new double[] {middle[0] + 120, middle[1]});
        PAGE.browser().touch("touchEnd");
        PAGE.browser().await("Math.abs(" + LETTER_X + " - " + before[0] + ") > 20");
        double[] turned = letters();
        assertThat(turned[1]).as("apart: head and feet").isCloseTo(before[1], within(before[1] / 10));
        PAGE.browser()
                .touch("touchStart", new double[] {middle[0] - 40, middle[1]}, new double[] {middle[0] + 40, middle[1]
                });
        PAGE.browser()
                .touch("touchMove", new double[] {middle[0] - 60, middle[1]}, new double[] {middle[0] + 60, middle[1]});
        PAGE.browser().touch("touchEnd");
        PAGE.browser().await(LETTERS_APART + " > " + 1.3 * turned[1]);
    }

    private static final String LETTER =
            "new DOMMatrix(document.querySelectorAll('.viewer-letter')[%d].style.transform.split(' translate')[0])";
    private static final String LETTER_X = String.format(LETTER, 2) + ".m41";
    private static final String LETTERS_APART =
            "Math.abs(" + String.format(LETTER, 4) + ".m42 - " + String.format(LETTER, 5) + ".m42)";

    /** Returns how far right the letter of the front is, and how far those of head and feet are from each other. */
    private static double[] letters() throws IOException {
        return new double[] {
            PAGE.browser().evaluate(LETTER_X).asDouble(),
            PAGE.browser().evaluate(LETTERS_APART).asDouble()
        };
    }

    /** As a browser tells it that has emptied a canvas for want of memory. */
    @Test
    void whatABrowserEmptiedIsDrawnAnew() throws IOException {
        String canvas = "document.querySelector('" + AXIAL + "')";
        String before = PAGE.browser().evaluate(canvas + ".toDataURL()").asString();
        PAGE.browser().evaluate(canvas + ".getContext('2d').reset()");
        PAGE.change("");
        assertThat(PAGE.browser().evaluate(canvas + ".toDataURL()").asString())
                .as("nothing has changed that would be drawn")
                .isNotEqualTo(before);
        PAGE.browser().evaluate(canvas + ".dispatchEvent(new Event('contextrestored'))");
        PAGE.browser().awaitFrame();
        assertThat(PAGE.browser().evaluate(canvas + ".toDataURL()").asString()).isEqualTo(before);
    }
}
