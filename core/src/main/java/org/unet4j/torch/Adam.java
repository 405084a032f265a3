package org.unet4j.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Adam (Kingma and Ba 2015) with decoupled weight decay (Loshchilov and Hutter 2019), as libtorch's fused kernel computes it:
 * one pass over the memory for a step. beta 0.9 and 0.999, epsilon 1e-8. Its state is float32 on the parameters' device.
 */
public final class Adam implements AutoCloseable {

    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    private final SortedMap<String, Tensor> parameters;
    private final SortedMap<String, Tensor> firstMoments = new TreeMap<>();
    private final SortedMap<String, Tensor> secondMoments = new TreeMap<>();
    private final SortedMap<String, Tensor> steps = new TreeMap<>();
    private final double weightDecay;

    /**
     * Makes an optimizer that has not taken a step. Move the network to its device before.
     *
     * @param parameters by name; kept, not copied
     * @param weightDecay how much of each parameter is taken away a step, times the learning rate; 0 is plain Adam
     */
    public Adam(SortedMap<String, Tensor> parameters, double weightDecay) {
        if (!(weightDecay >= 0)) {
            throw new IllegalArgumentException("weightDecay " + weightDecay + " must be at least 0");
        }
        this.parameters = new TreeMap<>(parameters);
        this.weightDecay = weightDecay;
        try (Scope scope = new Scope()) {
            parameters.forEach((name, parameter) -> {
                Device device = Device.of(parameter);
                // The kernel walks through memory: the moments must lie as the parameter does.
                firstMoments.put(name, Scope.own(torch.zeros_like(parameter)));
                secondMoments.put(name, Scope.own(torch.zeros_like(parameter)));
                steps.put(name, Scope.own(Tensors.zeros(new long[0], ScalarType.Float, device)));
            });
        }
    }

    /** Takes one step; parameters without a gradient stay as they are. */
    public void step(double learningRate) {
        try (Scope scope = new Scope();
                AutoGradMode off = new AutoGradMode(false)) {
            SortedMap<String, Tensor> gradients = gradients();
            Ops.fusedAdam(
                    of(parameters, gradients),
                    gradients.values(),
                    of(firstMoments, gradients),
                    of(secondMoments, gradients),
                    of(steps, gradients),
                    new Ops.AdamStep(learningRate, BETA1, BETA2, weightDecay, EPSILON, true));
        }
    }

    /**
     * Returns the norm of all gradients together, scaled down before so that it is at most {@code maximum}. Not finite where a
     * gradient is not; the gradients are then not finite either.
     */
    public double clipGradients(double maximum) {
        if (!(maximum > 0)) {
            throw new IllegalArgumentException("the largest gradient norm " + maximum + " must be above 0");
        }
        try (Scope scope = new Scope();
                AutoGradMode off = new AutoGradMode(false)) {
            SortedMap<String, Tensor> gradients = gradients();
            if (gradients.isEmpty()) {
                return 0;
            }
            Tensor norms = Ops.norms(gradients.values());
            Tensor norm = norms.mul(norms).sum().sqrt();
            double value = norm.item_float();
            if (!(value <= maximum)) {
                Ops.scale(gradients.values(), Tensors.scalar(maximum / value, norm));
            }
            return value;
        }
    }

    /** Drops all gradients: the next backward pass makes new ones. */
    public void zeroGradients() {
        Gradients.drop(parameters.values());
    }

    /** Returns moments and step counts by name, {@code exp_avg/<parameter>} and so on as in PyTorch; they are the optimizer's own. */
    public SortedMap<String, Tensor> state() {
        SortedMap<String, Tensor> state = new TreeMap<>();
        firstMoments.forEach((name, tensor) -> state.put("exp_avg/" + name, tensor));
        secondMoments.forEach((name, tensor) -> state.put("exp_avg_sq/" + name, tensor));
        steps.forEach((name, tensor) -> state.put("step/" + name, tensor));
        return state;
    }

    /**
     * Sets the state to a copy of {@code state}.
     *
     * @throws IllegalArgumentException if it is not of the same parameters
     */
    public void load(SortedMap<String, Tensor> state) {
        SortedMap<String, Tensor> own = state();
        Optional<String> difference = Tensors.difference(own, state);
        if (difference.isPresent()) {
            throw new IllegalArgumentException("the optimizer's state is of other parameters: " + difference.get());
        }
        try (Scope scope = new Scope()) {
            own.forEach((name, tensor) -> tensor.copy_(state.get(name)));
        }
    }

    private SortedMap<String, Tensor> gradients() {
        SortedMap<String, Tensor> gradients = new TreeMap<>();
        parameters.forEach((name, parameter) -> {
            Tensor gradient = parameter.grad();
            if (gradient.defined()) {
                gradients.put(name, gradient);
            }
        });
        return gradients;
    }

    private static List<Tensor> of(SortedMap<String, Tensor> tensors, SortedMap<String, Tensor> which) {
        List<Tensor> chosen = new ArrayList<>();
        which.forEach((name, unused) -> chosen.add(tensors.get(name)));
        return chosen;
    }

    @Override
    public void close() {
        List<Tensor> all = new ArrayList<>(state().values());
        all.forEach(Tensor::close);
    }
}
