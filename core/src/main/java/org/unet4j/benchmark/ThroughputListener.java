package org.unet4j.benchmark;

import org.unet4j.report.Repetition;

/** Hears how the measuring of throughput goes. */
public interface ThroughputListener {

    /** Returns a listener that ignores everything. */
    static ThroughputListener silent() {
        return new ThroughputListener() {};
    }

    /** A run begins: number {@code index}, counted from 0, of {@code count}. */
    default void started(Variant variant, int index, int count) {}

    /** A run is done. */
    default void measured(Variant variant, Repetition repetition) {}

    /** A run failed, for this reason. */
    default void failed(Variant variant, String reason) {}
}
