package org.unet4j.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a page holds of a case. */
class EmbeddedCaseTest {
    private static final Pattern DATA = Pattern.compile("data-name=\"([^\"]+)\">([^<]*)</script>");
    private static final Shape SHAPE = new Shape(30, 60, 80);
    private static final Grid GRID = Grid.of(SHAPE, new Spacing(4, 1, 1));

    private static Map<String, String> data(EmbeddedViewer.Case page) {
        Map<String, String> data = new HashMap<>();
        Matcher found = DATA.matcher(page.html());
        while (found.find()) {
            data.put(found.group(1), found.group(2));
        }
        return data;
    }

    private static byte[] unpack(String letters) throws IOException {
        return new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(letters))).readAllBytes();
    }

    private static JsonNode describe(EmbeddedViewer.Case page) {
        return new JsonMapper().readTree(data(page).get("study.json"));
    }

    private static List<Integer> numbers(JsonNode list) {
        List<Integer> numbers = new ArrayList<>();
        list.forEach(number -> numbers.add(number.asInt()));
        return numbers;
    }

    /** Values that differ from voxel to voxel and cannot be packed small. */
    private static Volume scan(Grid grid, int least, int most) {
        var random = new SplittableRandom(7);
        short[] voxels = new short[grid.shape().arrayLength()];
        for (int i = 0; i < voxels.length; i++) {
            voxels[i] = (short) random.nextInt(least, most + 1);
        }
        return Volume.of(grid, voxels);
    }

    /** A box of one class from the first corner up to the second. */
    private static LabelMap box(Grid grid, int z0, int y0, int x0, int z1, int y1, int x1) {
        byte[] voxels = new byte[grid.shape().arrayLength()];
        for (int z = z0; z < z1; z++) {
            for (int y = y0; y < y1; y++) {
                for (int x = x0; x < x1; x++) {
                    voxels[grid.shape().index(z, y, x)] = 3;
                }
            }
        }
        return new LabelMap("labels", new Labels(grid, voxels), new TreeMap<>(Map.of(3, "liver")));
    }

    @Test
    void whatIsLeftIsTwoCentimetresAboutTheLabels() throws IOException {
        Volume scan = scan(GRID, -1000, 300);
        EmbeddedViewer.Case page = EmbeddedViewer.of("ct", scan, List.of(box(GRID, 10, 25, 40, 13, 30, 50)));
        JsonNode study = describe(page);
        assertThat(numbers(study.path("part").path("start"))).containsExactly(5, 5, 20);
        assertThat(numbers(study.path("shape"))).containsExactly(13, 45, 50);
        assertThat(numbers(study.path("part").path("shape"))).containsExactly(30, 60, 80);
        byte[] greys = unpack(data(page).get("scan"));
        double slope = study.path("image").path("slope").asDouble();
        double least = study.path("image").path("least").asDouble();
        double most = study.path("image").path("most").asDouble();
        // Under the labels lie values from -1000 to 300.
        assertThat(least).isBetween(-1000.0, -900.0);
        assertThat(most).isBetween(250.0, 300.0);
        for (int z = 0; z < 13; z++) {
            for (int y = 0; y < 45; y++) {
                for (int x = 0; x < 50; x++) {
                    double value = scan.get(SHAPE.index(z + 5, y + 5, x + 20));
                    double shown = (greys[(z * 45 + y) * 50 + x] & 0xff) * slope + least;
                    assertThat(shown).isCloseTo(Math.max(least, Math.min(most, value)), within(slope / 2 + 1e-9));
                }
            }
        }
        byte[] labels = unpack(data(page).get("labels/0"));
        assertThat(labels[(5 * 45 + 20) * 50 + 20]).isEqualTo((byte) 3);
        assertThat(labels[(5 * 45 + 20) * 50 + 19]).isZero();
        assertThat(study.path("labels")
                        .get(0)
                        .path("classes")
                        .get(0)
                        .path("voxels")
                        .asInt())
                .isEqualTo(150);
    }

    @Test
    void ofAnUnlabelledScanAllIsLeft() {
        for (List<LabelMap> maps : List.of(List.<LabelMap>of(), List.of(box(GRID, 0, 0, 0, 0, 0, 0)))) {
            EmbeddedViewer.Case page = EmbeddedViewer.of("ct", scan(GRID, 0, 200), maps);
            assertThat(numbers(describe(page).path("shape"))).containsExactly(30, 60, 80);
            assertThat(describe(page).path("image").path("unit").asString()).isEmpty();
        }
    }

    /** Noise in 256 greys is 1.3 letters a voxel: 12 million voxels do not fit. */
    @Test
    void aLargeCaseIsMadeCoarserUntilItFits() throws IOException {
        Shape shape = new Shape(60, 400, 500);
        Grid grid = Grid.of(shape, new Spacing(3, 0.7, 0.7));
        LabelMap map = box(grid, 10, 100, 100, 50, 300, 400);
        EmbeddedViewer.Case page = EmbeddedViewer.of("ct", scan(grid, -160, 240), List.of(map));
        assertThat(page.bytes()).isBetween(2_000_000L, EmbeddedViewer.Case.MOST_BYTES);
        JsonNode study = describe(page);
        List<Integer> size = numbers(study.path("shape"));
        JsonNode step = study.path("part").path("step");
        assertThat(step.get(0).asDouble()).as("thick slices stay").isEqualTo(1);
        assertThat(step.get(1).asDouble())
                .isGreaterThan(1.5)
                .isCloseTo(step.get(2).asDouble(), within(0.05));
        assertThat(unpack(data(page).get("scan"))).hasSize(size.get(0) * size.get(1) * size.get(2));
        assertThat(study.path("labels").get(0).path("classes").get(0).path("ml").asDouble())
                .as("that of the file's own voxels")
                .isCloseTo(40 * 200 * 300 * 3 * 0.49 / 1000, within(1e-6));
        // Its surface lies where the box does: voxel 150 of 700 to 450 mm from the first voxel of the part.
        ByteBuffer surface =
                ByteBuffer.wrap(unpack(data(page).get("surface/0/3"))).order(ByteOrder.LITTLE_ENDIAN);
        int vertices = surface.getInt();
        double[] ends = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        for (int i = 0; i < vertices; i++) {
            float x = surface.getFloat(4 + 12 * i);
            ends[0] = Math.min(ends[0], x);
            ends[1] = Math.max(ends[1], x);
        }
        double here = 0.7 * step.get(2).asDouble();
        // From the outer face of the part: 20 mm are 29 voxels. The page counts from the middle of its own first voxel.
        assertThat(ends[0] + here / 2).isCloseTo(29 * 0.7, within(here));
        assertThat(ends[1] + here / 2).isCloseTo(329 * 0.7, within(here));
    }

    @Test
    void manyRoughSurfacesAreLeftOutRatherThanTheVoxels() {
        Shape shape = Shape.cube(60);
        Grid grid = Grid.of(shape, new Spacing(1, 1, 1));
        var random = new SplittableRandom(3);
        byte[] voxels = new byte[shape.arrayLength()];
        for (int i = 0; i < voxels.length; i++) {
            voxels[i] = (byte) random.nextInt(0, 256);
        }
        LabelMap map = new LabelMap("noise", new Labels(grid, voxels), new TreeMap<>());
        EmbeddedViewer.Case page = EmbeddedViewer.of("ct", scan(grid, 0, 255), List.of(map));
        assertThat(page.bytes()).isLessThan(EmbeddedViewer.Case.MOST_BYTES);
        assertThat(data(page)).containsKeys("scan", "labels/0");
        assertThat(numbers(describe(page).path("shape"))).containsExactly(60, 60, 60);
    }

    @Test
    void nothingInAPageEndsAScript() {
        assertThat(EmbeddedViewer.script().replaceFirst("</script>\n$", "")).doesNotContain("</script", "<!--");
        LabelMap map = new LabelMap(
                "</script><b>", box(GRID, 1, 1, 1, 3, 3, 3).labels(), new TreeMap<>(Map.of(3, "<!--</script>")));
        String html =
                EmbeddedViewer.of("<i>\"&", scan(GRID, 0, 9), List.of(map)).html();
        assertThat(html).doesNotContain("<i>", "<b>", "<!--").contains("aria-label=\"&lt;i>&quot;&amp;\"");
    }

    @Test
    void labelsOnAnotherGridAreRefused() {
        Grid other = Grid.of(new Shape(5, 5, 5), new Spacing(1, 1, 1));
        LabelMap map = box(other, 1, 1, 1, 2, 2, 2);
        assertThatThrownBy(() -> EmbeddedViewer.of("ct_07", scan(GRID, 0, 9), List.of(map)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[labels] has shape (5, 5, 5) (z, y, x), the scan of ct_07 (30, 60, 80)");
    }
}
