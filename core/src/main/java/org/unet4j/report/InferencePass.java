package org.unet4j.report;

import java.util.List;
import java.util.OptionalLong;
import org.unet4j.eval.Statistics;

/**
 * One process that segmented every case once, after one that was not measured.
 *
 * @param seconds from each scan in memory to its labels, preparation included
 * @param windows that went through the network in all of them
 * @param dice of each case, the mean over its classes
 * @param peakMemoryBytes most resident memory of the process; absent where the system does not say
 */
public record InferencePass(List<Double> seconds, long windows, List<Double> dice, OptionalLong peakMemoryBytes) {

    /** Checks that there is a case. */
    public InferencePass {
        seconds = List.copyOf(seconds);
        dice = List.copyOf(dice);
        if (seconds.isEmpty() || dice.size() != seconds.size()) {
            throw new IllegalArgumentException("a pass needs the seconds and the Dice of at least one case; given "
                    + seconds.size() + " and " + dice.size());
        }
    }

    double secondsAVolume() {
        return mean(seconds);
    }

    double windowsASecond() {
        return windows / seconds.stream().mapToDouble(Double::doubleValue).sum();
    }

    double meanDice() {
        return mean(dice);
    }

    private static double mean(List<Double> values) {
        return Statistics.mean(values.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
