package org.unet4j.report;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** An 8-bit grey image as PNG (W3C, third edition), without AWT: a server may have none. */
final class Png {

    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    private Png() {}

    /** Returns the file's bytes; {@code grey} holds one unsigned byte a pixel, row by row from the top. */
    static byte[] encode(byte[] grey, int width, int height) {
        if (width < 1 || height < 1 || grey.length != width * height) {
            throw new IllegalArgumentException(
                    "an image of " + width + " x " + height + " needs as many pixels, given " + grey.length);
        }
        ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
        header.put(new byte[] {8, 0, 0, 0, 0}); // 8 bits, grey, deflate, filters by row, not interlaced
        byte[] rows = new byte[height * (width + 1)];
        for (int y = 0; y < height; y++) {
            int at = y * (width + 1);
            rows[at] = 1; // filter "sub": the difference to the pixel on the left
            for (int x = 0; x < width; x++) {
                int left = x == 0 ? 0 : grey[y * width + x - 1];
                rows[at + 1 + x] = (byte) (grey[y * width + x] - left);
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
