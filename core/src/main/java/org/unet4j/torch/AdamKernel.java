package org.unet4j.torch;

import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/** What {@link Adam} and {@link AdamW} share: their kernels differ in name only. */
record AdamKernel(String operator, double beta1, double beta2, double epsilon) implements Descent.Kernel {

    /** First moment, second moment and count of steps, by PyTorch's names. */
    static final List<String> SLOTS = List.of("exp_avg", "exp_avg_sq", Descent.STEP);

    static void check(String name, double beta1, double beta2, double epsilon, double weightDecay) {
        requireShare(name, "beta1", beta1);
        requireShare(name, "beta2", beta2);
        if (!(epsilon > 0) || Double.isInfinite(epsilon)) {
            throw new IllegalArgumentException(
                    name + ": epsilon " + epsilon + " must be above 0 and finite; 1e-8 is usual");
        }
        Descent.requireWeightDecay(name, weightDecay);
    }

    private static void requireShare(String name, String what, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(name + ": " + what + " " + value + " must be in [0, 1)");
        }
    }

    @Override
    public void step(ParameterGroup group, List<Tensor> gradients, double learningRate, Optional<Tensor> skip) {
        List<Tensor> counts = group.state(Descent.STEP);
        // The kernel reads the counts and leaves them: they must count this step already.
        if (skip.isPresent()) {
            Ops.add(counts, Tensors.scalar(1, skip.get()).sub(skip.get()));
        } else {
            Ops.add(counts, 1);
        }
        Ops.fusedAdam(
                operator,
                new Ops.Moments(
                        group.parameters(), gradients, group.state("exp_avg"), group.state("exp_avg_sq"), counts),
                new Ops.AdamStep(learningRate, beta1, beta2, group.weightDecay(), epsilon),
                skip);
    }
}
