package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.augment.Augmentation;
import org.unet4j.augment.Draws;
import org.unet4j.prep.Store;
import org.unet4j.report.CasePicture;
import org.unet4j.report.PreviewPage;
import org.unet4j.torch.OneThread;

@ExtendWith(OneThread.class)
class AugmentPreviewTest {

    private static final TrainConfig CONFIG = TinyData.config(1);

    @TempDir
    static Path folder;

    private static Store store;

    @BeforeAll
    static void prepare() throws IOException {
        store = TinyData.store(folder);
    }

    private static PreviewPage preview(TrainConfig config, String caseId, int draws) throws IOException {
        return AugmentPreview.of(config, store, caseId, draws);
    }

    @Test
    void aPatchIsShownAsItIsThenAsDrawnThenWithEachTransformAlone() throws IOException {
        PreviewPage page = preview(CONFIG, "ball_1", 3);
        assertThat(page.rows().subList(0, 4))
                .extracting(PreviewPage.Row::name)
                .containsExactly("as it is", "draw 1", "draw 2", "draw 3");
        assertThat(page.rows().subList(4, page.rows().size()))
                .extracting(row -> row.name().replace(" alone", ""))
                .isEqualTo(Draws.transforms());
        assertThat(page.rows().get(0).words()).isEqualTo("nothing");
        int changed = 0;
        for (PreviewPage.Row row : page.rows()) {
            assertThat(row.slices()).extracting(CasePicture::plane).containsExactly("axial", "coronal", "sagittal");
            if (row.name().endsWith("alone")) {
                String transform = row.name().replace(" alone", "");
                assertThat(row.words()).startsWith(transform + " ");
                changed += images(row).equals(images(page.rows().get(0))) ? 0 : 1;
            }
        }
        // A draw may be too slight to show in 256 greys, or to leave a small patch fewer voxels.
        assertThat(changed).isGreaterThanOrEqualTo(Draws.transforms().size() - 2);
        assertThat(page.classNames()).containsOnlyKeys(1, 2);
    }

    private static List<String> images(PreviewPage.Row row) {
        return row.slices().stream().map(CasePicture::imageUri).toList();
    }

    private static List<?> outlines(PreviewPage.Row row) {
        return row.slices().stream().map(CasePicture::reference).toList();
    }

    @Test
    void transformsOfIntensitiesLeaveTheOutlinesWhereTheyAre() throws IOException {
        PreviewPage page = preview(CONFIG, "ball_1", 0);
        List<?> before = outlines(page.rows().get(0));
        assertThat(page.rows().get(0).slices())
                .anySatisfy(slice -> assertThat(slice.reference()).isNotEmpty());
        int moved = 0;
        for (PreviewPage.Row row : page.rows()) {
            boolean moves = List.of("rotation", "scaling", "elastic deformation", "mirroring")
                    .contains(row.name().replace(" alone", ""));
            if (moves) {
                moved += outlines(row).equals(before) ? 0 : 1;
            } else {
                assertThat(outlines(row)).as(row.name()).isEqualTo(before);
            }
        }
        assertThat(moved).isPositive();
    }

    @Test
    void theSameSeedShowsTheSame() throws IOException {
        String html = preview(CONFIG, "ball_0", 2).html();
        assertThat(preview(CONFIG, "ball_0", 2).html()).isEqualTo(html);
        assertThat(preview(CONFIG.withSeed(9), "ball_0", 2).html()).isNotEqualTo(html);
        assertThat(preview(CONFIG, "ball_2", 2).html()).isNotEqualTo(html);
    }

    @Test
    void whatIsNeverDrawnIsNotShown() throws IOException {
        assertThat(preview(CONFIG.withAugmentation(Augmentation.none()), "ball_0", 1)
                        .rows())
                .extracting(PreviewPage.Row::name)
                .containsExactly("as it is", "draw 1");
        assertThat(preview(CONFIG.withAugmentation(Augmentation.light()), "ball_0", 0)
                        .rows())
                .extracting(PreviewPage.Row::name)
                .containsExactly("as it is", "noise alone", "brightness alone");
    }

    @Test
    void aCaseThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> preview(CONFIG, "ball_9", 1)).hasMessageContaining("no case 'ball_9'");
    }
}
