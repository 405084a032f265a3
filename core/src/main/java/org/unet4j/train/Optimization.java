package org.unet4j.train;

import java.util.Objects;
import org.unet4j.torch.Optimizer;
import org.unet4j.torch.WeightAverage;

/**
 * How weights follow gradients.
 *
 * @param optimizer which rule
 * @param learningRate at its highest
 * @param warmup share of the steps over which the learning rate rises to its highest
 * @param schedule how it falls from there
 * @param average how much a step keeps of the exponential moving average of the weights, which is then what is scored and saved for
 *     prediction; 0 for none, 0.999 looks back 1 000 steps ({@link WeightAverage})
 * @param gradientClip the norm that all gradients together are scaled down to where they exceed it; nnU-Net uses 12
 */
public record Optimization(
        Optimizer optimizer,
        double learningRate,
        double warmup,
        Schedule schedule,
        double average,
        double gradientClip) {

    /** Checks every value. */
    public Optimization {
        Objects.requireNonNull(optimizer, "optimizer is missing; one of adam, adamw, sgd");
        if (!(learningRate > 0 && learningRate <= 1)) {
            throw new IllegalArgumentException(
                    "learningRate " + learningRate + " must be above 0 and at most 1; 0.001 is usual for Adam");
        }
        if (!(warmup >= 0 && warmup < 1)) {
            throw new IllegalArgumentException(
                    "warmup " + warmup + " must be at least 0 and less than 1: it is a share of the steps");
        }
        Objects.requireNonNull(schedule, "schedule is missing; one of cosine, polynomial, constant");
        if (!(average >= 0 && average < 1)) {
            throw new IllegalArgumentException(
                    "average " + average + " must be at least 0, for none, and below 1; 0.999 is usual");
        }
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

    /** Returns this with another optimizer. */
    public Optimization withOptimizer(Optimizer value) {
        return new Optimization(value, learningRate, warmup, schedule, average, gradientClip);
    }

    /** Returns this with another highest learning rate. */
    public Optimization withLearningRate(double value) {
        return new Optimization(optimizer, value, warmup, schedule, average, gradientClip);
    }

    /** Returns this with another share of warm-up. */
    public Optimization withWarmup(double value) {
        return new Optimization(optimizer, learningRate, value, schedule, average, gradientClip);
    }

    /** Returns this with another schedule. */
    public Optimization withSchedule(Schedule value) {
        return new Optimization(optimizer, learningRate, warmup, value, average, gradientClip);
    }

    /** Returns this with another gradient norm. */
    public Optimization withGradientClip(double value) {
        return new Optimization(optimizer, learningRate, warmup, schedule, average, value);
    }

    /** Returns this with another average of the weights. */
    public Optimization withAverage(double value) {
        return new Optimization(optimizer, learningRate, warmup, schedule, value, gradientClip);
    }
}
