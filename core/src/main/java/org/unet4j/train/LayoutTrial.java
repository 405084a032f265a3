package org.unet4j.train;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.unet4j.model.Layout;

/** Finds the layout of a run that leaves it open. */
final class LayoutTrial {

    /** What the other layout must be faster by: below, the clock's noise decides, and a run is easier to repeat as usual. */
    private static final double GAIN = 0.95;

    private LayoutTrial() {}

    /**
     * Returns {@code job} with a layout in its configuration: its own, else the usual one where the run is to be deterministic,
     * else the faster one of a few gradients of an empty batch, which the listener hears.
     */
    static Job decide(Job job) {
        Numerics numerics = job.config().numerics();
        if (numerics.layout() != Layout.AUTO) {
            return job;
        }
        Layout usual = Layout.usual(job.device(), numerics.precision());
        Map<Layout, Double> seconds = new EnumMap<>(Layout.class);
        Layout chosen = usual;
        if (!numerics.deterministic()) {
            for (Layout layout : List.of(Layout.CONTIGUOUS, Layout.CHANNELS_LAST)) {
                seconds.put(layout, PartClock.seconds(in(job, layout)));
            }
            for (Layout layout : seconds.keySet()) {
                chosen = seconds.get(layout) < GAIN * seconds.get(chosen) ? layout : chosen;
            }
        }
        job.listener().layoutChosen(chosen, Collections.unmodifiableMap(seconds));
        return in(job, chosen);
    }

    private static Job in(Job job, Layout layout) {
        TrainConfig config = job.config();
        return job.with(config.withNumerics(config.numerics().withLayout(layout)));
    }
}
