package org.unet4j.torch;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;

/**
 * Stochastic gradient descent with momentum, by Nesterov's rule if wanted (Sutskever et al. 2013). Equal to PyTorch's SGD without
 * dampening.
 *
 * @param momentum how much of the velocity a step keeps, in [0, 1); 0 keeps no velocity
 * @param nesterov whether a step goes where the velocity will have led; needs momentum
 * @param weightDecay times the weight is added to a kernel's gradient
 */
public record Sgd(double momentum, boolean nesterov, double weightDecay) implements Optimizer {

    private static final String VELOCITY = "momentum_buffer";

    /** Checks the numbers. */
    public Sgd {
        if (!(momentum >= 0 && momentum < 1)) {
            throw new IllegalArgumentException("sgd: momentum " + momentum + " must be in [0, 1); 0.99 is nnU-Net's");
        }
        if (nesterov && momentum == 0) {
            throw new IllegalArgumentException("sgd: nesterov needs a momentum above 0; given 0.0");
        }
        Descent.requireWeightDecay("sgd", weightDecay);
    }

    @Override
    public Descent over(SortedMap<String, Tensor> parameters) {
        return new Descent(parameters, weightDecay, momentum == 0 ? List.of() : List.of(VELOCITY), this::step);
    }

    private void step(ParameterGroup group, List<Tensor> gradients, double learningRate, Optional<Tensor> skip) {
        Ops.fusedSgd(
                group.parameters(),
                gradients,
                momentum == 0 ? List.of() : group.state(VELOCITY),
                new Ops.SgdStep(learningRate, momentum, nesterov, group.weightDecay()),
                skip);
    }
}
