package org.unet4j.train;

/**
 * How the learning rate falls over a run whose length is known: a factor of the base rate for each step. Every schedule
 * can be preceded by a linear warm-up.
 */
public sealed interface Schedule {

    /** Returns the factor after warm-up where {@code progress}, in [0, 1), is the share of the steps already done. */
    double factor(double progress);

    /**
     * Returns the factor of the base learning rate for {@code step}, in (0, 1].
     *
     * @param step counted from 0, less than {@code steps}
     * @param warmupSteps the first steps, over which the factor rises linearly to 1; 0 for none
     * @param steps length of the run
     */
    default double factor(int step, int warmupSteps, int steps) {
        if (step < warmupSteps) {
            return (step + 1.0) / warmupSteps;
        }
        return factor((step - warmupSteps) / (double) (steps - warmupSteps));
    }

    /** Half a cosine from 1 to 0 (Loshchilov and Hutter 2017, eq. 5, one period, no restart). */
    record Cosine() implements Schedule {
        @Override
        public double factor(double progress) {
            return 0.5 * (1 + Math.cos(Math.PI * progress));
        }
    }

    /**
     * (1 - progress) to a power; nnU-Net's default has 0.9.
     *
     * @param exponent positive and finite
     */
    record Polynomial(double exponent) implements Schedule {
        public Polynomial {
            if (!(exponent > 0) || Double.isInfinite(exponent)) {
                throw new IllegalArgumentException(
                        "schedule exponent " + exponent + " must be positive and finite; nnU-Net uses 0.9");
            }
        }

        @Override
        public double factor(double progress) {
            return Math.pow(1 - progress, exponent);
        }
    }

    /** The base rate throughout. */
    record Constant() implements Schedule {
        @Override
        public double factor(double progress) {
            return 1;
        }
    }
}
