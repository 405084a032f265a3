package org.unet4j.torch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Keeps small fp16 gradients from vanishing (Micikevicius et al. 2018): the loss is multiplied by a scale, the gradients are
 * divided by it. Where a gradient overflows, the step is left out and the scale halved; after 2 000 steps without, it doubles.
 * PyTorch's GradScaler, with its numbers.
 *
 * <pre>{@code
 * scaler.scale(loss).backward();
 * boolean overflow = scaler.unscale(parameters);
 * if (!overflow) {
 *     adam.step(learningRate);
 * }
 * scaler.update();
 * }</pre>
 */
public final class GradScaler implements AutoCloseable {

    private static final double FIRST_SCALE = 65536;
    private static final double GROWTH = 2;
    private static final double BACKOFF = 0.5;
    private static final int GROWTH_INTERVAL = 2000;

    private final Tensor scale;
    private final Tensor growth;
    private final Tensor foundInfinite;

    /** Makes a scaler of scale 65 536. */
    public GradScaler(Device device) {
        try (Scope scope = new Scope()) {
            scale = Scope.own(Tensors.zeros(new long[] {1}, ScalarType.Float, device));
            growth = Scope.own(Tensors.zeros(new long[] {1}, ScalarType.Int, device));
            foundInfinite = Scope.own(Tensors.zeros(new long[] {1}, ScalarType.Float, device));
        }
        load(FIRST_SCALE, 0);
    }

    /** Returns {@code loss} times the scale: call backward on it. */
    public Tensor scale(Tensor loss) {
        return loss.mul(scale).squeeze();
    }

    /**
     * Divides the gradients of {@code parameters} by the scale.
     *
     * @return whether one of them is not finite: leave the step out then
     */
    public boolean unscale(Collection<Tensor> parameters) {
        try (Scope scope = new Scope()) {
            List<Tensor> gradients = new ArrayList<>();
            for (Tensor parameter : parameters) {
                Tensor gradient = parameter.grad();
                if (gradient.defined()) {
                    gradients.add(gradient);
                }
            }
            Ops.unscale(gradients, foundInfinite, scale.reciprocal());
            return foundInfinite.item_float() > 0;
        }
    }

    /** Adapts the scale to what {@link #unscale} found since the last update. */
    public void update() {
        Ops.updateScale(scale, growth, foundInfinite, GROWTH, BACKOFF, GROWTH_INTERVAL);
        try (Scope scope = new Scope()) {
            foundInfinite.zero_();
        }
    }

    /** Returns the scale. */
    public double scale() {
        return scale.item_float();
    }

    /** Returns how many steps went well since the scale last changed. */
    public int growth() {
        return growth.item_int();
    }

    /** Sets the state to what {@link #scale()} and {@link #growth()} gave. */
    public void load(double newScale, int newGrowth) {
        if (!(newScale > 0) || newGrowth < 0) {
            throw new IllegalArgumentException("a gradient scale " + newScale + " grown for " + newGrowth
                    + " steps is not valid: the scale must be above 0, the steps at least 0");
        }
        try (Scope scope = new Scope()) {
            scale.fill_(new Scalar(newScale));
            growth.fill_(new Scalar(newGrowth));
        }
    }

    @Override
    public void close() {
        scale.close();
        growth.close();
        foundInfinite.close();
    }
}
