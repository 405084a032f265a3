package org.unet4j.model;

import static org.bytedeco.pytorch.global.torch.batch_norm;
import static org.bytedeco.pytorch.global.torch.group_norm;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
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
        TensorOptional none = new TensorOptional();
        return batch_norm(x, new TensorOptional(scale), new TensorOptional(shift), none, none, true, 0, EPSILON, true);
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
