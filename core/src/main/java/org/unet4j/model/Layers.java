package org.unet4j.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Seeds;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Shape;

/**
 * Makes the weights of a network while it is built and remembers them by name.
 *
 * <p>Kernels are drawn by He et al. 2015 for leaky ReLU of slope 0.01, standard deviation sqrt(2 / ((1 + 0.01^2) fan)),
 * each from its own seed, derived from the network's seed and the kernel's place; biases start at 0, norms at 1 and 0.
 */
final class Layers {

    /**
     * A kernel and what it slides over: one multiply-add per weight and voxel of {@code stage}.
     *
     * @param name of its weights
     * @param transposed whether the convolution is a transposed one
     * @param in features that it reads
     * @param out features that it makes
     * @param size of the kernel
     * @param stride of the convolution
     * @param stage whose voxels count: those of the output, for a transposed convolution those of the input
     */
    record Use(String name, boolean transposed, int in, int out, Shape size, Shape stride, int stage) {

        long weights() {
            return in * (long) out * size.voxels();
        }
    }

    private static final double GAIN = Math.sqrt(2 / (1 + Blocks.SLOPE * Blocks.SLOPE));

    private final long seed;
    private final Map<String, Tensor> shared;
    private final Map<String, Tensor> weights = new LinkedHashMap<>();
    private final List<Use> uses = new ArrayList<>();
    private Layout layout = Layout.AUTO;

    Layers(long seed) {
        this(seed, Map.of());
    }

    private Layers(long seed, Map<String, Tensor> shared) {
        this.seed = seed;
        this.shared = shared;
    }

    /** Returns layers that make no weights but hand out these, under handles with gradients of their own. */
    Layers sharing() {
        Layers sharing = new Layers(seed, weights);
        sharing.layout = layout;
        return sharing;
    }

    /** Returns all weights, in the order they were made. */
    Map<String, Tensor> weights() {
        return Collections.unmodifiableMap(weights);
    }

    List<Use> uses() {
        return List.copyOf(uses);
    }

    /** Returns a kernel (out, in, z, y, x) that slides by {@code stride} over the voxels of {@code stage}, its output's. */
    Tensor kernel(String name, int out, int in, Shape size, Shape stride, int stage) {
        return kernel(new Use(name, false, in, out, size, stride, stage), out, in, in * size.voxels());
    }

    /**
     * Returns a kernel (in, out, z, y, x) of a transposed convolution whose stride is its size, over the voxels of {@code
     * stage}, its input's. Its fan is counted over the output, as PyTorch and nnU-Net do.
     */
    Tensor transposedKernel(String name, int in, int out, Shape size, int stage) {
        return kernel(new Use(name, true, in, out, size, size, stage), in, out, out * size.voxels());
    }

    /** Returns {@code length} numbers, all {@code value}. */
    Tensor constant(String name, int length, float value) {
        return register(name, () -> {
            float[] values = new float[length];
            Arrays.fill(values, value);
            return Tensors.of(values, length);
        });
    }

    private Tensor kernel(Use use, int first, int second, long fan) {
        int length = Math.toIntExact(use.weights());
        Shape size = use.size();
        RandomGenerator random = Seeds.random(seed, weights.size());
        double deviation = GAIN / Math.sqrt((double) fan);
        uses.add(use);
        return register(use.name(), () -> {
            float[] values = new float[length];
            for (int i = 0; i < length; i++) {
                values[i] = (float) (deviation * random.nextGaussian());
            }
            return kept(Tensors.of(values, first, second, size.z(), size.y(), size.x()));
        });
    }

    /** Sets how features shall lie in memory from now on. */
    void arrange(Layout wanted) {
        layout = wanted;
    }

    /**
     * Returns whether the features of a voxel lie side by side in the forward pass of {@code x} on this thread: as arranged,
     * else where it is the fast case ({@link Layout#usual}).
     */
    boolean innermost(Tensor x) {
        return layout == Layout.AUTO
                ? !x.is_cuda() && torch.is_autocast_enabled(DeviceType.CPU)
                : layout == Layout.CHANNELS_LAST;
    }

    /**
     * Returns {@code weights} (or features) in the layout of the forward pass of {@code x}; a kernel of the other would bring its
     * own to all that follows.
     */
    Tensor ordered(Tensor weights, Tensor x) {
        return weights.contiguous(innermost(x) ? MemoryFormat.ChannelsLast3d : MemoryFormat.Contiguous);
    }

    /** Returns {@code weights} in the layout that they are kept in: channels last on the processor, where that is the fast case. */
    Tensor kept(Tensor weights) {
        boolean innermost = weights.dim() == 5 && (!weights.is_cuda() || layout == Layout.CHANNELS_LAST);
        return weights.contiguous(innermost ? MemoryFormat.ChannelsLast3d : MemoryFormat.Contiguous);
    }

    private Tensor register(String name, Supplier<Tensor> values) {
        Tensor tensor =
                Scope.own(shared.isEmpty() ? values.get() : shared.get(name).detach());
        tensor.set_requires_grad(true);
        if (weights.put(name, tensor) != null) {
            throw new IllegalStateException("two weights are called " + name);
        }
        return tensor;
    }
}
