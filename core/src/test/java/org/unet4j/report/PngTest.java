package org.unet4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PngTest {

    @ParameterizedTest
    @CsvSource({"1, 1", "7, 3", "3, 7", "300, 200"})
    void theJdkReadsEveryPixelBack(int width, int height) throws Exception {
        byte[] grey = new byte[width * height];
        new Random(5).nextBytes(grey);
        BufferedImage read = ImageIO.read(new ByteArrayInputStream(Png.encode(grey, width, height)));
        assertThat(read.getWidth()).isEqualTo(width);
        assertThat(read.getHeight()).isEqualTo(height);
        for (int i = 0; i < grey.length; i++) {
            assertThat(read.getRaster().getSample(i % width, i / width, 0)).isEqualTo(grey[i] & 0xff);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "7, 3", "3, 7", "300, 200"})
    void theJdkReadsEveryColourBack(int width, int height) throws Exception {
        byte[] rgb = new byte[3 * width * height];
        new Random(6).nextBytes(rgb);
        BufferedImage read = ImageIO.read(new ByteArrayInputStream(Png.encodeRgb(rgb, width, height)));
        for (int i = 0; i < rgb.length; i++) {
            int pixel = i / 3;
            int channel = (read.getRGB(pixel % width, pixel / width) >> (8 * (2 - i % 3))) & 0xff;
            assertThat(channel).isEqualTo(rgb[i] & 0xff);
        }
    }

    @Test
    void pixelsThatDoNotFitAreRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Png.encode(new byte[5], 2, 3))
                .withMessageContaining("2 x 3")
                .withMessageContaining("given 5");
    }
}
