package org.unet4j.export;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * An exported network in ONNX Runtime. One thread at a time may use it, and it must be closed.
 *
 * <p>It knows nothing of libtorch: images and logits are buffers outside of Java's heap, which ONNX Runtime reads and writes where
 * they are.
 */
public final class OnnxNetwork implements AutoCloseable {

    private final Path file;
    private final OrtSession session;
    private final Map<String, String> metadata;
    private final int channels;
    private final int classes;
    private boolean closed;

    private OnnxNetwork(Path file, OrtSession session, Map<String, String> metadata, int channels, int classes) {
        this.file = file;
        this.session = session;
        this.metadata = metadata;
        this.channels = channels;
        this.classes = classes;
    }

    /**
     * Returns the network that {@code file} holds, for {@code threads} threads of the processor.
     *
     * @throws IOException if it cannot be read, or is no network with one image and one output of logits
     */
    public static OnnxNetwork open(Path file, int threads) throws IOException {
        return open(file, threads, OnnxDevice.CPU);
    }

    /**
     * Returns the network that {@code file} holds, for {@code device} and {@code threads} threads of the processor. Of the devices
     * only the processor was ever tried.
     *
     * @throws IllegalArgumentException if this build of ONNX Runtime does not know the device
     * @throws IOException if it cannot be read, or is no network with one image and one output of logits, or there is no such device
     */
    public static OnnxNetwork open(Path file, int threads, OnnxDevice device) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        device.requireBuilt();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            // Threads that wait would else spin, and take the processor from whatever else works.
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL); // What fails is thrown.
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            choose(device, options);
            OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString(), options);
            return of(file, session);
        } catch (OrtException e) {
            throw new IOException("[" + file + "] is no model that ONNX Runtime can run: " + e.getMessage(), e);
        }
    }

    private static void choose(OnnxDevice device, OrtSession.SessionOptions options) throws IOException {
        try {
            device.choose(options);
        } catch (OrtException e) {
            throw new IOException(
                    device
                            + " cannot be used here, which needs an NVIDIA card, its driver and the libraries that"
                            + " ONNX Runtime was built for: " + e.getMessage(),
                    e);
        }
    }

    /** Returns the version of ONNX Runtime. */
    public static String version() {
        OnnxNatives.provide();
        return OrtEnvironment.getEnvironment().getVersion();
    }

    private static OnnxNetwork of(Path file, OrtSession session) throws OrtException, IOException {
        try {
            if (!session.getInputNames().contains(OnnxGraph.IMAGE)
                    || !session.getOutputNames().contains(OnnxGraph.LOGITS)) {
                throw new IOException("[" + file + "] takes " + session.getInputNames() + " and gives "
                        + session.getOutputNames() + ", not an image and logits: it was not written by unet4j export");
            }
            return new OnnxNetwork(
                    file,
                    session,
                    session.getMetadata().getCustomMetadata(),
                    features(session.getInputInfo().get(OnnxGraph.IMAGE)),
                    features(session.getOutputInfo().get(OnnxGraph.LOGITS)));
        } catch (OrtException | IOException e) {
            session.close();
            throw e;
        }
    }

    private static int features(NodeInfo value) {
        return Math.toIntExact(((TensorInfo) value.getInfo()).getShape()[1]);
    }

    /** Returns the texts that go with the network; see {@link Metadata}. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** Returns how many channels its images have. */
    public int channels() {
        return channels;
    }

    /** Returns how many classes it tells apart. */
    public int classes() {
        return classes;
    }

    /** Returns room for {@code length} numbers outside of the heap, as {@link #run} takes it. */
    public static FloatBuffer buffer(long length) {
        return ByteBuffer.allocateDirect(Math.toIntExact(Math.multiplyExact(length, Float.BYTES)))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    /**
     * Sets {@code logits} (N, classes, D, H, W) to what the network says of {@code image} (N, channels, D, H, W).
     *
     * @param shape of the image
     * @throws IllegalArgumentException if a buffer is not as large as its shape, or lies on Java's heap
     * @throws IllegalStateException if ONNX Runtime cannot compute it
     */
    public void run(FloatBuffer image, long[] shape, FloatBuffer logits) {
        long[] shapeOfLogits = shape.clone();
        shapeOfLogits[1] = classes;
        requireFit(image, shape);
        requireFit(logits, shapeOfLogits);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OnnxTensor in = OnnxTensor.createTensor(environment, image, shape);
                OnnxTensor out = OnnxTensor.createTensor(environment, logits, shapeOfLogits)) {
            session.run(Map.of(OnnxGraph.IMAGE, in), Map.of(OnnxGraph.LOGITS, out))
                    .close();
        } catch (OrtException e) {
            throw new IllegalStateException("[" + file + "] ONNX Runtime failed: " + e.getMessage(), e);
        }
    }

    /**
     * Returns the single numbers that the network gives beside the logits, by their names.
     *
     * @param image (1, channels, D, H, W), as {@link #run} takes it
     */
    Map<String, Float> numbers(FloatBuffer image, long[] shape) {
        requireFit(image, shape);
        Set<String> names = new TreeSet<>(session.getOutputNames());
        names.remove(OnnxGraph.LOGITS);
        Map<String, Float> numbers = new HashMap<>();
        try (OnnxTensor in = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), image, shape);
                OrtSession.Result result = session.run(Map.of(OnnxGraph.IMAGE, in), names)) {
            for (Map.Entry<String, OnnxValue> number : result) {
                numbers.put(number.getKey(), (Float) number.getValue().getValue());
            }
            return numbers;
        } catch (OrtException e) {
            throw new IllegalStateException("[" + file + "] ONNX Runtime failed: " + e.getMessage(), e);
        }
    }

    private static void requireFit(FloatBuffer buffer, long[] shape) {
        long length = 1;
        for (long size : shape) {
            length *= size;
        }
        if (!buffer.isDirect() || buffer.remaining() != length) {
            throw new IllegalArgumentException(
                    "a buffer outside of the heap with " + length + " numbers is needed; given "
                            + (buffer.isDirect() ? "" : "one on the heap with ") + buffer.remaining());
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("[" + file + "] could not be closed: " + e.getMessage(), e);
        }
    }
}
