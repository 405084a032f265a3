package org.unet4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

class SlicePictureTest {

    private static final Grid GRID = Grid.of(new Shape(2, 4, 4), new Spacing(1, 1, 1));

    /** Four voxels a side, each 48 pixels wide: slice 1, seen from the feet with the front up. */
    @Test
    void theReferenceIsFilledAndThePredictionOutlined() throws IOException {
        float[] voxels = new float[32];
        Arrays.fill(voxels, 16, 32, 100);
        voxels[16] = 0; // the grey window goes from 0 to 100
        byte[] truth = new byte[32];
        truth[GRID.shape().index(1, 3, 3)] = 1; // front, left of the patient: top left of the picture
        byte[] predicted = new byte[32];
        predicted[GRID.shape().index(1, 3, 2)] = 2;
        BufferedImage image =
                image(SlicePicture.of(Volume.of(GRID, voxels), new Labels(GRID, truth), new Labels(GRID, predicted)));
        assertThat(image.getWidth()).isEqualTo(192);
        assertThat(image.getHeight()).isEqualTo(192);
        assertThat(rgb(image, 24, 24)).as("white under the red of class 1").isEqualTo(0xffa6a6);
        assertThat(rgb(image, 48 + 24, 24)).as("inside the outline").isEqualTo(0xffffff);
        int outline = Preview.colour(2) & 0xffffff;
        assertThat(rgb(image, 48, 24)).isEqualTo(outline);
        assertThat(rgb(image, 95, 24)).isEqualTo(outline);
        assertThat(rgb(image, 72, 0)).isEqualTo(outline);
        assertThat(rgb(image, 72, 47)).isEqualTo(outline);
        assertThat(rgb(image, 96, 24)).isEqualTo(0xffffff);
        assertThat(rgb(image, 191, 191)).as("the black voxel: back, right").isZero();
    }

    @Test
    void theSliceIsTheSameWhateverIsPredicted() throws IOException {
        float[] voxels = new float[32];
        for (int i = 0; i < voxels.length; i++) {
            voxels[i] = i;
        }
        byte[] truth = new byte[32];
        truth[5] = 1;
        byte[] elsewhere = new byte[32];
        elsewhere[31] = 1;
        Volume scan = Volume.of(GRID, voxels);
        Labels reference = new Labels(GRID, truth);
        SlicePicture without = SlicePicture.of(scan, reference, new Labels(GRID, new byte[32]));
        SlicePicture with = SlicePicture.of(scan, reference, new Labels(GRID, elsewhere));
        assertThat(with.png()).isEqualTo(without.png());
    }

    @Test
    void pixelsAreSquareWhateverTheSpacingIs() throws IOException {
        Grid flat = Grid.of(new Shape(1, 10, 40), new Spacing(3, 2, 0.5));
        Labels none = new Labels(flat, new byte[400]);
        SlicePicture picture = SlicePicture.of(Volume.of(flat, new float[400]), none, none);
        assertThat(picture.width()).isEqualTo(192);
        assertThat(picture.height()).isEqualTo(192);
        BufferedImage image = image(picture);
        assertThat(image.getWidth()).isEqualTo(192);
        assertThat(rgb(image, 96, 96)).as("of one value, so black").isZero();
    }

    private static BufferedImage image(SlicePicture picture) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(picture.png()));
    }

    private static int rgb(BufferedImage image, int x, int y) {
        return image.getRGB(x, y) & 0xffffff;
    }
}
