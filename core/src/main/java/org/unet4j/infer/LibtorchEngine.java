package org.unet4j.infer;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.model.Layout;
import org.unet4j.model.ModelFile;
import org.unet4j.model.ModelSpec;
import org.unet4j.model.Network;
import org.unet4j.torch.Autocast;
import org.unet4j.torch.Device;
import org.unet4j.torch.Precision;
import org.unet4j.torch.Provenance;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.torch.Torch;
import org.unet4j.volume.Shape;

/** Runs a network with libtorch, on the processor or a card; one batch at a time, with all threads that libtorch has. */
public final class LibtorchEngine implements Engine {

    private final Network network;
    private final boolean owned;
    private final int channels;
    private final int classes;
    private final Device device;
    private final Precision precision;
    private final int threads = Torch.threads();

    private LibtorchEngine(
            Network network, boolean owned, int channels, int classes, Device device, Precision precision) {
        this.network = network;
        this.owned = owned;
        this.channels = channels;
        this.classes = classes;
        this.device = device;
        this.precision = precision;
    }

    /** Returns an engine of a network that someone else owns, which is on {@code device} and whose weights may go on changing. */
    public static LibtorchEngine of(Network network, int channels, int classes, Device device, Precision precision) {
        return new LibtorchEngine(network, false, channels, classes, device, precision);
    }

    /**
     * Returns an engine of the network that {@code safetensors} holds, on {@code device}. Close it to free the weights.
     *
     * @throws IOException if the file holds no network of {@link ModelFile#save}, or is damaged
     */
    public static LibtorchEngine load(Path safetensors, Device device, Precision precision) throws IOException {
        ModelSpec spec = ModelFile.spec(safetensors);
        Network network = ModelFile.load(safetensors, spec);
        try {
            network.to(device, precision.parameterType());
            network.arrange(Layout.inPrediction(device, precision));
        } catch (RuntimeException e) { // too little memory on a card, for one
            network.close();
            throw e;
        }
        return new LibtorchEngine(network, true, spec.channels(), spec.classes(), device, precision);
    }

    @Override
    public int channels() {
        return channels;
    }

    @Override
    public int classes() {
        return classes;
    }

    @Override
    public String describe() {
        Provenance here = Provenance.of(device);
        return "libtorch " + here.libtorch() + ", " + here.device() + ", "
                + precision.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public synchronized void run(FloatBuffer windowsNCDHW, int count, Shape window, Logits logits) {
        Torch.setThreadsHere(threads);
        boolean gradients = GradMode.is_enabled();
        GradMode.set_enabled(false);
        try (Scope scope = new Scope()) {
            long[] shape = {count, channels, window.z(), window.y(), window.x()};
            Tensor images = Tensors.to(Tensors.view(windowsNCDHW, shape), device, precision.parameterType());
            Tensor result = forward(images);
            shape[1] = classes;
            if (!Arrays.equals(Tensors.shape(result), shape)) {
                throw new IllegalArgumentException("the network returned logits of shape "
                        + Arrays.toString(Tensors.shape(result)) + "; expected " + Arrays.toString(shape));
            }
            Tensor onHost = Tensors.to(result, Device.cpu(), ScalarType.Float).contiguous();
            logits.take(Tensors.floatBuffer(onHost));
        } finally {
            GradMode.set_enabled(gradients);
        }
    }

    private Tensor forward(Tensor imagesNCDHW) {
        try (Autocast autocast = precision.autocast(device)) {
            return network.forward(imagesNCDHW);
        }
    }

    @Override
    public synchronized void close() {
        if (owned) {
            network.close();
        }
    }
}
