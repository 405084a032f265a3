package org.unet4j.export;

import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;

/**
 * How near the logits of an exported network are to those of the network in libtorch, in float32 on the processor.
 *
 * @param images how many were compared
 * @param largestDifference of two logits
 * @param largestLogit its magnitude
 * @param sameLabels share of the voxels whose largest logit is that of the same class, in [0, 1], of those that are foreground to
 *     either network; 1 where none is
 * @param worstClass the foreground class whose voxels agree least; 0 where there is no foreground
 * @param worstDice its Dice coefficient between the two, in [0, 1]; 1 where there is no foreground
 */
public record Parity(
        int images,
        double largestDifference,
        double largestLogit,
        double sameLabels,
        int worstClass,
        double worstDice) {

    /**
     * What two orders of summing through a few dozen layers of float32 may differ by, for logits up to 1; for larger ones in
     * proportion, as numbers round.
     */
    static final double TOLERANCE = 1e-4;

    /** Weights of eleven bits, each off by up to 2^-11 of itself, through a few dozen layers. */
    static final double HALF_TOLERANCE = 2e-2;

    /** An exported network. */
    @FunctionalInterface
    interface Exported {
        /** Returns the logits (N, classes, D, H, W) of images (N, channels, D, H, W), in row-major order. */
        float[] logits(Tensor imageNCDHW);
    }

    /** Returns how near {@code exported} is to {@code trained} over {@code imagesNCDHW}. */
    static Parity of(TrainedNetwork trained, Exported exported, List<Tensor> imagesNCDHW) {
        double difference = 0;
        double largest = 0;
        LabelAgreement labels = new LabelAgreement(trained.spec().classes());
        for (Tensor image : imagesNCDHW) {
            try (Scope scope = new Scope();
                    NoGradGuard noGradients = new NoGradGuard()) {
                float[] expected = Tensors.toFloats(trained.network().forward(image));
                float[] given = exported.logits(image);
                if (given.length != expected.length) {
                    throw new IllegalStateException(
                            given.length + " logits were computed where libtorch has " + expected.length);
                }
                for (int i = 0; i < expected.length; i++) {
                    largest = Math.max(largest, Math.abs(expected[i]));
                    double apart = Math.abs((double) expected[i] - given[i]);
                    difference = Double.isNaN(apart) ? apart : Math.max(difference, apart);
                }
                labels.add(labels(image, expected), labels(image, given));
            }
        }
        int worst = labels.worstClass();
        return new Parity(
                imagesNCDHW.size(), difference, largest, labels.share(), worst, worst == 0 ? 1 : labels.dice(worst));
    }

    private static short[] labels(Tensor imageNCDHW, float[] logits) {
        Tensor largest = Tensors.of(logits, shape(imageNCDHW, logits)).argmax(new LongOptional(1), false);
        return Tensors.toShorts(largest);
    }

    private static long[] shape(Tensor imageNCDHW, float[] logits) {
        long[] shape = Tensors.shape(imageNCDHW);
        shape[1] = logits.length / (imageNCDHW.numel() / shape[1]);
        return shape;
    }

    /** Returns why what is not {@link #within} {@code tolerance} is refused; empty where it is. */
    Optional<String> refusal(double tolerance) {
        return within(tolerance)
                ? Optional.empty()
                : Optional.of("its logits would differ from the network's by " + largestDifference
                        + " where the largest is " + largestLogit
                        + "; please report it with the network's model.yaml");
    }

    /** Returns whether no logit differs by more than {@code tolerance}, or that share of the largest logit if it is above 1. */
    public boolean within(double tolerance) {
        return largestDifference <= tolerance * Math.max(1, largestLogit);
    }
}
