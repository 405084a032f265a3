package org.unet4j.report;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import org.unet4j.eval.Statistics;

/**
 * How fast one network trains in one way.
 *
 * @param network its name
 * @param precision of its convolutions
 * @param layout of its features in memory
 * @param path how samples reach it: {@value #OFFLINE} or {@value #NAIVE}
 * @param figures over all repetitions that came to their end; absent where none did
 * @param toFp32 how many times faster than fp32 in its faster layout; absent where fp32 was not measured
 * @param toNaive how many times faster than the naive path, all else equal; absent where that was not measured
 * @param repetitions in order
 * @param failures why repetitions did not come to their end, in a line each
 */
public record ThroughputRow(
        String network,
        String precision,
        String layout,
        String path,
        Optional<Figures> figures,
        OptionalDouble toFp32,
        OptionalDouble toNaive,
        List<Repetition> repetitions,
        List<String> failures) {

    /** The path of prepared cases and prefetch threads. */
    public static final String OFFLINE = "offline";

    /** The path that reads and prepares inside the loop. */
    public static final String NAIVE = "naive";

    private static final String FP32 = "fp32";

    /** Copies the lists. */
    public ThroughputRow {
        repetitions = List.copyOf(repetitions);
        failures = List.copyOf(failures);
    }

    /**
     * The figures of all repetitions together.
     *
     * @param stepSeconds the median step
     * @param lowerQuartile of the steps' seconds
     * @param upperQuartile of the steps' seconds
     * @param stepsPerSecond one over the median
     * @param voxelsPerSecond patch voxels learned from in a second at that speed
     * @param waitShare share of all measured time that waited for data, in [0, 1]
     * @param peakMemoryBytes the most of any repetition
     * @param peakDeviceBytes the most of any repetition
     * @param utilization the mean of the repetitions
     */
    public record Figures(
            double stepSeconds,
            double lowerQuartile,
            double upperQuartile,
            double stepsPerSecond,
            double voxelsPerSecond,
            double waitShare,
            OptionalLong peakMemoryBytes,
            OptionalLong peakDeviceBytes,
            OptionalDouble utilization) {

        static Figures of(List<Repetition> repetitions, long voxelsAStep) {
            double[] steps = repetitions.stream()
                    .flatMap(one -> one.stepSeconds().stream())
                    .mapToDouble(Double::doubleValue)
                    .toArray();
            double median = Statistics.quantile(steps, 0.5);
            double seconds =
                    repetitions.stream().mapToDouble(Repetition::seconds).sum();
            double waited =
                    repetitions.stream().mapToDouble(Repetition::waitSeconds).sum();
            return new Figures(
                    median,
                    Statistics.quantile(steps, 0.25),
                    Statistics.quantile(steps, 0.75),
                    1 / median,
                    voxelsAStep / median,
                    waited / seconds,
                    most(repetitions, Repetition::peakMemoryBytes),
                    most(repetitions, Repetition::peakDeviceBytes),
                    repetitions.stream()
                            .map(Repetition::utilization)
                            .filter(OptionalDouble::isPresent)
                            .mapToDouble(OptionalDouble::getAsDouble)
                            .average());
        }

        private static OptionalLong most(List<Repetition> repetitions, Function<Repetition, OptionalLong> bytes) {
            return repetitions.stream()
                    .map(bytes)
                    .filter(OptionalLong::isPresent)
                    .mapToLong(OptionalLong::getAsLong)
                    .max();
        }
    }

    /** Returns the row of these repetitions, which is compared with no other yet. */
    public static ThroughputRow of(
            String network,
            String precision,
            String layout,
            String path,
            long voxelsAStep,
            List<Repetition> repetitions,
            List<String> failures) {
        return new ThroughputRow(
                network,
                precision,
                layout,
                path,
                repetitions.isEmpty() ? Optional.empty() : Optional.of(Figures.of(repetitions, voxelsAStep)),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                repetitions,
                failures);
    }

    /** Returns this row with its ratios: to the fastest layout of fp32, and to the naive path in the same precision and layout. */
    ThroughputRow compared(List<ThroughputRow> rows) {
        OptionalDouble fp32 = OptionalDouble.empty();
        OptionalDouble naive = OptionalDouble.empty();
        for (ThroughputRow other : rows) {
            boolean sameNetwork = other.network.equals(network);
            if (sameNetwork && other.path.equals(path) && other.precision.equals(FP32) && !precision.equals(FP32)) {
                OptionalDouble times = timesFasterThan(other);
                fp32 = fp32.isPresent() && times.isPresent()
                        ? OptionalDouble.of(Math.min(fp32.getAsDouble(), times.getAsDouble()))
                        : times.isPresent() ? times : fp32;
            }
            boolean sameNumbers = other.precision.equals(precision) && other.layout.equals(layout);
            if (sameNetwork && sameNumbers && other.path.equals(NAIVE) && !path.equals(NAIVE)) {
                naive = timesFasterThan(other);
            }
        }
        return new ThroughputRow(network, precision, layout, path, figures, fp32, naive, repetitions, failures);
    }

    private OptionalDouble timesFasterThan(ThroughputRow other) {
        return figures.isPresent() && other.figures.isPresent()
                ? OptionalDouble.of(
                        other.figures.get().stepSeconds() / figures.get().stepSeconds())
                : OptionalDouble.empty();
    }
}
