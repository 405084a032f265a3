package org.unet4j.torch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * An {@link Optimizer} at work: it holds parameters, remembers moments and takes steps. The moments are of the parameters' type
 * and on their device.
 *
 * <pre>{@code
 * try (Descent descent = Optimizer.sgd().over(network.state())) {
 *     loss.backward();
 *     Gradients.clip(network.parameters(), 12);
 *     descent.step(0.01);
 *     Gradients.drop(network.parameters());
 * }
 * }</pre>
 */
public final class Descent implements AutoCloseable {

    /** The name of what is remembered as one number a parameter: how many steps it took. */
    static final String STEP = "step";

    private final List<ParameterGroup> groups = new ArrayList<>();
    private final Kernel kernel;

    /** One call of a fused kernel. */
    interface Kernel {

        /** Changes the parameters of {@code group} and what is remembered of them, unless {@code skip} is 1. */
        void step(ParameterGroup group, List<Tensor> gradients, double learningRate, Optional<Tensor> skip);
    }

    /** Makes a descent that remembers zeros under each of {@code slots}. */
    Descent(SortedMap<String, Tensor> parameters, double weightDecay, List<String> slots, Kernel kernel) {
        this.kernel = kernel;
        SortedMap<String, Tensor> decayed = new TreeMap<>();
        SortedMap<String, Tensor> others = new TreeMap<>();
        parameters.forEach(
                (name, parameter) -> (weightDecay > 0 && parameter.dim() > 1 ? decayed : others).put(name, parameter));
        if (!decayed.isEmpty()) {
            groups.add(group(decayed, weightDecay, slots));
        }
        if (!others.isEmpty()) {
            groups.add(group(others, 0, slots));
        }
    }

    private static ParameterGroup group(SortedMap<String, Tensor> parameters, double decay, List<String> slots) {
        Map<String, List<Tensor>> state = new HashMap<>();
        for (String slot : slots) {
            List<Tensor> zeros = new ArrayList<>();
            try (Scope scope = new Scope()) {
                parameters.values().forEach(parameter -> zeros.add(Scope.own(zero(slot, parameter))));
            }
            state.put(slot, List.copyOf(zeros));
        }
        return new ParameterGroup(decay, List.copyOf(parameters.keySet()), List.copyOf(parameters.values()), state);
    }

    private static Tensor zero(String slot, Tensor parameter) {
        return slot.equals(STEP)
                ? Tensors.zeros(new long[0], ScalarType.Float, Device.of(parameter))
                // The kernel walks through memory: the moments must lie as the parameter does.
                : torch.zeros_like(parameter);
    }

    /** Checks a weight decay; {@code name} of the optimizer stands in the message. */
    static void requireWeightDecay(String name, double weightDecay) {
        if (!(weightDecay >= 0) || Double.isInfinite(weightDecay)) {
            throw new IllegalArgumentException(
                    name + ": weightDecay " + weightDecay + " must be at least 0 and finite; 0 is none");
        }
    }

    /** Takes one step; parameters without a gradient stay as they are. */
    public void step(double learningRate) {
        step(learningRate, Optional.empty());
    }

    /**
     * Takes one step unless {@code skip} is 1; then parameters, moments and counts of steps stay as they are. The device looks
     * at it, so this waits for nothing.
     *
     * @param skip 0 or 1 as float32 without axes on the parameters' device, such as {@link GradScaler#unscale} gives
     */
    public void step(double learningRate, Tensor skip) {
        step(learningRate, Optional.of(skip));
    }

    private void step(double learningRate, Optional<Tensor> skip) {
        if (!(learningRate >= 0) || Double.isInfinite(learningRate)) {
            throw new IllegalArgumentException("learningRate " + learningRate + " must be at least 0 and finite");
        }
        try (Scope scope = new Scope();
                AutoGradMode off = new AutoGradMode(false)) {
            for (ParameterGroup group : groups) {
                List<Tensor> gradients = new ArrayList<>();
                List<Integer> places = new ArrayList<>();
                for (int place = 0; place < group.parameters().size(); place++) {
                    Tensor gradient = group.parameters().get(place).grad();
                    if (gradient.defined()) {
                        gradients.add(gradient);
                        places.add(place);
                    }
                }
                if (!gradients.isEmpty()) {
                    boolean all = gradients.size() == group.parameters().size();
                    kernel.step(all ? group : group.at(places), gradients, learningRate, skip);
                }
            }
        }
    }

    /**
     * Returns what is remembered by name, {@code exp_avg/<parameter>} and so on as in PyTorch; the tensors are the descent's own.
     * {@code step} is float32, the rest is of the parameter's type and layout.
     */
    public SortedMap<String, Tensor> state() {
        SortedMap<String, Tensor> state = new TreeMap<>();
        for (ParameterGroup group : groups) {
            group.slots().forEach((slot, tensors) -> {
                for (int place = 0; place < tensors.size(); place++) {
                    state.put(slot + "/" + group.names().get(place), tensors.get(place));
                }
            });
        }
        return state;
    }

    /**
     * Sets the state to a copy of {@code state}.
     *
     * @throws IllegalArgumentException if it is of another optimizer or other parameters, naming the first difference
     */
    public void load(SortedMap<String, Tensor> state) {
        SortedMap<String, Tensor> own = state();
        Optional<String> difference = Tensors.difference(own, state);
        if (difference.isPresent()) {
            throw new IllegalArgumentException(
                    "the state is of another optimizer or of other parameters: " + difference.get());
        }
        try (Scope scope = new Scope()) {
            own.forEach((name, tensor) -> tensor.copy_(state.get(name)));
        }
    }

    @Override
    public void close() {
        state().values().forEach(Tensor::close);
    }
}
