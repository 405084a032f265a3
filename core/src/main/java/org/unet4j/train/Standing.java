package org.unet4j.train;

import java.util.Optional;
import java.util.OptionalLong;
import org.unet4j.eval.CaseScores;

/** Where a run stands: what a checkpoint remembers of it besides numbers of the network. */
final class Standing {

    private int step;
    private boolean validated;
    private double trainSeconds;
    private double validationSeconds;
    private double waitSeconds;
    private int skippedSteps;
    private Optional<Checkpoint.Best> best;

    /** @param best the best weights that are there, whatever the checkpoint remembers */
    Standing(Checkpoint.Position from, Optional<Checkpoint.Best> best) {
        step = from.step();
        validated = from.validated();
        trainSeconds = from.trainSeconds();
        validationSeconds = from.validationSeconds();
        waitSeconds = from.waitSeconds();
        skippedSteps = from.skippedSteps();
        this.best = best;
    }

    /** Counts a step that took {@code seconds}, of which {@code waited} were spent waiting for data. */
    void addStep(double seconds, double waited, boolean skipped) {
        step++;
        validated = false;
        trainSeconds += seconds;
        waitSeconds += waited;
        skippedSteps += skipped ? 1 : 0;
    }

    /** Adds time spent in validation. */
    void addValidation(double seconds) {
        validationSeconds += seconds;
    }

    /** Remembers that the validation after this step is done. */
    void setValidated() {
        validated = true;
    }

    /** Remembers the weights of this step as the best. */
    void setBest(Checkpoint.Best newBest) {
        best = Optional.of(newBest);
    }

    /** Returns how many steps are done. */
    int step() {
        return step;
    }

    /** Returns whether the validation after this step is done. */
    boolean validated() {
        return validated;
    }

    /** Returns how long the steps took in all. */
    double trainSeconds() {
        return trainSeconds;
    }

    /** Returns the best weights so far. */
    Optional<Checkpoint.Best> best() {
        return best;
    }

    /** Returns whether the mean Dice of {@code scores} is higher than any before. */
    boolean isBest(CaseScores scores) {
        return best.isEmpty() || best.get().meanDice() < scores.meanDice();
    }

    /** Returns this as a checkpoint remembers it. */
    Checkpoint.Position position(long metricsBytes, Optional<Checkpoint.LossScale> lossScale) {
        return new Checkpoint.Position(
                step,
                validated,
                trainSeconds,
                validationSeconds,
                waitSeconds,
                skippedSteps,
                metricsBytes,
                lossScale,
                best);
    }

    /** Returns this as the result of {@code job}. */
    TrainResult result(Job job, boolean interrupted, double loss, long parameters, Optional<ValidationScores> scores) {
        double voxels = (double) step
                * job.config().samples().batch()
                * job.plan().patch().voxels();
        return new TrainResult(
                job.run().path(),
                step,
                interrupted,
                trainSeconds,
                validationSeconds,
                trainSeconds == 0 ? 0 : voxels / trainSeconds,
                trainSeconds == 0 ? 0 : waitSeconds / trainSeconds,
                loss,
                skippedSteps,
                parameters,
                OptionalLong.empty(),
                OptionalLong.empty(),
                scores);
    }
}
