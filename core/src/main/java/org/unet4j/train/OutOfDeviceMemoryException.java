package org.unet4j.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.unet4j.prep.Plan;
import org.unet4j.torch.Precision;
import org.unet4j.torch.Torch;
import org.unet4j.volume.Shape;

/** A step needs more memory than the device has; the message says which settings need about half of it. */
public final class OutOfDeviceMemoryException extends RuntimeException {

    private OutOfDeviceMemoryException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Returns {@code e} in words of the run's settings where memory was lacking, else itself. */
    static RuntimeException explained(RuntimeException e, Job job) {
        if (!Torch.isOutOfMemory(e)) {
            return e;
        }
        TrainConfig config = job.config();
        int parts = config.samples().accumulation();
        String said = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        String asked =
                "patch " + job.plan().patch() + ", batch " + config.samples().batch() + " in "
                        + (parts == 1 ? "one part" : parts + " parts") + ", precision "
                        + name(config.numerics().precision());
        List<String> halves = halves(config, job.plan());
        return new OutOfDeviceMemoryException(
                "out of memory on " + job.device() + " (" + said + "): it is too small for " + asked + ". "
                        + (halves.isEmpty()
                                ? "Train a network of fewer features (topology.features in the plan)"
                                : "By estimate each of these halves what a step needs, the best first: "
                                        + String.join("; or ", halves))
                        + ". Start a new run with it",
                e);
    }

    /**
     * Returns what halves the memory of a step, the best first. The estimate: features, which are most of it, are as many as
     * samples in a part times voxels of a patch, and half as large in half precision.
     */
    private static List<String> halves(TrainConfig config, Plan plan) {
        List<String> advice = new ArrayList<>();
        int batch = config.samples().batch();
        Optional<Integer> parts = config.mayAccumulate() ? moreParts(config) : Optional.empty();
        parts.ifPresent(n -> advice.add("samples.accumulation " + n + " (batch " + batch + " in " + n + " parts of "
                + batch / n + ", the same gradient)"));
        Precision precision = config.numerics().precision();
        if (precision == Precision.FP32 || precision == Precision.TF32) {
            advice.add("numerics.precision " + name(Precision.BF16));
        }
        Shape smaller = halved(plan);
        if (smaller.voxels() < plan.patch().voxels()) {
            advice.add("patch " + smaller + " in the plan");
        }
        if (parts.isEmpty() && samplesAPart(config) > 1) {
            advice.add("batch " + batch / 2);
        }
        return advice;
    }

    private static Optional<Integer> moreParts(TrainConfig config) {
        int batch = config.samples().batch();
        return IntStream.rangeClosed(1, batch)
                .filter(n -> batch % n == 0 && batch / n <= samplesAPart(config) / 2)
                .boxed()
                .findFirst();
    }

    /** Returns the plan's patch, its longest axis cut again and again until half of the voxels are left, or as few as can be. */
    private static Shape halved(Plan plan) {
        Shape divisor = plan.topology().divisor();
        int[] patch = plan.patch().toArray();
        while (Shape.of(patch).voxels() * 2 > plan.patch().voxels()) {
            int longest = -1;
            for (int axis = 0; axis < Shape.AXES; axis++) {
                boolean canShrink = patch[axis] > divisor.get(axis);
                if (canShrink && (longest < 0 || patch[axis] > patch[longest])) {
                    longest = axis;
                }
            }
            if (longest < 0) {
                break;
            }
            patch[longest] -= divisor.get(longest);
        }
        return Shape.of(patch);
    }

    private static String name(Precision precision) {
        return precision.name().toLowerCase(Locale.ROOT);
    }

    private static int samplesAPart(TrainConfig config) {
        return config.samples().batch() / config.samples().accumulation();
    }
}
