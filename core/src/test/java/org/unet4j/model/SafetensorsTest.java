package org.unet4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.unet4j.Golden;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;

class SafetensorsTest {

    private final Scope scope = new Scope();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        scope.close();
    }

    private Path file() {
        return folder.resolve("a.safetensors");
    }

    @ParameterizedTest
    @EnumSource(
            value = ScalarType.class,
            names = {"Double", "Float", "Half", "BFloat16", "Long", "Int", "Short", "Char", "Byte", "Bool"})
    void everyTypeComesBackAsItWent(ScalarType type) throws IOException {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        tensors.put("grid", Tensors.of(new float[] {0, 1, 2, 3, 100, 7}, 2, 3).to(type));
        tensors.put("none", Tensors.of(new float[0], 0, 4).to(type));
        tensors.put("number", Tensors.of(new float[] {5}, 1).squeeze().to(type));
        Safetensors.write(file(), tensors, Map.of("by", "unet4j ü"));
        SortedMap<String, Tensor> read = Safetensors.read(file());
        assertThat(read.keySet()).isEqualTo(tensors.keySet());
        tensors.forEach((name, tensor) -> {
            assertThat(read.get(name).scalar_type().intern()).isEqualTo(type);
            assertThat(Tensors.shape(read.get(name))).isEqualTo(Tensors.shape(tensor));
            assertThat(Tensors.toFloats(read.get(name))).isEqualTo(Tensors.toFloats(tensor));
        });
        assertThat(Safetensors.metadata(file())).isEqualTo(Map.of("by", "unet4j ü"));
    }

    @Test
    void otherLayoutsAreWrittenInRowMajorOrder() throws IOException {
        Tensor transposed = Tensors.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3).transpose(0, 1);
        Safetensors.write(file(), new TreeMap<>(Map.of("t", transposed)), Map.of());
        Tensor read = Safetensors.read(file()).get("t");
        assertThat(Tensors.shape(read)).containsExactly(3, 2);
        assertThat(Tensors.toFloats(read)).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(Safetensors.metadata(file())).isEmpty();
    }

    @Test
    void pythonsFileIsRead() throws IOException {
        Path python = Golden.path("python.safetensors");
        SortedMap<String, Tensor> read = Safetensors.read(python);
        assertThat(read.keySet()).containsExactly("a", "b.weight", "bf", "half", "mask", "scalar", "u");
        assertThat(Tensors.toFloats(read.get("b.weight"))).containsExactly(0, .25f, .5f, .75f, 1, 1.25f);
        assertThat(Tensors.toFloats(read.get("a"))).containsExactly(1, 2, -3);
        assertThat(Tensors.toFloats(read.get("half"))).containsExactly(.5f, -2);
        assertThat(Tensors.toFloats(read.get("bf"))).containsExactly(1.5f);
        assertThat(Tensors.toFloats(read.get("scalar"))).containsExactly(7);
        assertThat(Tensors.toFloats(read.get("mask"))).containsExactly(1, 0);
        assertThat(Tensors.toFloats(read.get("u"))).containsExactly(0, 255);
        assertThat(Safetensors.metadata(python)).isEqualTo(Map.of("made", "by safetensors 0.8.0 (Python)"));
    }

    @Test
    void aFileCutOffAnywhereIsRejected() throws IOException {
        byte[] whole = Files.readAllBytes(Golden.path("python.safetensors"));
        for (int length = 0; length < whole.length; length++) {
            Files.write(file(), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Safetensors.read(file()))
                    .as("%d bytes", length)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("[a.safetensors]");
        }
    }

    @Test
    void aValueThatChangedOnTheDiskIsNoticed() throws IOException {
        Safetensors.write(file(), new TreeMap<>(Map.of("t", Tensors.of(new float[] {1, 2, 3}, 3))), Map.of());
        byte[] whole = Files.readAllBytes(file());
        for (int back = 1; back <= 3 * Float.BYTES; back++) {
            byte[] damaged = whole.clone();
            damaged[whole.length - back] ^= 4;
            Files.write(file(), damaged);
            assertThatThrownBy(() -> Safetensors.read(file()))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("[a.safetensors] is damaged: its values have the checksum ");
        }
    }

    @Test
    void aFileWithBytesTooManyIsRejected() throws IOException {
        byte[] whole = Files.readAllBytes(Golden.path("python.safetensors"));
        Files.write(file(), Arrays.copyOf(whole, whole.length + 1));
        assertThatThrownBy(() -> Safetensors.read(file()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the tensors need");
    }

    /** Each bit of the header turned: an IOException, or the same bytes under another name; nothing else is thrown. */
    @Test
    void aDamagedHeaderNeverDoesHarm() throws IOException {
        byte[] whole = Files.readAllBytes(Golden.path("python.safetensors"));
        int end = Long.BYTES
                + (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
        int rejected = 0;
        for (int bit = 0; bit < 8 * end; bit++) {
            byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file(), damaged);
            try (Scope inner = new Scope()) {
                assertThat(Safetensors.read(file())).isNotEmpty();
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("[a.safetensors]");
                rejected++;
            }
        }
        assertThat(rejected).isGreaterThan(4 * end);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1]|must be a JSON object",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}|not valid JSON",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}|not valid JSON",
                "{'a':{'dtype':'C64','shape':[1],'data_offsets':[0,8]}}|tensor 'a' has type 'C64', which is not supported",
                "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}|tensor 'a' of shape [3] and type F32 needs 12 bytes; the header gives 8",
                "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}|tensor 'a' has no shape or offsets of whole numbers",
                "{'a':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}}|whole numbers",
                "{'a':{'dtype':'F32','shape':2,'data_offsets':[0,8]}}|whole numbers",
                "{'a':{'dtype':'F32','shape':[4611686018427387904,4],'data_offsets':[0,8]}}|tensor 'a' has the impossible shape",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}|expected a start and an end",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0]}}|expected a start and an end",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}|tensor 'a' starts at byte 4 of the data, expected 0",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}|tensor 'b' starts at byte 4",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}|the tensors need 4 bytes after the header, the file has 8",
                "{'a':{'dtype':'F32','shape':[250000000000],'data_offsets':[0,1000000000000]}}|the tensors need 1000000000000 bytes",
                "{'a':7}|tensor 'a' has type ''",
                "{}|the tensors need 0 bytes after the header, the file has 8"
            })
    void aLyingHeaderIsRejectedBeforeAnythingIsAllocated(String header, String reason) throws IOException {
        write(header.replace('\'', '"'), 8);
        assertThatThrownBy(() -> Safetensors.read(file()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("[a.safetensors]")
                .hasMessageContaining(reason);
    }

    @Test
    void aHeaderLongerThanTheFileIsRejected() throws IOException {
        for (long length : new long[] {9, 1, 0, -1, Long.MIN_VALUE, Long.MAX_VALUE, 200_000_000}) {
            Files.write(
                    file(),
                    ByteBuffer.allocate(16)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(length)
                            .array());
            assertThatThrownBy(() -> Safetensors.read(file()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("[a.safetensors] offset 0: a header of " + Long.toUnsignedString(length));
        }
    }

    @Test
    void aTypeWithoutNameIsRefused() {
        SortedMap<String, Tensor> tensors =
                new TreeMap<>(Map.of("c", Tensors.of(new float[1], 1).to(ScalarType.ComplexFloat)));
        assertThatThrownBy(() -> Safetensors.write(file(), tensors, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tensor 'c' has type ComplexFloat");
    }

    private void write(String header, int dataBytes) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        Files.write(
                file(),
                ByteBuffer.allocate(Long.BYTES + json.length + dataBytes)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(json.length)
                        .put(json)
                        .array());
    }
}
