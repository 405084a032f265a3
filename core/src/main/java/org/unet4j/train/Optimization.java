package org.unet4j.train;

import java.util.Objects;

/**
 * How weights follow gradients.
 *
 * @param weightDecay decoupled from the gradient as in AdamW; 0 for none
 * @param learningRate Adam's, at its highest
 * @param warmup share of the steps over which the learning rate rises to its highest
 * @param schedule how it falls from there
 * @param gradientClip the norm that all gradients together are scaled down to where they exceed it; nnU-Net uses 12
 */
public record Optimization(
        double weightDecay, double learningRate, double warmup, Schedule schedule, double gradientClip) {

    /** Checks every value. */
    public Optimization {
        Rules.inUnit("weightDecay", weightDecay);
        if (!(learningRate > 0 && learningRate <= 1)) {
            throw new IllegalArgumentException(
                    "learningRate " + learningRate + " must be above 0 and at most 1; 0.001 is usual for Adam");
        }
        if (!(warmup >= 0 && warmup < 1)) {
            throw new IllegalArgumentException(
                    "warmup " + warmup + " must be at least 0 and less than 1: it is a share of the steps");
        }
        Objects.requireNonNull(schedule, "schedule is missing; one of cosine, polynomial, constant");
        if (!(gradientClip > 0)) {
            throw new IllegalArgumentException(
                    "gradientClip " + gradientClip + " must be positive; 12 is usual, .inf clips nothing");
        }
    }

    /** Returns the steps of warm-up in a run of {@code steps}. */
    public int warmupSteps(int steps) {
        return (int) Math.round(warmup * steps);
    }

    /** Returns the learning rate of {@code step}, counted from 0, in a run of {@code steps}. */
    public double learningRate(int step, int steps) {
        return learningRate * schedule.factor(step, warmupSteps(steps), steps);
    }

    /** Returns this with another weight decay. */
    public Optimization withWeightDecay(double value) {
        return new Optimization(value, learningRate, warmup, schedule, gradientClip);
    }

    /** Returns this with another highest learning rate. */
    public Optimization withLearningRate(double value) {
        return new Optimization(weightDecay, value, warmup, schedule, gradientClip);
    }

    /** Returns this with another share of warm-up. */
    public Optimization withWarmup(double value) {
        return new Optimization(weightDecay, learningRate, value, schedule, gradientClip);
    }

    /** Returns this with another schedule. */
    public Optimization withSchedule(Schedule value) {
        return new Optimization(weightDecay, learningRate, warmup, value, gradientClip);
    }

    /** Returns this with another gradient norm. */
    public Optimization withGradientClip(double value) {
        return new Optimization(weightDecay, learningRate, warmup, schedule, value);
    }
}
