package org.unet4j.torch;

import java.util.Collection;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Keeps small fp16 gradients from vanishing (Micikevicius et al. 2018): the loss is multiplied by a scale, the gradients are
 * divided by it. Where a gradient overflows, the step is left out and the scale halved; after 2 000 steps without, it doubles.
 * PyTorch's GradScaler, with its numbers.
 *
 * <pre>{@code
 * scaler.scale(loss).backward();
 * Tensor overflow = scaler.unscale(parameters);
 * descent.step(learningRate, overflow);
 * scaler.update();
 * }</pre>
 *
 * Nothing in there waits for the device; {@link #overflowed()} does, and tells whether the step was left out.
 */
public final class GradScaler implements AutoCloseable {

    private static final double FIRST_SCALE = 65536;
    private static final double GROWTH = 2;
    private static final double BACKOFF = 0.5;
    private static final int GROWTH_INTERVAL = 2000;

    private final Tensor scale;
    private final Tensor growth;
    private final Tensor overflow;
    private boolean unscaled;

    /** Makes a scaler of scale 65 536. */
    public GradScaler(Device device) {
        try (Scope scope = new Scope()) {
            scale = Scope.own(Tensors.zeros(new long[0], ScalarType.Float, device));
            growth = Scope.own(Tensors.zeros(new long[0], ScalarType.Int, device));
            overflow = Scope.own(Tensors.zeros(new long[0], ScalarType.Float, device));
        }
        load(FIRST_SCALE, 0);
    }

    /** Returns {@code loss} times the scale: call backward on it. */
    public Tensor scale(Tensor loss) {
        return loss.mul(scale);
    }

    /**
     * Divides the gradients of {@code parameters} by the scale. Once for each {@link #update}.
     *
     * @return 1 where one of them is not finite: the step must be left out; else 0. It has no axes, lies on the device and is the
     *     scaler's own until the next call
     */
    public Tensor unscale(Collection<Tensor> parameters) {
        if (unscaled) {
            throw new IllegalStateException(
                    "unscale was called twice without update between: gradients are divided once");
        }
        unscaled = true;
        try (Scope scope = new Scope()) {
            overflow.zero_();
            Ops.unscale(Gradients.of(parameters), overflow, scale.reciprocal());
        }
        return overflow;
    }

    /** Returns whether the last {@link #unscale} found a gradient that is not finite. Waits for the device. */
    public boolean overflowed() {
        return overflow.item_float() > 0;
    }

    /**
     * Adapts the scale to what {@link #unscale} found since the last update.
     *
     * @param blamed whether the scale has to do with it, a boolean without axes on the device; where it is false, as for a loss that
     *     was not finite before it was scaled, the scale stays and no step is counted
     */
    public void update(Tensor blamed) {
        if (!unscaled) {
            throw new IllegalStateException("update was called without unscale before: nothing says how the scale did");
        }
        unscaled = false;
        try (Scope scope = new Scope()) {
            Tensor scaleBefore = scale.clone();
            Tensor growthBefore = growth.clone();
            Ops.updateScale(scale, growth, overflow, GROWTH, BACKOFF, GROWTH_INTERVAL);
            scale.copy_(torch.where(blamed, scale, scaleBefore));
            growth.copy_(torch.where(blamed, growth, growthBefore));
        }
    }

    /** Adapts the scale to what {@link #unscale} found since the last update. */
    public void update() {
        try (Scope scope = new Scope()) {
            update(torch.ones_like(overflow).to(ScalarType.Bool));
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
        overflow.close();
    }
}
