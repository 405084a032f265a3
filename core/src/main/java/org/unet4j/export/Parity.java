package org.unet4j.export;

import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.unet4j.model.Network;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;

/**
 * How near the logits of an exported network are to those of the network in libtorch, in float32 on the processor.
 *
 * @param images how many were compared
 * @param largestDifference of two logits
 * @param largestLogit its magnitude
 * @param sameLabels share of the voxels whose largest logit is that of the same class, in [0, 1]
 */
public record Parity(int images, double largestDifference, double largestLogit, double sameLabels) {

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

    /** Returns how near {@code exported} is to {@code network} over {@code imagesNCDHW}. */
    static Parity of(Network network, Exported exported, List<Tensor> imagesNCDHW) {
        double difference = 0;
        double largest = 0;
        long same = 0;
        long voxels = 0;
        for (Tensor image : imagesNCDHW) {
            try (Scope scope = new Scope();
                    NoGradGuard noGradients = new NoGradGuard()) {
                float[] expected = Tensors.toFloats(network.forward(image));
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
                Tensor largestOfLibtorch =
                        Tensors.of(expected, shape(image, expected)).argmax(new LongOptional(1), false);
                Tensor largestGiven = Tensors.of(given, shape(image, expected)).argmax(new LongOptional(1), false);
                same += largestOfLibtorch.eq(largestGiven).sum().item_long();
                voxels += largestOfLibtorch.numel();
            }
        }
        return new Parity(imagesNCDHW.size(), difference, largest, (double) same / voxels);
    }

    private static long[] shape(Tensor imageNCDHW, float[] logits) {
        long[] shape = Tensors.shape(imageNCDHW);
        shape[1] = logits.length / (imageNCDHW.numel() / shape[1]);
        return shape;
    }

    /** Returns whether no logit differs by more than {@code tolerance}, or that share of the largest logit if it is above 1. */
    public boolean within(double tolerance) {
        return largestDifference <= tolerance * Math.max(1, largestLogit);
    }
}
