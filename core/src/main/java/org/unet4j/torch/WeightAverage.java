package org.unet4j.torch;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The exponential moving average of weights (Polyak and Juditsky 1992; Tarvainen and Valpola 2017): it often scores higher than
 * the last weights. After each step, average = d average + (1 - d) weight, as PyTorch's get_ema_multi_avg_fn.
 *
 * <p>It starts at the weights as they are. Those are forgotten soon, without a correction: d = min(decay, (1 + t) / (10 + t))
 * after t updates before, the rule of TensorFlow's ExponentialMovingAverage.
 *
 * <pre>{@code
 * descent.step(learningRate);
 * average.update();
 * ...
 * try (WeightAverage.Exchange exchange = average.exchange()) {
 *     validate(network);
 * }
 * }</pre>
 */
public final class WeightAverage implements AutoCloseable {

    private static final String AVERAGE = "average/";
    private static final String UPDATES = "updates";

    private final SortedMap<String, Tensor> parameters;
    private final SortedMap<String, Tensor> averages = new TreeMap<>();
    private final Tensor updates;
    private final double decay;
    private boolean exchanged;

    /** Averages stand in for the weights until this is closed. */
    public final class Exchange implements AutoCloseable {

        private boolean closed;

        private Exchange() {}

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                exchanged = false;
                swap();
            }
        }
    }

    /**
     * Makes an average of the weights as they are. Move the network to its device before.
     *
     * @param parameters by name; kept, not copied
     * @param decay how much of the average an update keeps once it is warm, between 0 and 1; 0.999 looks back 1 000 steps
     */
    public WeightAverage(SortedMap<String, Tensor> parameters, double decay) {
        if (!(decay > 0 && decay < 1)) {
            throw new IllegalArgumentException(
                    "the decay " + decay + " of a weight average must be above 0 and below 1");
        }
        this.parameters = new TreeMap<>(parameters);
        this.decay = decay;
        try (Scope scope = new Scope();
                AutoGradMode off = new AutoGradMode(false)) {
            parameters.forEach((name, parameter) ->
                    averages.put(name, Scope.own(parameter.detach().clone())));
            Device device =
                    parameters.values().stream().findFirst().map(Device::of).orElse(Device.cpu());
            updates = Scope.own(Tensors.zeros(new long[0], ScalarType.Long, device));
        }
    }

    /** Takes the weights into the average. Call it after each step. */
    public void update() {
        try (Scope scope = new Scope()) {
            update(torch.zeros_like(updates).to(ScalarType.Float));
        }
    }

    /**
     * Takes the weights into the average unless {@code skip} is 1; then average and count stay as they are. Waits for nothing.
     *
     * @param skip as {@link Descent#step(double, Tensor)} takes it
     */
    public void update(Tensor skip) {
        requireOwnWeights("updated");
        try (Scope scope = new Scope();
                AutoGradMode off = new AutoGradMode(false)) {
            Tensor taken = skip.eq(new Scalar(0));
            Tensor count = updates.to(ScalarType.Double);
            Tensor warm = count.add(new Scalar(1)).div(count.add(new Scalar(10)));
            Tensor share =
                    warm.clamp_max(new Scalar(decay)).neg().add(new Scalar(1)).mul(taken);
            Ops.approach(averages.values(), parameters.values(), share);
            updates.add_(taken.to(ScalarType.Long));
        }
    }

    /**
     * Puts the averages into the parameters until the result is closed; the weights are then as they were, bit for bit. Meanwhile
     * nothing may change the parameters.
     */
    public Exchange exchange() {
        requireOwnWeights("exchanged");
        exchanged = true;
        swap();
        return new Exchange();
    }

    /** Values change places, not memory: others hold the parameters' memory too. */
    private void swap() {
        try (AutoGradMode off = new AutoGradMode(false)) {
            parameters.forEach((name, parameter) -> {
                try (Scope scope = new Scope()) {
                    Tensor before = parameter.clone();
                    parameter.copy_(averages.get(name));
                    averages.get(name).copy_(before);
                }
            });
        }
    }

    /** Returns the averages, {@code average/<parameter>}, and how many updates there were; the tensors are the average's own. */
    public SortedMap<String, Tensor> state() {
        requireOwnWeights("saved");
        SortedMap<String, Tensor> state = new TreeMap<>();
        averages.forEach((name, tensor) -> state.put(AVERAGE + name, tensor));
        state.put(UPDATES, updates);
        return state;
    }

    /**
     * Sets the state to a copy of {@code state}.
     *
     * @throws IllegalArgumentException if it is of other parameters, naming the first difference
     */
    public void load(SortedMap<String, Tensor> state) {
        SortedMap<String, Tensor> own = state();
        Optional<String> difference = Tensors.difference(own, state);
        if (difference.isPresent()) {
            throw new IllegalArgumentException("the average is of other parameters: " + difference.get());
        }
        try (Scope scope = new Scope()) {
            own.forEach((name, tensor) -> tensor.copy_(state.get(name)));
        }
    }

    private void requireOwnWeights(String what) {
        if (exchanged) {
            throw new IllegalStateException("a weight average cannot be " + what
                    + " while it stands in for the weights: close the exchange before");
        }
    }

    @Override
    public void close() {
        averages.values().forEach(Tensor::close);
        updates.close();
    }
}
