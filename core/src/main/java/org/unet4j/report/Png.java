package org.unet4j.report;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** An 8-bit image, grey or in colour, as PNG (W3C, third edition), without AWT: a server may have none. */
final class Png {

    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    private static final byte GREY = 0;
    private static final byte RGB = 2;

    private Png() {}

    /** Returns the file's bytes; {@code grey} holds one unsigned byte a pixel, row by row from the top. */
    static byte[] encode(byte[] grey, int width, int height) {
        return encode(grey, width, height, 1, GREY);
    }

    /** Returns the file's bytes; {@code rgb} holds red, green and blue of each pixel, row by row from the top. */
    static byte[] encodeRgb(byte[] rgb, int width, int height) {
        return encode(rgb, width, height, 3, RGB);
    }

    private static byte[] encode(byte[] samples, int width, int height, int perPixel, byte colourType) {
        if (width < 1 || height < 1 || samples.length != width * height * perPixel) {
            throw new IllegalArgumentException("an image of " + width + " x " + height + " needs as many pixels of "
                    + perPixel + ", given " + samples.length);
        }
        ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
        header.put(new byte[] {8, colourType, 0, 0, 0}); // 8 bits a sample, deflate, filters by row, not interlaced
        int rowBytes = width * perPixel;
        byte[] rows = new byte[height * (rowBytes + 1)];
        for (int y = 0; y < height; y++) {
            int at = y * (rowBytes + 1);
            rows[at] = 1; // filter "sub": the difference to the pixel on the left
            for (int x = 0; x < rowBytes; x++) {
                int left = x < perPixel ? 0 : samples[y * rowBytes + x - perPixel];
                rows[at + 1 + x] = (byte) (samples[y * rowBytes + x] - left);
            }
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.writeBytes(SIGNATURE);
        chunk(png, "IHDR", header.array());
        chunk(png, "IDAT", deflate(rows));
        chunk(png, "IEND", new byte[0]);
        return png.toByteArray();
    }

    /** Returns the image as an address that holds it. */
    static String dataUri(byte[] grey, int width, int height) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(encode(grey, width, height));
    }

    private static byte[] deflate(byte[] bytes) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        try {
            deflater.setInput(bytes);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[1 << 14];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    private static void chunk(ByteArrayOutputStream png, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        png.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        png.writeBytes(name);
        png.writeBytes(data);
        png.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
