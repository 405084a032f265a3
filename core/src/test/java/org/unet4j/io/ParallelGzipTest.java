package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ParallelGzipTest {

    private static final int PART = 1 << 19;
    private static final int HEADER_BYTES = 10;
    private static final int TRAILER_BYTES = 8;

    /** The JDK's reader checks the checksum and the length. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, PART - 1, PART, PART + 1, 2 * PART, 20 * PART + 17})
    void anotherReaderGetsTheSameBytes(int length) throws IOException {
        byte[] bytes = bytes(length);
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzipped(bytes, 77_777)))) {
            assertThat(in.readAllBytes()).isEqualTo(bytes);
        }
    }

    /** A reader that stops after the first member, or knows raw deflate only, finds everything in it. */
    @Test
    void allIsInOneMember() throws Exception {
        byte[] bytes = bytes(5 * PART);
        byte[] gzip = gzipped(bytes, PART);
        Inflater inflater = new Inflater(true);
        inflater.setInput(gzip, HEADER_BYTES, gzip.length - HEADER_BYTES);
        byte[] inflated = new byte[bytes.length + 1];
        int count = inflater.inflate(inflated);
        assertThat(count).isEqualTo(bytes.length);
        assertThat(inflater.finished()).isTrue();
        assertThat(inflater.getRemaining()).isEqualTo(TRAILER_BYTES);
        inflater.end();
    }

    @Test
    void upToOnePartItIsWhatTheJdkWrites() throws IOException {
        byte[] bytes = bytes(PART);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(expected) {
            {
                def.setLevel(Deflater.BEST_SPEED);
            }
        }) {
            gzip.write(bytes);
        }
        assertThat(gzipped(bytes, PART)).isEqualTo(expected.toByteArray());
    }

    /** Parts know the end of those before: without it, the repetition of 20 kB of noise could not be seen across them. */
    @Test
    void partsCostLittle() throws IOException {
        byte[] noise = new byte[20_000];
        new SplittableRandom(2).nextBytes(noise);
        byte[] bytes = new byte[4 * PART];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = noise[i % noise.length];
        }
        ByteArrayOutputStream serial = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(serial) {
            {
                def.setLevel(Deflater.BEST_SPEED);
            }
        }) {
            gzip.write(bytes);
        }
        assertThat(gzipped(bytes, PART).length).isLessThan(serial.size() + 4 * noise.length / 2);
    }

    @Test
    void bytesOneByOneAreTheSame() throws IOException {
        byte[] bytes = bytes(10_000);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ParallelGzip gzip = new ParallelGzip(out, Deflater.BEST_SPEED);
        for (byte one : bytes) {
            gzip.write(one); // Half of them below 0, of which the lowest eight bits count.
        }
        gzip.finish();
        assertThat(out.toByteArray()).isEqualTo(gzipped(bytes, 77));
    }

    /** A disk that is full after so many bytes. */
    private static OutputStream full(int room) {
        return new OutputStream() {
            private int left = room;

            @Override
            public void write(int value) throws IOException {
                if (left-- == 0) {
                    throw new IOException("no space left");
                }
            }
        };
    }

    /** Parts are written while others are deflated; of noise, more than any machine holds at once. */
    @Test
    void aSinkThatFailsIsToldWhileWriting() throws IOException {
        ParallelGzip gzip = new ParallelGzip(full(PART / 2), Deflater.BEST_SPEED);
        byte[] part = bytes(PART);
        int most = 4 * (ForkJoinPool.getCommonPoolParallelism() + 2);
        assertThatIOException()
                .isThrownBy(() -> {
                    for (int i = 0; i < most; i++) {
                        gzip.write(part);
                    }
                })
                .withMessage("no space left");
    }

    @ParameterizedTest
    @ValueSource(ints = {HEADER_BYTES, PART / 4})
    void aSinkThatFailsIsToldWhenFinishing(int room) throws IOException {
        ParallelGzip gzip = new ParallelGzip(full(room), Deflater.BEST_SPEED);
        gzip.write(bytes(PART));
        assertThatIOException().isThrownBy(gzip::finish).withMessage("no space left");
    }

    private static byte[] gzipped(byte[] bytes, int chunk) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ParallelGzip gzip = new ParallelGzip(out, Deflater.BEST_SPEED);
        for (int at = 0; at < bytes.length; at += chunk) {
            gzip.write(bytes, at, Math.min(chunk, bytes.length - at));
        }
        gzip.finish();
        return out.toByteArray();
    }

    /** Half noise, half runs. */
    private static byte[] bytes(int length) {
        SplittableRandom random = new SplittableRandom(1);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = i / 5000 % 2 == 0 ? (byte) random.nextInt() : (byte) (i / 50_000);
        }
        return bytes;
    }
}
