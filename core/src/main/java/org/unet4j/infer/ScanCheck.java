package org.unet4j.infer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.unet4j.prep.Channel;
import org.unet4j.prep.Normalization;
import org.unet4j.prep.Plan;
import org.unet4j.prep.TrainingRanges;
import org.unet4j.volume.Reorient;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

/** Says how a scan differs from those that a network learnt from, by so much that its labels may be wrong. */
final class ScanCheck {

    /** Voxels of real datasets differ by less from their median: the pancreas CTs of the Decathlon by 0.3 to 3 along z. */
    private static final double MOST_TIMES = 3;

    /** How far beyond all training cases a spacing is told: augmentation scales by 0.7 to 1.4. */
    private static final double OUTSIDE = 1.5;

    private static final double LEAST_SHARE = 0.01;
    private static final double AIR_HU = -500;
    private static final int EVERY = 97;

    private ScanCheck() {}

    /** Returns a line for each thing that is unusual, with numbers and what to do; empty where nothing is. */
    static List<String> warnings(Plan plan, Optional<TrainingRanges> ranges, Scan scan) {
        List<String> warnings = new ArrayList<>();
        Spacing spacing = Reorient.toRas(scan.grid()).grid().spacing();
        for (int axis = 0; axis < 3; axis++) {
            spacing(axis, spacing.get(axis), plan, ranges).ifPresent(warnings::add);
        }
        for (int i = 0; i < plan.channels().size(); i++) {
            Channel channel = plan.channels().get(i);
            Volume volume = scan.channels().get(i);
            if (Channel.namesCt(channel.name()) && channel.normalization() instanceof Normalization.CtWindow window) {
                hounsfield(Sample.of(volume, window.lower(), window.upper()), window)
                        .ifPresent(warnings::add);
            } else if (ranges.isPresent()) {
                TrainingRanges.Channel range = ranges.get().channels().get(i);
                intensities(channel.name(), Sample.of(volume, range.lower(), range.upper()), range)
                        .ifPresent(warnings::add);
            }
        }
        return warnings;
    }

    private static Optional<String> spacing(int axis, double mm, Plan plan, Optional<TrainingRanges> ranges) {
        double finest = ranges.isPresent()
                ? ranges.get().finest().get(axis) / OUTSIDE
                : plan.spacing().get(axis) / MOST_TIMES;
        double coarsest = ranges.isPresent()
                ? ranges.get().coarsest().get(axis) * OUTSIDE
                : plan.spacing().get(axis) * MOST_TIMES;
        if (mm >= finest && mm <= coarsest) {
            return Optional.empty();
        }
        String learnt = ranges.map(known -> String.format(
                        Locale.ROOT,
                        "those of the %d training cases are %.3g to %.3g mm",
                        known.cases(),
                        known.finest().get(axis),
                        known.coarsest().get(axis)))
                .orElseGet(() -> String.format(
                        Locale.ROOT,
                        "the network learnt at %.3g mm",
                        plan.spacing().get(axis)));
        return Optional.of(String.format(
                Locale.ROOT,
                "its voxels are %.3g mm along %s; %s: check the header's spacing, and the labels",
                mm,
                List.of("z", "y", "x").get(axis),
                learnt));
    }

    /** What some of a volume's voxels hold, and which share of them lies between two values. */
    private record Sample(double lowest, double highest, double inside) {

        static Sample of(Volume volume, double lower, double upper) {
            int voxels = volume.grid().shape().arrayLength();
            double lowest = Double.POSITIVE_INFINITY;
            double highest = Double.NEGATIVE_INFINITY;
            int seen = 0;
            int inside = 0;
            for (int i = 0; i < voxels; i += EVERY) {
                double value = volume.get(i);
                lowest = Math.min(lowest, value);
                highest = Math.max(highest, value);
                inside += value > lower && value < upper ? 1 : 0;
                seen++;
            }
            return new Sample(lowest, highest, (double) inside / seen);
        }

        /** Returns "from 0 to 1, 0.0 % of them". */
        String text() {
            return "from " + number(lowest) + " to " + number(highest)
                    + String.format(Locale.ROOT, ", %.1f %% of them", 100 * inside);
        }
    }

    private static Optional<String> hounsfield(Sample sample, Normalization.CtWindow window) {
        if (sample.inside >= LEAST_SHARE && sample.lowest <= AIR_HU) {
            return Optional.empty();
        }
        return Optional.of("its values go " + sample.text() + " in the window from " + number(window.lower()) + " to "
                + number(window.upper()) + " HU that the network learnt, and air should be about -1000 HU: check that"
                + " the scan is in Hounsfield units");
    }

    private static Optional<String> intensities(String channel, Sample sample, TrainingRanges.Channel range) {
        if (sample.inside >= LEAST_SHARE || range.lower() >= range.upper()) {
            return Optional.empty();
        }
        return Optional.of("its values of channel " + channel + " go " + sample.text() + " from "
                + number(range.lower()) + " to " + number(range.upper()) + ", where what was labelled in training lies:"
                + " check that it is stored as those scans were");
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : String.format(Locale.ROOT, "%.4g", value);
    }
}
