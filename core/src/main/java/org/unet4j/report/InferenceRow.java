package org.unet4j.report;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;
import org.unet4j.eval.Statistics;

/**
 * How fast a network segments in one way, and how well.
 *
 * @param engine what runs it
 * @param precision of its convolutions, or of its stored weights
 * @param threads that the engine has
 * @param figures over all passes that came to their end; absent where none did
 * @param toBaseline how many times faster than libtorch in fp32 with as many threads; absent where that was not measured
 * @param diceLoss mean Dice of libtorch in fp32 minus this one's; absent where that was not measured
 * @param passes in order
 * @param failures why passes did not come to their end, in a line each
 */
public record InferenceRow(
        String engine,
        String precision,
        int threads,
        Optional<Figures> figures,
        OptionalDouble toBaseline,
        OptionalDouble diceLoss,
        List<InferencePass> passes,
        List<String> failures) {

    /** The engine that others are compared with. */
    public static final String BASELINE_ENGINE = "libtorch";

    /** The precision that others are compared with. */
    public static final String BASELINE_PRECISION = "fp32";

    /** Copies the lists. */
    public InferenceRow {
        passes = List.copyOf(passes);
        failures = List.copyOf(failures);
    }

    /**
     * The figures of all passes together.
     *
     * @param secondsAVolume the median over passes of the mean over cases
     * @param windowsASecond the median over passes
     * @param meanDice of the first pass; every pass computes the same
     * @param peakMemoryBytes the most of any pass
     */
    public record Figures(double secondsAVolume, double windowsASecond, double meanDice, OptionalLong peakMemoryBytes) {

        static Figures of(List<InferencePass> passes) {
            return new Figures(
                    median(passes, InferencePass::secondsAVolume),
                    median(passes, InferencePass::windowsASecond),
                    passes.get(0).meanDice(),
                    passes.stream()
                            .filter(pass -> pass.peakMemoryBytes().isPresent())
                            .mapToLong(pass -> pass.peakMemoryBytes().getAsLong())
                            .max());
        }

        private static double median(List<InferencePass> passes, ToDoubleFunction<InferencePass> value) {
            return Statistics.quantile(passes.stream().mapToDouble(value).toArray(), 0.5);
        }
    }

    /** Returns the row of these passes, which is compared with no other yet. */
    public static InferenceRow of(
            String engine, String precision, int threads, List<InferencePass> passes, List<String> failures) {
        return new InferenceRow(
                engine,
                precision,
                threads,
                passes.isEmpty() ? Optional.empty() : Optional.of(Figures.of(passes)),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                passes,
                failures);
    }

    /** Returns this row compared with the one of libtorch in fp32 that has as many threads. */
    InferenceRow compared(List<InferenceRow> rows) {
        Optional<Figures> baseline = rows.stream()
                .filter(row -> row.engine.equals(BASELINE_ENGINE) && row.precision.equals(BASELINE_PRECISION))
                .filter(row -> row.threads == threads && !row.equals(this))
                .findFirst()
                .flatMap(InferenceRow::figures);
        if (baseline.isEmpty() || figures.isEmpty()) {
            return this;
        }
        Figures other = baseline.get();
        return new InferenceRow(
                engine,
                precision,
                threads,
                figures,
                OptionalDouble.of(other.secondsAVolume() / figures.get().secondsAVolume()),
                OptionalDouble.of(other.meanDice() - figures.get().meanDice()),
                passes,
                failures);
    }
}
