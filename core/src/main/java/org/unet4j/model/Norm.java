package org.unet4j.model;

import static org.bytedeco.pytorch.global.torch.batch_norm;
import static org.bytedeco.pytorch.global.torch.batch_norm_update_stats;
import static org.bytedeco.pytorch.global.torch.group_norm;

import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.torch.Autocast;
import org.unet4j.torch.Device;
import org.unet4j.torch.Scope;

/**
 * Instance norm with scale and shift (Ulyanov et al. 2016): for one sample it is batch norm, for a batch group norm with one
 * group a feature. libtorch has better kernels for these.
 */
final class Norm implements Blocks.Block {
    private static final double EPSILON = 1e-5;

    private final String name;
    private final Tensor scale;
    private final Tensor shift;

    Norm(Layers layers, String name, int features) {
        this.name = name;
        scale = layers.constant(name + ".weight", features, 1);
        shift = layers.constant(name + ".bias", features, 0);
    }

    @Override
    public Tensor forward(Tensor x) {
        if (x.is_cuda()) {
            return onCard(x);
        }
        if (x.size(0) > 1) {
            return byFeature(x, scale, shift);
        }
        if (!GradMode.is_enabled() && isSingleInnermost(x)) {
            return bySlice(x);
        }
        TensorOptional none = new TensorOptional();
        return batch_norm(x, new TensorOptional(scale), new TensorOptional(shift), none, none, true, 0, EPSILON, true);
    }

    private static boolean isSingleInnermost(Tensor x) {
        return x.scalar_type().intern() == ScalarType.Float
                && !x.is_contiguous()
                && x.is_contiguous(MemoryFormat.ChannelsLast3d);
    }

    /**
     * One sample whose features lie innermost. libtorch adds up all its voxels one after the other in float32 there, which at 96^3 is off by
     * 4e-4 of a deviation. With each place in a slice a feature of its own it adds up no more than a column of voxels, and the means of
     * all places make that of a feature: off by 6e-7 against float64, in the same time.
     */
    private Tensor bySlice(Tensor x) {
        try (Scope scope = new Scope()) {
            Tensor columns = x.permute(0, 2, 3, 4, 1).reshape(x.size(2), -1);
            TensorOptional none = new TensorOptional();
            T_TensorTensor_T moments = batch_norm_update_stats(columns, none, none, 0);
            Tensor means = moments.get0().reshape(-1, x.size(1));
            Tensor mean = means.mean(0);
            Tensor variance = moments.get1()
                    .reshape(-1, x.size(1))
                    .add(means.sub(mean).square())
                    .mean(0);
            return scope.keep(batch_norm(
                    x,
                    new TensorOptional(scale),
                    new TensorOptional(shift),
                    new TensorOptional(mean),
                    new TensorOptional(variance),
                    false,
                    0,
                    EPSILON,
                    true));
        }
    }

    /**
     * In the numbers of {@code x}, its sums in float32: libtorch's casting would have all of it, and what follows, in float32. A step of
     * a U-Net in bfloat16 takes four fifths of what it takes with libtorch's own instance norm (docs/PERFORMANCE.md).
     */
    private Tensor onCard(Tensor x) {
        try (Scope scope = new Scope();
                Autocast off = Autocast.off(Device.of(x))) {
            return scope.keep(byFeature(x, scale.to(x.scalar_type()), shift.to(x.scalar_type())));
        }
    }

    private static Tensor byFeature(Tensor x, Tensor scale, Tensor shift) {
        return group_norm(x, x.size(1), new TensorOptional(scale), new TensorOptional(shift), EPSILON, true);
    }

    @Override
    public String describe(GraphBuilder graph, String x) {
        return graph.add(name, new Graph.InstanceNorm(name + ".weight", name + ".bias", EPSILON), x);
    }
}
