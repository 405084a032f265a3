package org.unet4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Volume;

class PreviewTest {

    /** Stored from the patient's right to the left (x reversed): 6 columns, 5 rows, 4 slices of 2 mm. */
    private static final Grid GRID = new Grid(new Shape(4, 5, 6), new Affine(-1, 0, 0, 5, 0, 1, 0, 0, 0, 0, 2, 0));

    private static BufferedImage picture(byte[] classes) throws IOException {
        float[] voxels = new float[120];
        for (int i = 0; i < voxels.length; i++) {
            voxels[i] = i % 6; // brighter to the patient's left
        }
        byte[] png = Preview.png(
                Volume.of(GRID, voxels), new Labels(GRID, classes), Optional.of(new CasePicture.GreyWindow(0, 5)));
        return ImageIO.read(new ByteArrayInputStream(png));
    }

    @Test
    void slicesLieSideBySideWithThePatientsRightAtTheLeft() throws IOException {
        BufferedImage picture = picture(new byte[120]);
        assertThat(picture.getWidth()).isEqualTo(6 + 6 + 5);
        assertThat(picture.getHeight()).isEqualTo(8); // 4 slices of 2 mm in pixels of 1 mm
        for (int x = 0; x < 6; x++) {
            int grey = 51 * x;
            assertThat(picture.getRGB(x, 4) & 0xffffff)
                    .as("axial, column %s", x)
                    .isEqualTo(grey << 16 | grey << 8 | grey);
            assertThat(picture.getRGB(6 + x, 0) & 0xffffff).as("coronal").isEqualTo(grey << 16 | grey << 8 | grey);
        }
    }

    @Test
    void theSliceWithMostLabelsIsShownAndOutlined() throws IOException {
        byte[] classes = new byte[120];
        for (int y = 1; y < 4; y++) {
            for (int x = 1; x < 5; x++) {
                classes[GRID.shape().index(3, y, x)] = 2;
            }
        }
        classes[GRID.shape().index(0, 0, 0)] = 1;
        BufferedImage picture = picture(classes);
        int colour = Preview.colour(2);
        // The axial picture is 5 high in 8: its first row is the second, the most anterior voxels, y 4.
        assertThat(picture.getRGB(1, 2)).isEqualTo(colour);
        assertThat(picture.getRGB(4, 4)).isEqualTo(colour);
        assertThat(picture.getRGB(2, 3)).as("inside, the scan shows").isNotEqualTo(colour);
        assertThat(picture.getRGB(0, 2)).as("outside").isNotEqualTo(colour);
        assertThat(Preview.colour(1)).isNotEqualTo(colour);
    }
}
