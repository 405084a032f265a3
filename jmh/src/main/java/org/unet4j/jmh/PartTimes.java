package org.unet4j.jmh;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How long parts of something took each time, by the clock and in processor time of all threads of this process. */
final class PartTimes {

    private static final double NANOS = 1e-9;

    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final Map<String, List<Taken>> taken = new LinkedHashMap<>();

    /**
     * What something took.
     *
     * @param wallSeconds by the clock
     * @param processorSeconds of all threads together
     */
    record Taken(double wallSeconds, double processorSeconds) {}

    /** Since when something is timed. */
    record Start(long wallNanos, long processorNanos) {}

    /** Returns the present. */
    Start start() {
        return new Start(System.nanoTime(), system.getProcessCpuTime());
    }

    /** Adds to {@code part} what went by since {@code start}. */
    void add(String part, Start start) {
        Start now = start();
        taken.computeIfAbsent(part, name -> new ArrayList<>())
                .add(new Taken(
                        (now.wallNanos() - start.wallNanos()) * NANOS,
                        (now.processorNanos() - start.processorNanos()) * NANOS));
    }

    /** Returns for {@code part} the median by the clock and the mean of processor time, which the system counts in steps of 10 ms. */
    Taken usual(String part) {
        List<Taken> all = taken.get(part);
        double[] sorted = all.stream().mapToDouble(Taken::wallSeconds).sorted().toArray();
        double median = (sorted[sorted.length / 2] + sorted[(sorted.length - 1) / 2]) / 2;
        return new Taken(
                median,
                all.stream().mapToDouble(Taken::processorSeconds).average().orElseThrow());
    }
}
