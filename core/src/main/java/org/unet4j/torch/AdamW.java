package org.unet4j.torch;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;

/**
 * Adam with weight decay decoupled from the gradient (Loshchilov and Hutter 2019). Equal to PyTorch's AdamW; without weight decay
 * it is {@link Adam}.
 *
 * @param beta1 how much of the mean of the gradients a step keeps, in [0, 1)
 * @param beta2 how much of the mean of their squares, in [0, 1)
 * @param epsilon added to the root of that mean, above 0
 * @param weightDecay how much of each kernel is taken away a step, times the learning rate
 */
@JsonTypeName("adamw")
public record AdamW(double beta1, double beta2, double epsilon, double weightDecay) implements Optimizer {

    /** Checks the numbers. */
    public AdamW {
        AdamKernel.check("adamw", beta1, beta2, epsilon, weightDecay);
    }

    @Override
    public Descent over(SortedMap<String, Tensor> parameters) {
        return new Descent(
                parameters,
                weightDecay,
                AdamKernel.SLOTS,
                new AdamKernel("aten::_fused_adamw_", beta1, beta2, epsilon));
    }
}
