package org.unet4j.train;

/**
 * One optimizer step that is done.
 *
 * @param step counted from 1
 * @param steps length of the whole run
 * @param epoch how often every training case was drawn before, at the start of the step
 * @param loss mean over the batch
 * @param learningRate that the step used
 * @param seconds of training so far, without validation, over all parts of a resumed run
 * @param stepsPerSecond over the last steps
 * @param voxelsPerSecond patch voxels learned from a second, over the last steps
 * @param waitShare share of the last steps' time spent waiting for data, in [0, 1]
 * @param secondsLeft of training, at the present speed; validation comes on top
 */
public record StepEvent(
        int step,
        int steps,
        int epoch,
        double loss,
        double learningRate,
        double seconds,
        double stepsPerSecond,
        double voxelsPerSecond,
        double waitShare,
        double secondsLeft) {}
