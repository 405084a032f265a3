package org.unet4j.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import tools.jackson.databind.JsonNode;

/**
 * A page with one viewer, in a browser of its own for all tests of a class, which is skipped where none is installed. After each
 * test the browser's console must be empty.
 */
final class OpenViewer implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
    private static final String VIEWER = "document.querySelector('.viewer')";

    private Path profile;
    private Chromium browser;

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        profile = Files.createTempDirectory("unet4j-chromium-");
        browser = Chromium.start(profile);
        browser.resize(1400, 900);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        assertThat(browser.errors()).isEmpty();
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (browser != null) {
            browser.close();
        }
        List<Path> files;
        try (Stream<Path> found = Files.walk(profile)) {
            files = found.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }

    /** Returns the browser. */
    Chromium browser() {
        return browser;
    }

    /** Goes to an address and waits until all is there. */
    void open(URI address) throws IOException {
        browser.open(address);
        await();
    }

    /** Waits until everything is loaded, the surfaces too: nothing is to be asked of a server that is closed. */
    void await() throws IOException {
        browser.await(VIEWER + ".view?.study.labels.every(map => !map.note)"
                + " && !document.querySelector('.viewer-message')?.textContent");
        browser.awaitFrame();
    }

    /** Sets properties of the view, as {@code "zoom: 2, outline: true"}, and waits until that is drawn. */
    void change(String properties) throws IOException {
        browser.evaluate(VIEWER + ".view.change({" + properties + "})");
        browser.awaitFrame();
    }

    /** Returns a property of the view. */
    JsonNode view(String property) throws IOException {
        return browser.evaluate(VIEWER + ".view." + property);
    }

    /** Returns the voxel under the cross-hair: x, y, z. */
    int[] cursor() throws IOException {
        JsonNode cursor = view("cursor");
        return new int[] {
            cursor.get(0).asInt(), cursor.get(1).asInt(), cursor.get(2).asInt()
        };
    }

    /** Returns the text of the first element that fits a selector. */
    String text(String selector) throws IOException {
        return browser.evaluate("document.querySelector('" + selector + "').textContent")
                .asString();
    }

    /** Returns where a pane's picture is in the window: left, top, width, height. */
    double[] box(String layout) throws IOException {
        JsonNode box = browser.evaluate("(() => { const box = document.querySelector('figure[data-layout=" + layout
                + "] canvas').getBoundingClientRect(); return [box.x, box.y, box.width, box.height]; })()");
        double[] numbers = new double[4];
        Arrays.setAll(numbers, i -> box.get(i).asDouble());
        return numbers;
    }

    /** Returns what is in the window, which is kept under a name. */
    BufferedImage screen(String name) throws IOException {
        Path file = Path.of("target", "screenshots", name + ".png");
        browser.screenshot(file, false);
        return ImageIO.read(file.toFile());
    }
}
