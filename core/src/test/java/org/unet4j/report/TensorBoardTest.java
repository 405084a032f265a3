package org.unet4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000));

    @TempDir
    Path folder;

    @Test
    void aScalarIsOneRecordOfTheDocumentedBytes() throws IOException {
        List<byte[]> records = write("loss", 300, 0.5);
        assertThat(records).hasSize(3);
        assertThat(HexFormat.of().formatHex(records.get(2)))
                .startsWith("09") // field 1, fixed64: the time, compared below
                // field 2 varint 300; field 5 { field 1 { field 1 "loss", field 2 float 0.5 } }
                .endsWith("10ac02" + "2a0d" + "0a0b" + "0a04" + "6c6f7373" + "150000003f");
        assertThat(ByteBuffer.wrap(records.get(2), 1, 8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getDouble())
                .isEqualTo(1.7e9);
    }

    @Test
    void theFileNamesItsVersionAndWhereItStarts() throws IOException {
        List<byte[]> records = write("loss", 7, 1);
        assertThat(new String(records.get(0), StandardCharsets.ISO_8859_1)).endsWith("brain.Event:2");
        assertThat(HexFormat.of().formatHex(records.get(1))).endsWith("1005" + "3a02" + "0801");
    }

    @Test
    void twoFilesOfOneSecondGetTwoNames() throws IOException {
        try (TensorBoard first = TensorBoard.open(folder, 0, CLOCK);
                TensorBoard second = TensorBoard.open(folder, 0, CLOCK)) {
            assertThat(first.file()).isNotEqualTo(second.file()).exists();
            assertThat(second.file()).exists();
        }
    }

    /** Returns the payloads of a file with one scalar, every length and checksum being right. */
    private List<byte[]> write(String tag, long step, double value) throws IOException {
        Path file;
        try (TensorBoard board = TensorBoard.open(folder, 5, CLOCK)) {
            board.scalar(tag, step, value);
            file = board.file();
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<byte[]> records = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte[] length = new byte[8];
            bytes.get(length);
            assertThat(bytes.getInt()).isEqualTo(masked(length));
            byte[] data = new byte
                    [Math.toIntExact(ByteBuffer.wrap(length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong())];
            bytes.get(data);
            assertThat(bytes.getInt()).isEqualTo(masked(data));
            records.add(data);
        }
        return records;
    }

    private static int masked(byte[] data) {
        CRC32C crc = new CRC32C();
        crc.update(data);
        long value = crc.getValue();
        return (int) (((value >>> 15) | (value << 17)) + 0xa282ead8L);
    }
}
