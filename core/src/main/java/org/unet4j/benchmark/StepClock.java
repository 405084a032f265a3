package org.unet4j.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.unet4j.torch.Device;
import org.unet4j.torch.PeakMemory;
import org.unet4j.torch.Torch;
import org.unet4j.train.StepEvent;
import org.unet4j.train.TrainListener;

/**
 * Times the steps after a warm-up, from the end of one to the end of the next, so that nothing between them is left out; and
 * how busy the device is meanwhile. What a process does after its last step, such as saving, is not measured.
 */
final class StepClock implements TrainListener {

    private static final double NANOS = 1e-9;

    private final int warmup;
    private final Device device;
    private final List<Double> stepSeconds = new ArrayList<>();
    private long lastNanos;
    private long processorNanos;
    private Optional<CardUse> card = Optional.empty();
    private OptionalDouble utilization = OptionalDouble.empty();
    private Optional<PartialScores.Memory> memory = Optional.empty();

    StepClock(int warmup, Device device) {
        this.warmup = warmup;
        this.device = device;
    }

    @Override
    public void step(StepEvent step) {
        long now = System.nanoTime();
        if (step.step() > warmup) {
            stepSeconds.add((now - lastNanos) * NANOS);
        } else if (step.step() == warmup) {
            begin();
        }
        if (step.step() == step.steps()) {
            end();
        }
        lastNanos = System.nanoTime();
    }

    private void begin() {
        processorNanos = processorNanos();
        card = device.isCuda() ? CardUse.start(device.index()) : Optional.empty();
    }

    private void end() {
        double seconds = stepSeconds.stream().mapToDouble(Double::doubleValue).sum();
        long processor = processorNanos() - processorNanos;
        if (device.isCuda()) {
            utilization = card.map(CardUse::stop).orElse(OptionalDouble.empty());
        } else if (processorNanos >= 0) {
            utilization = OptionalDouble.of(processor * NANOS / seconds / Torch.threads());
        }
        try {
            memory = Optional.of(PartialScores.Memory.of(PeakMemory.ofProcess(device)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the processor time of this process, of all its threads; -1 where it is not known. */
    private static long processorNanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : -1;
    }

    boolean finished() {
        return memory.isPresent();
    }

    List<Double> stepSeconds() {
        return List.copyOf(stepSeconds);
    }

    PartialScores.Memory memory() {
        return memory.orElseThrow();
    }

    OptionalDouble utilization() {
        return utilization;
    }
}
