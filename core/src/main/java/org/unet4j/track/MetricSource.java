package org.unet4j.track;

import java.io.IOException;
import java.util.List;

/** Where the points of a run's curves come from, in their order. */
@FunctionalInterface
public interface MetricSource {

    /** Returns the next points, a thousand or so at most; none where there are no more yet. */
    List<Metric> next() throws IOException;
}
