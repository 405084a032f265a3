package org.unet4j.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
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
 * 300, gzipped, with one label map; from the start of reading to the first picture in a headless browser.
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
                    double organ = Math.hypot(Math.hypot((x - 200) / 60.0, (y - 250) / 50.0), (z - 150) / 60.0);
                    classes[at] = (byte) (organ < 0.4 ? 2 : organ < 1 ? 1 : 0);
                }
            }
        }
        Nifti.write(into.resolve("ct.nii.gz"), Volume.of(GRID, voxels));
        Nifti.write(into.resolve("labels.nii.gz"), new Labels(GRID, classes));
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
    }

    private static Study read() throws IOException {
        return Study.read(folder.resolve("ct.nii.gz"), OptionalInt.empty(), List.of(folder.resolve("labels.nii.gz")));
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
            try (ViewServer server = ViewServer.start(0, ViewerSpeedTest::read)) {
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

    /** Turns a slice with every frame. */
    private static void turn() throws IOException {
        browser.await("document.querySelector('.viewer-message').textContent === ''");
        JsonNode times = browser.evaluate(
                "(async () => { const canvas = document.querySelector('figure[data-layout=axial] canvas');"
                        + " const frame = () => new Promise(requestAnimationFrame); const times = []; let last = await frame();"
                        + " for (let i = 0; i < " + STEPS + "; i++) { canvas.dispatchEvent(new WheelEvent('wheel',"
                        + " {deltaY: i < " + STEPS / 2
                        + " ? 100 : -100, cancelable: true})); const now = await frame();"
                        + " times.push(now - last); last = now; }"
                        + " times.sort((a, b) => a - b); return [times[Math.floor(times.length / 2)], times[Math.floor(times.length * 0.95)]]; })()");
        say(
                "a step of the wheel: median %.1f ms, 95th percentile %.1f ms",
                times.get(0).asDouble(), times.get(1).asDouble());
        assertThat(times.get(0).asDouble())
                .as("milliseconds a step, on any machine")
                .isLessThan(500);
    }
}
