package org.unet4j.torch;

import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;

/**
 * Adam (Kingma and Ba 2015). Equal to PyTorch's Adam.
 *
 * @param beta1 how much of the mean of the gradients a step keeps, in [0, 1)
 * @param beta2 how much of the mean of their squares, in [0, 1)
 * @param epsilon added to the root of that mean, above 0
 * @param weightDecay times the weight is added to a kernel's gradient (L2), so it is divided by the gradient's size like the
 *     rest; {@link AdamW} does not divide it
 */
public record Adam(double beta1, double beta2, double epsilon, double weightDecay) implements Optimizer {

    /** Checks the numbers. */
    public Adam {
        AdamKernel.check("adam", beta1, beta2, epsilon, weightDecay);
    }

    @Override
    public Descent over(SortedMap<String, Tensor> parameters) {
        return new Descent(
                parameters, weightDecay, AdamKernel.SLOTS, new AdamKernel("aten::_fused_adam_", beta1, beta2, epsilon));
    }
}
