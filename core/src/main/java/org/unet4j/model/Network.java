package org.unet4j.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.unet4j.torch.Device;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;

/**
 * A network with its weights. It outlives the scope it is built in; {@link #close} frees the weights at once.
 *
 * <p>It is no libtorch {@code Module}: its parts are Java objects that hold their weights, so that nothing but the weights
 * is native.
 */
public abstract class Network implements AutoCloseable {

    private final Layers layers;

    /** Takes over the weights that {@code layers} made. */
    Network(Layers layers) {
        this.layers = layers;
    }

    /**
     * Returns logits (N, classes, D, H, W) for images (N, channels, D, H, W), in training and inference alike. D, H and W
     * must be divisible by the topology's divisor.
     *
     * <p>On the processor, in reduced precision, one sample goes through after the other with its features innermost in memory:
     * convolutions then need not reorder, instance norm can be batch norm, which has kernels for that layout, and the features
     * of a sample stay in the cache from one layer to the next. In float32 it does not pay: libtorch leaves oneDNN for small
     * convolutions of one sample. See docs/LOG.md for the numbers.
     */
    public final Tensor forward(Tensor imageNCDHW) {
        if (!Layers.innermost(imageNCDHW)) {
            return features(imageNCDHW);
        }
        try (Scope scope = new Scope()) {
            TensorVector samples = new TensorVector();
            for (long sample = 0; sample < imageNCDHW.size(0); sample++) {
                samples.push_back(features(featuresInnermost(imageNCDHW.narrow(0, sample, 1))));
            }
            return scope.keep(samples.size() == 1 ? samples.get(0) : torch.cat(samples, 0));
        }
    }

    /** Returns a network of the same kind over the weights of {@code layers}. */
    abstract Network over(Layers layers);

    /** Returns a network with the same weights, shared and not copied, and gradients of its own. Not after {@link #to}. */
    final Network sharingWeights() {
        try (Scope scope = new Scope()) {
            return over(layers.sharing());
        }
    }

    /** Returns the logits of {@code x}, one sample or a batch. */
    abstract Tensor features(Tensor x);

    private static Tensor featuresInnermost(Tensor x) {
        Tensor reordered = x.contiguous(MemoryFormat.ChannelsLast3d);
        if (x.size(1) > 1) {
            return reordered;
        }
        // With one channel both layouts are the same bytes, and libtorch takes them for the usual one: say which it is.
        long row = x.size(4);
        long slice = row * x.size(3);
        long[] strides = {slice * x.size(2), 1, slice, row, 1};
        return reordered.as_strided(Tensors.shape(x), strides, new LongOptional());
    }

    /** Returns the parameters in the order in which the network was built; they are the network's own. */
    public final List<Tensor> parameters() {
        return List.copyOf(layers.weights().values());
    }

    /** Returns the parameters by name; they are the network's own. */
    public final SortedMap<String, Tensor> state() {
        return new TreeMap<>(layers.weights());
    }

    /** Returns how many numbers are learnt. */
    public final long parameterCount() {
        return parameters().stream().mapToLong(Tensor::numel).sum();
    }

    /** Returns how often each parameter takes part in a product, by the stage whose voxels count. */
    final List<Layers.Use> uses() {
        return layers.uses();
    }

    /** Moves the parameters to {@code device}; the handles that were given out stay valid. Make the optimizer after it. */
    public final void to(Device device) {
        try (Scope scope = new Scope()) {
            for (Tensor parameter : layers.weights().values()) {
                Tensor moved = Tensors.to(parameter.detach(), device, parameter.scalar_type());
                parameter.set_data(Layers.kept(moved));
            }
        }
    }

    /**
     * Sets every parameter to a copy of the tensor of the same name.
     *
     * @throws IllegalArgumentException if names or shapes differ, naming the first difference
     */
    public final void load(SortedMap<String, Tensor> state) {
        Optional<String> difference = Tensors.difference(state(), state);
        if (difference.isPresent()) {
            throw new IllegalArgumentException("the state is of another network: " + difference.get());
        }
        try (Scope scope = new Scope()) {
            for (Map.Entry<String, Tensor> entry : layers.weights().entrySet()) {
                entry.getValue().detach().copy_(state.get(entry.getKey()));
            }
        }
    }

    @Override
    public void close() {
        new ArrayList<>(layers.weights().values()).forEach(Tensor::close);
    }
}
