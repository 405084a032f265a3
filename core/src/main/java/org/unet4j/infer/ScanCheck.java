package org.unet4j.infer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.unet4j.prep.Channel;
import org.unet4j.prep.Normalization;
import org.unet4j.prep.Plan;
import org.unet4j.volume.Reorient;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

/** Says how a scan differs from those that a network learnt from, by so much that its labels may be wrong. */
final class ScanCheck {

    /** Voxels of real datasets differ by less from their median: the pancreas CTs of the Decathlon by 0.3 to 3 along z. */
    private static final double MOST_TIMES = 3;

    private static final double LEAST_SHARE = 0.01;
    private static final double AIR_HU = -500;
    private static final int EVERY = 97;

    private ScanCheck() {}

    /** Returns a line for each thing that is unusual, with numbers and what to do; empty where nothing is. */
    static List<String> warnings(Plan plan, Scan scan) {
        List<String> warnings = new ArrayList<>();
        Spacing spacing = Reorient.toRas(scan.grid()).grid().spacing();
        for (int axis = 0; axis < 3; axis++) {
            double times = spacing.get(axis) / plan.spacing().get(axis);
            if (times > MOST_TIMES || times < 1 / MOST_TIMES) {
                warnings.add(String.format(
                        Locale.ROOT,
                        "its voxels are %.3g mm along %s; the network learnt at %.3g mm: check the header's spacing,"
                                + " and the labels",
                        spacing.get(axis),
                        List.of("z", "y", "x").get(axis),
                        plan.spacing().get(axis)));
            }
        }
        for (int i = 0; i < plan.channels().size(); i++) {
            Channel channel = plan.channels().get(i);
            if (Channel.namesCt(channel.name()) && channel.normalization() instanceof Normalization.CtWindow window) {
                intensities(scan.channels().get(i), window, warnings);
            }
        }
        return warnings;
    }

    private static void intensities(Volume volume, Normalization.CtWindow window, List<String> warnings) {
        int voxels = volume.grid().shape().arrayLength();
        double lowest = Double.POSITIVE_INFINITY;
        double highest = Double.NEGATIVE_INFINITY;
        int seen = 0;
        int inside = 0;
        for (int i = 0; i < voxels; i += EVERY) {
            double value = volume.get(i);
            lowest = Math.min(lowest, value);
            highest = Math.max(highest, value);
            inside += value > window.lower() && value < window.upper() ? 1 : 0;
            seen++;
        }
        if (inside < LEAST_SHARE * seen || lowest > AIR_HU) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "its values go from %s to %s, %.1f %% of them in the window from %s to %s HU that the network"
                            + " learnt, and air should be about -1000 HU: check that the scan is in Hounsfield units",
                    number(lowest),
                    number(highest),
                    100.0 * inside / seen,
                    number(window.lower()),
                    number(window.upper())));
        }
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : String.format(Locale.ROOT, "%.4g", value);
    }
}
