package org.unet4j.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Nifti;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Volume;
import tools.jackson.databind.JsonNode;

/**
 * How long a large CT takes to open, and whether slices turn without stutter: {@code runs/view-opening.sh}. A noisy body of 512 x 512 x
 * 300, gzipped, with two label maps; from the start of reading to the first picture in a headless browser.
 */
@Tag("slow")
class ViewerSpeedTest {
    private static final Shape SHAPE = new Shape(300, 512, 512);

    /** L, P, S, as CTs are. */
    private static final Grid GRID = new Grid(SHAPE, new Affine(-0.8, 0, 0, 204, 0, -0.8, 0, 204, 0, 0, 1.5, -225));

    private static final int OPENINGS = 5;
    private static final int STEPS = 120;

    @TempDir
    static Path folder;

    private static Chromium browser;

    @BeforeAll
    static void start() throws IOException {
        browser = Chromium.start(folder.resolve("profile"));
        browser.resize(1400, 900);
        volumes(folder);
    }

    /** Writes scan and labels. */
    private static void volumes(Path into) throws IOException {
        short[] voxels = new short[SHAPE.arrayLength()];
        byte[] classes = new byte[SHAPE.arrayLength()];
        byte[] predicted = new byte[SHAPE.arrayLength()];
        var random = new SplittableRandom(1);
        for (int z = 0, at = 0; z < SHAPE.z(); z++) {
            for (int y = 0; y < SHAPE.y(); y++) {
                for (int x = 0; x < SHAPE.x(); x++, at++) {
                    double fromMiddle = Math.hypot((x - 256) / 210.0, (y - 256) / 150.0);
                    int bits = random.nextInt();
                    // A binomial number is nearly normal; its standard deviation is 11 HU, and no value between is
                    // missing.
                    int noise = 4 * (Integer.bitCount(bits) - 16) + (bits >>> 30);
                    int tissue = fromMiddle < 0.9 ? 40 : -100;
                    voxels[at] = (short) (fromMiddle < 1 ? tissue + noise : -1000 + noise / 4);
                    classes[at] = organ(x, y, z);
                    predicted[at] = organ(x - 5, y - 5, z - 5);
                }
            }
        }
        Nifti.write(into.resolve("ct.nii.gz"), Volume.of(GRID, voxels));
        Nifti.write(into.resolve("labels.nii.gz"), new Labels(GRID, classes));
        Nifti.write(into.resolve("predicted.nii.gz"), new Labels(GRID, predicted));
    }

    private static byte organ(int x, int y, int z) {
        double fromMiddle = Math.hypot(Math.hypot((x - 200) / 60.0, (y - 250) / 50.0), (z - 150) / 60.0);
        return (byte) (fromMiddle < 0.4 ? 2 : fromMiddle < 1 ? 1 : 0);
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
    }

    private static StudyFiles study() {
        return StudyFiles.of(
                folder.resolve("ct.nii.gz"), folder.resolve("labels.nii.gz"), folder.resolve("predicted.nii.gz"));
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static void say(String what, Object... numbers) throws IOException {
        Files.writeString(
                Path.of("target", "view-opening.txt"),
                String.format(Locale.ROOT, what + "%n", numbers),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    @Test
    void aLargeCtOpensSoonAndTurnsSmoothly() throws IOException {
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < OPENINGS; i++) {
            long start = System.nanoTime();
            try (ViewServer server = ViewServer.start(0, study())) {
                browser.open(server.address());
                browser.await("document.querySelector('.viewer').view");
                browser.awaitFrame();
                double picture = seconds(start);
                browser.await("document.querySelector('.viewer').view.study.labels.every(map => !map.note)");
                browser.awaitFrame();
                say("opening %d: first picture after %.2f s, labels after %.2f s", i + 1, picture, seconds(start));
                best = Math.min(best, picture);
                if (i == OPENINGS - 1) {
                    turn();
                }
            }
        }
        assertThat(best).as("seconds until the first picture, on any machine").isLessThan(30);
    }

    /** Turns a slice with every frame: of all panes, and of one alone; with a label map, and with two over each other. */
    private static void turn() throws IOException {
        browser.await("document.querySelector('.viewer-message').textContent === ''");
        for (String settings : List.of(
                "layout: 'all', layer: 0",
                "layout: 'all', layer: 'difference'",
                "layout: 'all', layer: 'difference', outline: true",
                "layout: 'axial', layer: 'difference', outline: false",
                "layout: 'sagittal', layer: 'difference'")) {
            browser.evaluate("document.querySelector('.viewer').view.change({" + settings + "})");
            browser.await("document.querySelector('.viewer-message').textContent === ''");
            // Software draws the surfaces anew, a moment after the last change.
            browser.evaluate("new Promise(done => setTimeout(done, 1000))");
            JsonNode times = browser.evaluate(STEPPING);
            say(
                    "a step of the wheel, %s: %.1f ms (95 %%: %.1f), of which script %.1f (95 %%: %.1f)",
                    settings,
                    times.get(0).asDouble(),
                    times.get(1).asDouble(),
                    times.get(2).asDouble(),
                    times.get(3).asDouble());
            assertThat(times.get(0).asDouble())
                    .as("milliseconds a step, on any machine")
                    .isLessThan(500);
        }
    }

    /** Median and 95th percentile of milliseconds between frames, and of those that the page's own work takes. */
    private static final String STEPPING = """
            (async () => {
              const {layout} = document.querySelector('.viewer').view;
              const canvas = document.querySelector(`figure[data-layout=${layout === 'all' ? 'axial' : layout}] canvas`);
              const frame = () => new Promise(done => requestAnimationFrame(start => done([start, performance.now()])));
              const between = [];
              const script = [];
              let [last] = await frame();
              for (let i = 0; i < %1$d; i++) {
                const before = performance.now();
                const begun = frame();
                canvas.dispatchEvent(new WheelEvent('wheel', {deltaY: i < %1$d / 2 ? 100 : -100, cancelable: true}));
                const handled = performance.now() - before;
                const ended = frame();
                const [[start, from], [, to]] = await Promise.all([begun, ended]);
                between.push(start - last);
                script.push(handled + to - from);
                last = start;
              }
              const share = (times, part) => times.sort((a, b) => a - b)[Math.floor(times.length * part)];
              return [share(between, 0.5), share(between, 0.95), share(script, 0.5), share(script, 0.95)];
            })()""".formatted(STEPS);
}
