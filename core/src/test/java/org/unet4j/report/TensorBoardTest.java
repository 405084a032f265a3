package org.unet4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
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

    @Test
    void aHistogramIsTheFieldsOfHistogramProto() throws IOException {
        try (TensorBoard board = TensorBoard.open(folder, 0, CLOCK)) {
            board.histogram("dice", 9, new double[] {0.75, 0.72, 0.9, 0.76});
        }
        EventFile.Value value = EventFile.values(folder).get(0);
        assertThat(value.step()).isEqualTo(9);
        assertThat(value.tag()).isEqualTo("dice");
        var histogram = value.message(5);
        assertThat(EventFile.only(histogram, 1)).isEqualTo(0.72);
        assertThat(EventFile.only(histogram, 2)).isEqualTo(0.9);
        assertThat(EventFile.only(histogram, 3)).isEqualTo(4.0);
        assertThat((Double) EventFile.only(histogram, 4)).isCloseTo(3.13, within(1e-12));
        assertThat((Double) EventFile.only(histogram, 5))
                .isCloseTo(0.75 * 0.75 + 0.72 * 0.72 + 0.9 * 0.9 + 0.76 * 0.76, within(1e-12));
        assertThat(EventFile.doubles(EventFile.only(histogram, 6))).containsExactly(0.75, 0.8, 0.85, 0.9);
        assertThat(EventFile.doubles(EventFile.only(histogram, 7))).containsExactly(2, 1, 0, 1);
    }

    @Test
    void theEndsOfTheRangeAreInItsOuterBuckets() throws IOException {
        try (TensorBoard board = TensorBoard.open(folder, 0, CLOCK)) {
            board.histogram("dice", 1, new double[] {0, 1});
        }
        var histogram = EventFile.values(folder).get(0).message(5);
        double[] counts = EventFile.doubles(EventFile.only(histogram, 7));
        assertThat(counts).hasSize(20);
        assertThat(counts[0]).isEqualTo(1);
        assertThat(counts[19]).isEqualTo(1);
        assertThat(EventFile.doubles(EventFile.only(histogram, 6))).endsWith(1);
    }

    @Test
    void aHistogramOfWhatIsNoShareIsRefused() throws IOException {
        try (TensorBoard board = TensorBoard.open(folder, 0, CLOCK)) {
            for (double wrong : new double[] {-0.1, 1.1, Double.NaN}) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> board.histogram("dice", 1, new double[] {0.5, wrong}))
                        .withMessageContaining("in [0, 1]");
            }
            assertThatIllegalArgumentException().isThrownBy(() -> board.histogram("dice", 1, new double[0]));
        }
    }

    @Test
    void anImageIsTheFieldsOfSummaryImage() throws IOException {
        SlicePicture picture = new SlicePicture(3, 200, new byte[] {1, 2, 3});
        try (TensorBoard board = TensorBoard.open(folder, 0, CLOCK)) {
            board.image("slice/ct", 2, picture);
        }
        var image = EventFile.values(folder).get(0).message(4);
        assertThat(EventFile.only(image, 1)).isEqualTo(200L);
        assertThat(EventFile.only(image, 2)).isEqualTo(3L);
        assertThat(EventFile.only(image, 3)).isEqualTo(3L);
        assertThat((byte[]) EventFile.only(image, 4)).isEqualTo(picture.png());
    }

    /** Returns the payloads of a file with one scalar, every length and checksum being right. */
    private List<byte[]> write(String tag, long step, double value) throws IOException {
        Path file;
        try (TensorBoard board = TensorBoard.open(folder, 5, CLOCK)) {
            board.scalar(tag, step, value);
            file = board.file();
        }
        return EventFile.records(file);
    }
}
