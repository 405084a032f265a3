package org.unet4j.report;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.unet4j.eval.Statistics;

/**
 * One process that trained for some steps.
 *
 * @param stepSeconds each measured step, from the end of the one before to its own, in order; at least one
 * @param waitSeconds how much of them was spent waiting for data
 * @param peakMemoryBytes most resident memory of the process, the mapped parts of prepared cases included; absent where the
 *     system does not say
 * @param peakDeviceBytes most memory that libtorch held on the card; absent on the CPU
 * @param utilization share of the device that was busy: processor time over wall time and computing threads, or what
 *     nvidia-smi says of the card; absent where neither is known
 */
public record Repetition(
        List<Double> stepSeconds,
        double waitSeconds,
        OptionalLong peakMemoryBytes,
        OptionalLong peakDeviceBytes,
        OptionalDouble utilization) {

    /** Checks that there is a step. */
    public Repetition {
        stepSeconds = List.copyOf(stepSeconds);
        if (stepSeconds.isEmpty()) {
            throw new IllegalArgumentException("a repetition needs at least one measured step");
        }
    }

    /** Returns the median step. */
    public double medianSeconds() {
        return Statistics.quantile(
                stepSeconds.stream().mapToDouble(Double::doubleValue).toArray(), 0.5);
    }

    /** Returns how long all measured steps took. */
    double seconds() {
        return stepSeconds.stream().mapToDouble(Double::doubleValue).sum();
    }
}
