package org.unet4j.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.unet4j.export.OnnxModel.Constant;
import org.unet4j.export.OnnxProto.Place;
import org.unet4j.io.AtomicFile;

/** ONNX models on the disk. */
final class OnnxFile {

    /** A protocol buffer message may have 2 GiB at most; the rest of a model is far smaller than the difference. */
    static final long MOST_INSIDE = 2_000_000_000L;

    /** Smaller constants stay inside: others need some of them to tell shapes before they read weights (as ONNX's own tools do). */
    private static final int LEAST_OUTSIDE = 1024;

    /** A constant outside starts at a multiple of a memory page, so that readers may map it. */
    private static final int PAGE = 4096;

    private OnnxFile() {}

    /** Returns the file beside {@code onnx} that holds its weights where they are not inside. */
    static Path weights(Path onnx) {
        return onnx.resolveSibling(onnx.getFileName() + ".weights");
    }

    /**
     * Writes {@code model}; a file appears whole or not at all, and replaces one of its name.
     *
     * @param version of unet4j
     * @param mostInside how many bytes of constants may be inside; if there are more, all but the smallest lie in the
     *     file {@link #weights}
     * @return the files: the model, then its weights if they are not inside
     */
    static List<Path> write(Path onnx, OnnxModel model, String version, long mostInside) throws IOException {
        long bytes = model.constants().stream()
                .mapToLong(constant -> constant.values().remaining())
                .sum();
        List<Path> files = new ArrayList<>(List.of(onnx));
        Map<String, Place> places = new HashMap<>();
        if (bytes > mostInside) {
            files.add(weights(onnx));
            List<Constant> large = model.constants().stream()
                    .filter(constant -> constant.values().remaining() >= LEAST_OUTSIDE)
                    .toList();
            places.putAll(writeWeights(weights(onnx), large));
        }
        Protobuf proto = OnnxProto.model(model, version, places);
        AtomicFile.write(onnx, proto::writeTo);
        return List.copyOf(files);
    }

    private static Map<String, Place> writeWeights(Path file, List<Constant> constants) throws IOException {
        Map<String, Place> places = new HashMap<>();
        AtomicFile.write(file, out -> {
            WritableByteChannel channel = Channels.newChannel(out);
            long at = 0;
            for (Constant constant : constants) {
                int gap = (int) ((PAGE - at % PAGE) % PAGE);
                channel.write(ByteBuffer.allocate(gap));
                long length = constant.values().remaining();
                places.put(constant.name(), new Place(file.getFileName(), at + gap, length));
                channel.write(constant.values().duplicate());
                at += gap + length;
            }
        });
        return places;
    }
}
