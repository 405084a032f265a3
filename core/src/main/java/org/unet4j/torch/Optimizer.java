package org.unet4j.torch;

import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;

/**
 * How weights follow their gradients: a closed family of rules as libtorch's fused kernels compute them, one pass over the memory
 * for a step. An optimizer is a value; {@link #over} makes what takes the steps.
 *
 * <p>Weight decay pulls kernels towards 0 and leaves every parameter of fewer than two axes alone: biases, and the scales and
 * shifts of norms (Goodfellow et al. 2016, 7.1, on biases). Differs: PyTorch decays all unless groups are made by hand, and
 * nnU-Net decays all.
 */
public sealed interface Optimizer permits Adam, AdamW, Sgd {

    /**
     * Returns this rule for {@code parameters}, no step taken. Move the network to its device before.
     *
     * @param parameters by name; kept, not copied
     */
    Descent over(SortedMap<String, Tensor> parameters);

    /** Returns Adam with its paper's numbers and no weight decay. */
    static Adam adam() {
        return new Adam(0.9, 0.999, 1e-8, 0);
    }

    /** Returns AdamW with Adam's numbers; PyTorch's weight decay is 0.01. */
    static AdamW adamW(double weightDecay) {
        return new AdamW(0.9, 0.999, 1e-8, weightDecay);
    }

    /** Returns nnU-Net's optimizer, which it runs at a learning rate of 0.01. */
    static Sgd sgd() {
        return new Sgd(0.99, true, 3e-5);
    }
}
