package org.unet4j.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bytedeco.pytorch.Tensor;
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
     */
    public abstract Tensor forward(Tensor imageNCDHW);

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

    /** Moves the parameters to {@code device}; the handles that were given out stay valid. */
    public final void to(Device device) {
        try (Scope scope = new Scope()) {
            for (Tensor parameter : layers.weights().values()) {
                parameter.set_data(Tensors.to(parameter, device, parameter.scalar_type()));
            }
        }
    }

    /**
     * Sets every parameter to a copy of the tensor of the same name.
     *
     * @throws IllegalArgumentException if names or shapes differ, naming the first difference
     */
    public final void load(SortedMap<String, Tensor> state) {
        Optional<String> difference = difference(state);
        if (difference.isPresent()) {
            throw new IllegalArgumentException("the state is of another network: " + difference.get());
        }
        try (Scope scope = new Scope()) {
            for (Map.Entry<String, Tensor> entry : layers.weights().entrySet()) {
                entry.getValue().detach().copy_(state.get(entry.getKey()));
            }
        }
    }

    /** Returns in words the first tensor by name that this network and {@code state} do not have alike, if any. */
    final Optional<String> difference(SortedMap<String, Tensor> state) {
        SortedMap<String, Tensor> own = state();
        SortedSet<String> names = new TreeSet<>(own.keySet());
        names.addAll(state.keySet());
        return names.stream()
                .filter(name -> !shape(own.get(name)).equals(shape(state.get(name))))
                .findFirst()
                .map(name -> "tensor '" + name + "' is " + shape(state.get(name)) + " there, expected "
                        + shape(own.get(name)));
    }

    private static String shape(Tensor tensor) {
        return tensor == null ? "missing" : Arrays.toString(Tensors.shape(tensor));
    }

    /** Drops all gradients, so that the next backward pass starts from none. */
    public final void zeroGradients() {
        try (Scope scope = new Scope()) {
            Tensor none = new Tensor();
            for (Tensor parameter : layers.weights().values()) {
                parameter.mutable_grad().put(none);
            }
        }
    }

    @Override
    public void close() {
        new ArrayList<>(layers.weights().values()).forEach(Tensor::close);
    }
}
