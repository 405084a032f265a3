package org.unet4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.report.CasePicture.GreyWindow;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

class PreviewPageTest {

    private static final Shape SHAPE = new Shape(4, 6, 8);

    @TempDir
    Path folder;

    private static PreviewPage page(String words) {
        Grid grid = Grid.of(SHAPE, new Spacing(3, 1, 1));
        float[] voxels = new float[SHAPE.arrayLength()];
        byte[] classes = new byte[SHAPE.arrayLength()];
        for (int i = 0; i < voxels.length; i++) {
            voxels[i] = i % SHAPE.x();
            classes[i] = (byte) (i % SHAPE.x() > 3 ? 2 : 0);
        }
        TreeMap<Integer, String> classNames = new TreeMap<>();
        classNames.put(2, "left & right");
        List<CasePicture> slices = CasePicture.middle(
                "ct", "draw 1", Volume.of(grid, voxels), new GreyWindow(0, 7), new Labels(grid, classes));
        return new PreviewPage(
                "<ct>", List.of("a fact"), classNames, List.of(new PreviewPage.Row("draw 1", words, slices)));
    }

    @Test
    void aPageNeedsNothingElseAndShowsTextAsItIs() throws IOException {
        page("scaling < 2").write(folder.resolve("new/page.html"));
        assertThat(folder.resolve("new/page.html"))
                .content()
                .startsWith("<!doctype html>")
                .contains("What a network sees of &lt;ct&gt;", "a fact", "left &amp; right", "scaling &lt; 2")
                .doesNotContain("http", "<script");
    }

    @Test
    void aRowHasTheThreeMiddleSlicesWithOutlines() {
        String html = page("nothing").html();
        assertThat(html.split("data:image/png;base64,", -1)).hasSize(4);
        assertThat(html.split("class=\"outline k1\"", -1)).hasSize(4);
        assertThat(html.split("class=\"fill under k1\"", -1)).hasSize(4);
        assertThat(html).contains("aria-label=\"axial\"", "aria-label=\"coronal\"", "aria-label=\"sagittal\"");
        assertThat(html)
                .contains(
                        "viewBox=\"0 0 8.000 6.000\"", "viewBox=\"0 0 8.000 12.000\"", "viewBox=\"0 0 6.000 12.000\"");
    }
}
