package org.unet4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.unet4j.prep.Normalization;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

class CasePictureTest {

    private static final Shape SHAPE = new Shape(4, 50, 40);
    private static final Spacing SPACING = new Spacing(5, 1, 2);

    /** A body brighter towards the patient's right and front, with a small organ of one voxel in slice 2. */
    private static Volume image(Grid grid, boolean flipped) {
        float[] voxels = new float[SHAPE.arrayLength()];
        for (int i = 0; i < voxels.length; i++) {
            int x = i % SHAPE.x();
            int y = i / SHAPE.x() % SHAPE.y();
            voxels[i] = (flipped ? SHAPE.x() - 1 - x : x) + 3f * (flipped ? SHAPE.y() - 1 - y : y);
        }
        return Volume.of(grid, voxels);
    }

    private static Labels organ(Grid grid, int z, int y, int x, int cls) {
        byte[] classes = new byte[SHAPE.arrayLength()];
        classes[SHAPE.index(z, y, x)] = (byte) cls;
        return new Labels(grid, classes);
    }

    private static CasePicture picture(Volume image, Labels reference, Labels prediction) {
        return CasePicture.of(
                "case",
                "worst",
                image,
                Optional.empty(),
                reference,
                List.of(new CasePicture.Segmentation("unet", 0.5, prediction)));
    }

    private static BufferedImage read(CasePicture picture) throws Exception {
        byte[] png = Base64.getDecoder().decode(picture.imageUri().substring("data:image/png;base64,".length()));
        return ImageIO.read(new ByteArrayInputStream(png));
    }

    /** Means and standard deviations as they are of such tissue: liver, airways, bone, lung nodules; the last is -200 to 300 HU, by hand. */
    @Test
    void theWindowIsThatOfSoftTissueWhereTheForegroundIs() {
        assertThat(window(-17, 250, 99, 40)).isEqualTo(new CasePicture.GreyWindow(-17, 240));
        assertThat(window(-1024, -300, -900, 80)).isEqualTo(new CasePicture.GreyWindow(-1024, -300));
        assertThat(window(250, 1500, 600, 250)).isEqualTo(new CasePicture.GreyWindow(250, 1500));
        assertThat(window(-1024, 325, -159, 325)).isEqualTo(new CasePicture.GreyWindow(-1024, 325));
        assertThat(window(-200, 300, 50, 250)).isEqualTo(new CasePicture.GreyWindow(-200, 300));
        assertThat(window(-1000, 1000, 40, 50)).isEqualTo(CasePicture.GreyWindow.SOFT_TISSUE_HU);
    }

    private static CasePicture.GreyWindow window(double lower, double upper, double mean, double sd) {
        return CasePicture.GreyWindow.ofCt(new Normalization.CtWindow(lower, upper, mean, sd));
    }

    @Test
    void sliceWithTheReferenceIsShownFromTheFeetWithTheFrontUp() throws Exception {
        Grid grid = Grid.of(SHAPE, SPACING);
        CasePicture picture = picture(image(grid, false), organ(grid, 2, 25, 20, 1), organ(grid, 2, 25, 21, 1));
        assertThat(picture.plane()).isEqualTo("axial");
        assertThat(picture.slice()).isEqualTo(2);
        assertThat(List.of(picture.left(), picture.top())).containsExactly("R", "A");
        BufferedImage shown = read(picture);
        int right = shown.getWidth() - 1;
        assertThat(shown.getRaster().getSample(0, 0, 0))
                .isGreaterThan(shown.getRaster().getSample(right, 0, 0));
        assertThat(shown.getRaster().getSample(0, 0, 0))
                .isGreaterThan(shown.getRaster().getSample(0, shown.getHeight() - 1, 0));
    }

    @Test
    void proportionsAreThoseOfThePatient() {
        Grid grid = Grid.of(SHAPE, SPACING);
        CasePicture picture = picture(image(grid, false), organ(grid, 2, 25, 20, 1), organ(grid, 2, 25, 21, 1));
        assertThat(picture.widthMm()).isEqualTo(picture.columns() * 2.0);
        assertThat(picture.heightMm()).isEqualTo(picture.rows() * 1.0);
        assertThat(picture.widthMm() / picture.heightMm()).isBetween(0.9, 1.1);
        assertThat(picture.rows()).as("cut to the organ and 12 mm about it").isBetween(24, 32);
    }

    @Test
    void orderOfVoxelsInTheFileDoesNotMatter() {
        Grid ras = Grid.of(SHAPE, SPACING);
        Grid lps = new Grid(SHAPE, new Affine(-2, 0, 0, 78, 0, -1, 0, 49, 0, 0, 5, 0));
        CasePicture a = picture(image(ras, false), organ(ras, 2, 25, 20, 1), organ(ras, 2, 25, 21, 1));
        CasePicture b = picture(image(lps, true), organ(lps, 2, 24, 19, 1), organ(lps, 2, 24, 18, 1));
        assertThat(b).isEqualTo(a);
    }

    @Test
    void sliceIsCutAcrossTheThickSlices() {
        assertThat(Plane.axisFor(new Spacing(1, 1, 1))).isZero();
        assertThat(Plane.axisFor(new Spacing(1, 1.2, 1))).isZero();
        assertThat(Plane.axisFor(new Spacing(1, 4, 1))).isEqualTo(1);
        assertThat(Plane.axisFor(new Spacing(1, 1, 3))).isEqualTo(2);
    }

    @Test
    void withoutReferenceTheSliceIsThePredictionsAndWithoutBothTheMiddle() {
        Grid grid = Grid.of(SHAPE, SPACING);
        Labels none = new Labels(grid, new byte[SHAPE.arrayLength()]);
        assertThat(picture(image(grid, false), none, organ(grid, 3, 5, 5, 1)).slice())
                .isEqualTo(3);
        CasePicture empty = picture(image(grid, false), none, none);
        assertThat(empty.slice()).isEqualTo(2);
        assertThat(empty.rows()).isEqualTo(50);
        assertThat(empty.reference()).isEmpty();
    }

    @Test
    void eachClassHasItsOutline() {
        Grid grid = Grid.of(SHAPE, SPACING);
        byte[] classes = new byte[SHAPE.arrayLength()];
        classes[SHAPE.index(2, 25, 20)] = 1;
        classes[SHAPE.index(2, 25, 22)] = 7;
        CasePicture picture = picture(image(grid, false), new Labels(grid, classes), organ(grid, 0, 1, 1, 1));
        assertThat(picture.reference()).containsOnlyKeys(1, 7);
        assertThat(picture.outlines().get(0).paths())
                .as("nothing in this slice")
                .isEmpty();
    }

    @Test
    void valuesOutsideTheWindowAreBlackOrWhiteAndNoNumberIsBlack() throws Exception {
        Grid grid = Grid.of(new Shape(1, 1, 4), new Spacing(1, 1, 1));
        Volume image = Volume.of(grid, new float[] {Float.NaN, -1000, 40, 3000});
        Labels none = new Labels(grid, new byte[4]);
        CasePicture picture = CasePicture.of(
                "ct", "the case", image, Optional.of(CasePicture.GreyWindow.SOFT_TISSUE_HU), none, List.of());
        BufferedImage shown = read(picture);
        int[] leftToRight = new int[4];
        for (int x = 0; x < 4; x++) {
            leftToRight[x] = shown.getRaster().getSample(x, 0, 0);
        }
        assertThat(leftToRight).containsExactly(255, 128, 0, 0);
    }
}
