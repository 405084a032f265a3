package org.unet4j.train;

import java.util.Objects;
import org.unet4j.model.Layout;
import org.unet4j.torch.Precision;

/**
 * In which numbers a run computes.
 *
 * @param precision of convolutions
 * @param layout how features lie in memory. {@code auto} is {@link Layout#usual}; where a run need not be deterministic, it is the
 *     faster one in a short trial at the start, which the run folder's configuration then names
 * @param deterministic whether the same seed gives the same bits; costs nothing on a CPU and some speed on a GPU
 */
public record Numerics(Precision precision, Layout layout, boolean deterministic) {

    /** Checks every value. */
    public Numerics {
        Objects.requireNonNull(precision, "precision is missing; one of FP32, TF32, BF16, FP16");
        Objects.requireNonNull(layout, "layout is missing; one of AUTO, CONTIGUOUS, CHANNELS_LAST");
    }

    /** Returns these in another precision. */
    public Numerics withPrecision(Precision value) {
        return new Numerics(value, layout, deterministic);
    }

    /** Returns these, deterministic or not. */
    public Numerics withDeterministic(boolean value) {
        return new Numerics(precision, layout, value);
    }

    /** Returns these in another layout. */
    public Numerics withLayout(Layout value) {
        return new Numerics(precision, value, deterministic);
    }
}
