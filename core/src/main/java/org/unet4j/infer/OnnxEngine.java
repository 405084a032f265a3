package org.unet4j.infer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.unet4j.export.Metadata;
import org.unet4j.export.Onnx;
import org.unet4j.export.OnnxDevice;
import org.unet4j.export.OnnxNetwork;
import org.unet4j.export.TrainedNetwork;
import org.unet4j.io.FolderTree;
import org.unet4j.prep.Plan;
import org.unet4j.prep.TrainingRanges;
import org.unet4j.volume.Shape;

/**
 * Runs an exported network with ONNX Runtime, on the processor or a card; one batch at a time. Windows and logits stay where they are:
 * nothing is copied. It needs no libtorch.
 */
public final class OnnxEngine implements Engine {

    private final OnnxNetwork network;
    private final Plan plan;
    private final OnnxDevice device;
    private final Optional<Path> temporary;
    private FloatBuffer logits = OnnxNetwork.buffer(0);

    private OnnxEngine(OnnxNetwork network, Plan plan, OnnxDevice device, Optional<Path> temporary) {
        this.network = network;
        this.plan = plan;
        this.device = device;
        this.temporary = temporary;
    }

    /** Returns whether {@code model} is the name of an ONNX file. */
    public static boolean isOnnx(Path model) {
        return model.toString().endsWith(".onnx");
    }

    /**
     * Returns an engine of the network that {@code onnx} holds, with {@code threads} threads. Close it to free the weights.
     *
     * @throws IOException if it is no file of {@code unet4j export}, or damaged
     */
    public static OnnxEngine load(Path onnx, int threads) throws IOException {
        return load(onnx, threads, OnnxDevice.CPU);
    }

    /**
     * Returns an engine as {@link #load(Path, int)} does, on {@code device}.
     *
     * @throws IllegalArgumentException if this build of ONNX Runtime does not know the device
     */
    public static OnnxEngine load(Path onnx, int threads, OnnxDevice device) throws IOException {
        return load(onnx, threads, device, Optional.empty());
    }

    /**
     * Returns an engine of {@code trained}, which may be closed at once. The network is exported to a temporary folder, which
     * closing the engine deletes.
     *
     * @throws IOException if it cannot be written
     */
    public static OnnxEngine of(TrainedNetwork trained, int threads) throws IOException {
        return of(trained, threads, OnnxDevice.CPU);
    }

    /**
     * Returns an engine as {@link #of(TrainedNetwork, int)} does, on {@code device}.
     *
     * @throws IllegalArgumentException if this build of ONNX Runtime does not know the device
     */
    public static OnnxEngine of(TrainedNetwork trained, int threads, OnnxDevice device) throws IOException {
        Path folder = Files.createTempDirectory("unet4j-onnx");
        try {
            Path file = folder.resolve("network.onnx");
            Onnx.float32().write(trained, file);
            return load(file, threads, device, Optional.of(folder));
        } catch (IOException | RuntimeException e) {
            FolderTree.delete(folder);
            throw e;
        }
    }

    private static OnnxEngine load(Path onnx, int threads, OnnxDevice device, Optional<Path> temporary)
            throws IOException {
        OnnxNetwork network = OnnxNetwork.open(onnx, threads, device);
        try {
            return new OnnxEngine(network, Metadata.plan(onnx, network.metadata()), device, temporary);
        } catch (IOException | RuntimeException e) {
            network.close();
            throw e;
        }
    }

    @Override
    public String describe() {
        return "ONNX Runtime " + OnnxNetwork.version() + " " + device.describe() + ", fp32";
    }

    /** Returns how scans are prepared for the network, as its file says. */
    public Plan plan() {
        return plan;
    }

    /**
     * Returns what is done to labels after the network, as its file says.
     *
     * @param model what people call the network, for messages
     * @throws IOException if it cannot be understood
     */
    PostProcessing postProcessing(Path model) throws IOException {
        Optional<String> yaml = Metadata.postProcessing(network.metadata());
        return yaml.isPresent() ? PostProcessing.parse(model, yaml.get(), plan) : PostProcessing.nothing();
    }

    /**
     * Returns what the network has seen, as its file says; empty where it does not.
     *
     * @param model what people call the network, for messages
     * @throws IOException if it cannot be understood
     */
    Optional<TrainingRanges> ranges(Path model) throws IOException {
        return Metadata.ranges(model, network.metadata());
    }

    @Override
    public int channels() {
        return network.channels();
    }

    @Override
    public int classes() {
        return network.classes();
    }

    @Override
    public synchronized void run(FloatBuffer windowsNCDHW, int count, Shape window, Logits taker) {
        plan.topology().requireDivisible(window);
        int voxels = Math.multiplyExact(count, window.arrayLength());
        int length = Math.multiplyExact(voxels, classes());
        if (logits.capacity() < length) {
            logits = OnnxNetwork.buffer(length);
        }
        FloatBuffer windows = windowsNCDHW.duplicate().clear().limit(Math.multiplyExact(voxels, channels()));
        long[] shape = {count, channels(), window.z(), window.y(), window.x()};
        network.run(windows, shape, logits.duplicate().limit(length));
        taker.take(logits);
    }

    @Override
    public synchronized void close() {
        network.close();
        temporary.ifPresent(OnnxEngine::delete);
    }

    private static void delete(Path folder) {
        try {
            FolderTree.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
