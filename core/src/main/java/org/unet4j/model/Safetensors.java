package org.unet4j.model;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.bytedeco.pytorch.Tensor;
import org.unet4j.io.AtomicFile;
import org.unet4j.model.SafetensorsHeader.Entry;
import org.unet4j.torch.Device;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;

/**
 * Tensors by name in a file that Python's safetensors reads too: 8 bytes for the header's length, the header in JSON, the
 * values as they lie in memory, little-endian. Nothing in it is ever executed.
 *
 * <p>The format has no checksum; ours is that of all values, CRC-32C, as eight hexadecimal digits under {@code crc32c} in the
 * metadata, which other readers pass over. Files without it are read as well.
 */
public final class Safetensors {

    /** The format's own limit. */
    private static final long MAX_HEADER_BYTES = 100_000_000;

    private static final String CHECKSUM = "crc32c";

    private Safetensors() {}

    /**
     * Writes {@code tensors}, wherever they live, and {@code metadata}. The file appears whole or not at all.
     *
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, SortedMap<String, Tensor> tensors, Map<String, String> metadata)
            throws IOException {
        List<Entry> entries = new ArrayList<>();
        long at = 0;
        for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
            entries.add(entry(tensor.getKey(), tensor.getValue(), at));
            at = entries.get(entries.size() - 1).end();
        }
        SortedMap<String, String> texts = new TreeMap<>(metadata);
        try (Scope scope = new Scope()) {
            List<ByteBuffer> values =
                    tensors.values().stream().map(Safetensors::values).toList();
            CRC32C checksum = new CRC32C();
            values.forEach(bytes -> checksum.update(bytes.duplicate()));
            texts.put(CHECKSUM, hex(checksum));
            byte[] header = new SafetensorsHeader(entries, texts).toBytes();
            AtomicFile.write(file, out -> {
                out.write(ByteBuffer.allocate(Long.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(header.length)
                        .array());
                out.write(header);
                WritableByteChannel channel = Channels.newChannel(out);
                for (ByteBuffer bytes : values) {
                    channel.write(bytes);
                }
            });
        }
    }

    /**
     * Returns the tensors of {@code file}, on the processor, by name. They belong to the open scope.
     *
     * @throws IOException if the file cannot be read, its header does not fit its bytes (nothing is allocated before that is
     *     known), or its values are not those that were written
     */
    public static SortedMap<String, Tensor> read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            SortedMap<String, Tensor> tensors = new TreeMap<>();
            SafetensorsHeader header = header(file, channel);
            CRC32C checksum = new CRC32C();
            for (Entry entry : header.entries()) {
                Tensor tensor = Tensors.empty(entry.sizes(), entry.scalarType(), Device.cpu(), false);
                if (tensor.numel() > 0) {
                    ByteBuffer memory = Tensors.memory(tensor);
                    fill(memory, channel, file);
                    checksum.update(memory.flip());
                }
                tensors.put(entry.name(), tensor);
            }
            String written = header.metadata().getOrDefault(CHECKSUM, hex(checksum));
            if (!written.equals(hex(checksum))) {
                throw new IOException(
                        "[" + file.getFileName() + "] is damaged: its values have the checksum " + hex(checksum)
                                + ", those that were written had " + written + "; copy it anew from where it was made");
            }
            return tensors;
        }
    }

    /**
     * Returns the texts that were written beside the tensors.
     *
     * @throws IOException as {@link #read}
     */
    public static SortedMap<String, String> metadata(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            SortedMap<String, String> texts =
                    new TreeMap<>(header(file, channel).metadata());
            texts.remove(CHECKSUM);
            return texts;
        }
    }

    private static Entry entry(String name, Tensor tensor, long at) {
        String type = SafetensorsHeader.nameOf(tensor.scalar_type())
                .orElseThrow(() -> new IllegalArgumentException("tensor '" + name + "' has type " + tensor.scalar_type()
                        + ", which safetensors has no name for"));
        List<Long> shape = new ArrayList<>();
        for (long size : Tensors.shape(tensor)) {
            shape.add(size);
        }
        return new Entry(name, type, List.copyOf(shape), at, at + tensor.nbytes());
    }

    /** Returns the values of a tensor as they stand in the file; they belong to the open scope. */
    private static ByteBuffer values(Tensor tensor) {
        if (tensor.numel() == 0) {
            return ByteBuffer.allocate(0);
        }
        return Tensors.memory(
                Tensors.to(tensor.detach(), Device.cpu(), tensor.scalar_type()).contiguous());
    }

    private static String hex(CRC32C checksum) {
        return "%08x".formatted(checksum.getValue());
    }

    private static SafetensorsHeader header(Path file, FileChannel channel) throws IOException {
        String name = String.valueOf(file.getFileName());
        long size = channel.size();
        if (size < Long.BYTES) {
            throw new IOException("[" + name + "] offset 0: " + size + " bytes are too few for a safetensors file");
        }
        ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        fill(length, channel, file);
        long bytes = length.getLong(0);
        if (bytes < 2 || bytes > Math.min(MAX_HEADER_BYTES, size - Long.BYTES)) {
            throw new IOException("[" + name + "] offset 0: a header of " + Long.toUnsignedString(bytes)
                    + " bytes does not fit a file of " + size + ": no safetensors file, or damaged");
        }
        ByteBuffer json = ByteBuffer.allocate((int) bytes);
        fill(json, channel, file);
        return SafetensorsHeader.parse(name, json.array(), size - Long.BYTES - bytes);
    }

    private static void fill(ByteBuffer target, FileChannel channel, Path file) throws IOException {
        while (target.hasRemaining()) {
            if (channel.read(target) < 0) {
                throw new EOFException("[" + file.getFileName() + "] ends at offset " + channel.position()
                        + " while it is being read");
            }
        }
    }
}
