package org.unet4j.model;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.unet4j.io.AtomicFile;
import org.unet4j.model.SafetensorsHeader.Entry;
import org.unet4j.torch.Device;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;

/**
 * Tensors by name in a file that Python's safetensors reads too: 8 bytes for the header's length, the header in JSON, the
 * values as they lie in memory, little-endian. Nothing in it is ever executed.
 */
public final class Safetensors {

    /** The format's own limit. */
    private static final long MAX_HEADER_BYTES = 100_000_000;

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
        byte[] header = new SafetensorsHeader(entries, new TreeMap<>(metadata)).toBytes();
        AtomicFile.write(file, out -> {
            out.write(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(header.length)
                    .array());
            out.write(header);
            for (Tensor tensor : tensors.values()) {
                write(tensor, out);
            }
        });
    }

    /**
     * Returns the tensors of {@code file}, on the processor, by name. They belong to the open scope.
     *
     * @throws IOException if the file cannot be read, or its header does not fit its bytes; nothing is allocated before that
     *     is known
     */
    public static SortedMap<String, Tensor> read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            SortedMap<String, Tensor> tensors = new TreeMap<>();
            for (Entry entry : header(file, channel).entries()) {
                Tensor tensor = Tensors.empty(entry.sizes(), entry.scalarType(), Device.cpu(), false);
                if (tensor.numel() > 0) {
                    fill(Tensors.memory(tensor), channel, file);
                }
                tensors.put(entry.name(), tensor);
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
            return header(file, channel).metadata();
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

    private static void write(Tensor tensor, OutputStream out) throws IOException {
        if (tensor.numel() == 0) {
            return;
        }
        try (Scope scope = new Scope()) {
            Tensor values = Tensors.to(tensor.detach(), Device.cpu(), tensor.scalar_type())
                    .contiguous();
            Channels.newChannel(out).write(Tensors.memory(values));
        }
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
