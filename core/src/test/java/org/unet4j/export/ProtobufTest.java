package org.unet4j.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The bytes are those of the examples in protobuf's own description of its encoding (protobuf.dev). */
class ProtobufTest {

    private static String hex(Protobuf message) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        message.writeTo(out);
        assertThat(message.size()).isEqualTo(out.size());
        return HexFormat.of().formatHex(out.toByteArray());
    }

    @Test
    void anIntegerHasSevenBitsAByte() throws IOException {
        assertThat(hex(new Protobuf().integer(1, 150))).isEqualTo("089601");
        assertThat(hex(new Protobuf().integer(1, 0))).isEqualTo("0800");
        assertThat(hex(new Protobuf().integer(1, 127))).isEqualTo("087f");
        assertThat(hex(new Protobuf().integer(1, 128))).isEqualTo("088001");
    }

    @Test
    void aNegativeIntegerHasTenBytes() throws IOException {
        assertThat(hex(new Protobuf().integer(1, -2))).isEqualTo("08feffffffffffffffff01");
    }

    @Test
    void aTextHasItsLengthBeforeIt() throws IOException {
        assertThat(hex(new Protobuf().text(2, "testing"))).isEqualTo("120774657374696e67");
        assertThat(hex(new Protobuf().text(2, "µ"))).isEqualTo("1202c2b5");
    }

    @Test
    void aMessageInsideIsItsBytes() throws IOException {
        assertThat(hex(new Protobuf().message(3, new Protobuf().integer(1, 150))))
                .isEqualTo("1a03089601");
    }

    @Test
    void aFloatHasFourBytesAndATagAbove15Two() throws IOException {
        assertThat(hex(new Protobuf().real(2, 1))).isEqualTo("150000803f");
        assertThat(hex(new Protobuf().integer(20, 1))).isEqualTo("a00101");
    }

    @Test
    void bytesAreWrittenEachTime() throws IOException {
        Protobuf message = new Protobuf().bytes(9, ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThat(hex(message)).isEqualTo("4a03010203");
        assertThat(hex(message)).isEqualTo("4a03010203");
    }
}
