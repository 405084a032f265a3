package org.unet4j.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
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

    /** How the names of weights begin that only training needs. */
    static final String AUXILIARY = "auxiliary.";

    private final Layers layers;

    /** Takes over the weights that {@code layers} made. */
    Network(Layers layers) {
        this.layers = layers;
    }

    /**
     * Returns logits (N, classes, D, H, W) for images (N, channels, D, H, W), in training and inference alike. D, H and W
     * must be divisible by the topology's divisor.
     *
     * <p>On the processor, where features lie innermost in memory (reduced precision, and prediction in float32), one sample goes through after the other:
     * convolutions then need not reorder, instance norm can be batch norm, which has kernels for that layout, and the features
     * of a sample stay in the cache from one layer to the next. See docs/LOG.md for the numbers.
     */
    public final Tensor forward(Tensor imageNCDHW) {
        return forward(imageNCDHW, 1, Passage.DIRECT).get(0);
    }

    /** Returns the logits of every head, the finest first, each of the resolution of its stage; one where there is no other head. */
    public final List<Tensor> forwardAll(Tensor imageNCDHW) {
        return forward(imageNCDHW, outputs(), Passage.DIRECT);
    }

    /** Returns the logits of the {@code outputs} finest heads. */
    final List<Tensor> forward(Tensor imageNCDHW, int outputs, Passage passage) {
        if (!layers.innermost(imageNCDHW)) {
            return logits(imageNCDHW, outputs, passage);
        }
        if (imageNCDHW.is_cuda() || imageNCDHW.size(0) == 1) {
            return logits(featuresInnermost(imageNCDHW), outputs, passage);
        }
        try (Scope scope = new Scope()) {
            List<List<Tensor>> samples = new ArrayList<>();
            for (long sample = 0; sample < imageNCDHW.size(0); sample++) {
                samples.add(logits(featuresInnermost(imageNCDHW.narrow(0, sample, 1)), outputs, passage));
            }
            List<Tensor> all = new ArrayList<>();
            for (int output = 0; output < outputs; output++) {
                TensorVector ofSamples = new TensorVector();
                for (List<Tensor> sample : samples) {
                    ofSamples.push_back(sample.get(output));
                }
                all.add(torch.cat(ofSamples, 0));
            }
            return all.stream().map(scope::keep).toList();
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

    /** Returns how many heads there are. */
    abstract int outputs();

    /** Returns the logits of the {@code outputs} finest heads for {@code x}, one sample or a batch, the finest first. */
    abstract List<Tensor> logits(Tensor x, int outputs, Passage passage);

    /** Adds what {@link #forward(Tensor)} does to {@code graph} and returns the name of the logits. */
    abstract String describe(GraphBuilder graph);

    /** Returns what {@link #forward(Tensor)} computes, operation by operation. */
    public final Graph graph() {
        GraphBuilder graph = new GraphBuilder();
        return graph.build(describe(graph));
    }

    private static Tensor featuresInnermost(Tensor x) {
        Tensor reordered = x.contiguous(MemoryFormat.ChannelsLast3d);
        if (x.size(1) > 1) {
            return reordered;
        }
        // With one channel both layouts are the same bytes, and libtorch takes them for the usual one: say which it is.
        long row = x.size(4);
        long slice = row * x.size(3);
        long voxels = slice * x.size(2);
        long[] strides = {voxels, 1, slice, row, 1};
        return reordered.as_strided(Tensors.shape(x), strides, new LongOptional());
    }

    /** Returns the parameters in the order in which the network was built; they are the network's own. */
    public final List<Tensor> parameters() {
        return List.copyOf(layers.weights().values());
    }

    /**
     * Returns the parameters in the order in which a forward pass comes to them; those of auxiliary heads, which are small, come first. They
     * are the network's own.
     */
    public final List<Tensor> parametersAsUsed() {
        Map<String, Tensor> others = state();
        List<Tensor> used = graph().nodes().stream()
                .flatMap(node -> node.operation().weights().stream())
                .map(others::remove)
                .toList();
        return Stream.concat(others.values().stream(), used.stream()).toList();
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

    /** Returns the parameters that {@link #forward(Tensor)} needs, by name: all but those of auxiliary heads. */
    public final SortedMap<String, Tensor> predictionState() {
        SortedMap<String, Tensor> state = state();
        state.keySet().removeIf(name -> name.startsWith(AUXILIARY));
        return state;
    }

    /** Moves the parameters to {@code device}; the handles that were given out stay valid. Make the optimizer after it. */
    public final void to(Device device) {
        to(device, ScalarType.Float);
    }

    /** Moves the parameters as {@link #to(Device)} does and makes them numbers of {@code type}. */
    public final void to(Device device, ScalarType type) {
        try (Scope scope = new Scope()) {
            for (Tensor parameter : layers.weights().values()) {
                parameter.set_data(layers.kept(Tensors.to(parameter.detach(), device, type)));
            }
        }
    }

    /** Sets how features lie in memory from now on. Make the optimizer after it. */
    public final void arrange(Layout layout) {
        layers.arrange(layout);
        try (Scope scope = new Scope()) {
            for (Tensor parameter : layers.weights().values()) {
                parameter.set_data(layers.kept(parameter.detach()));
            }
        }
    }

    /**
     * Sets every parameter to a copy of the tensor of the same name.
     *
     * @throws IllegalArgumentException if names or shapes differ, naming the first difference
     */
    public final void load(SortedMap<String, Tensor> state) {
        copy(state, state());
    }

    /** Sets the parameters of {@link #predictionState} as {@link #load} does and leaves the others as they are. */
    public final void loadForPrediction(SortedMap<String, Tensor> state) {
        copy(state, predictionState());
    }

    private static void copy(SortedMap<String, Tensor> from, SortedMap<String, Tensor> to) {
        Optional<String> difference = Tensors.difference(to, from);
        if (difference.isPresent()) {
            throw new IllegalArgumentException("the state is of another network: " + difference.get());
        }
        try (Scope scope = new Scope()) {
            to.forEach((name, parameter) -> parameter.detach().copy_(from.get(name)));
        }
    }

    @Override
    public void close() {
        new ArrayList<>(layers.weights().values()).forEach(Tensor::close);
    }
}
