package org.unet4j.train;

import java.util.Objects;
import org.unet4j.torch.Precision;

/**
 * In which numbers a run computes.
 *
 * @param precision of convolutions
 * @param deterministic whether the same seed gives the same bits; costs nothing on a CPU and some speed on a GPU
 */
public record Numerics(Precision precision, boolean deterministic) {

    /** Checks every value. */
    public Numerics {
        Objects.requireNonNull(precision, "precision is missing; one of FP32, TF32, BF16, FP16");
    }

    /** Returns these in another precision. */
    public Numerics withPrecision(Precision value) {
        return new Numerics(value, deterministic);
    }

    /** Returns these, deterministic or not. */
    public Numerics withDeterministic(boolean value) {
        return new Numerics(precision, value);
    }
}
