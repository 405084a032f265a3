package org.unet4j.train;

import java.util.Objects;
import org.unet4j.augment.Augmentation;

/**
 * What a step learns from.
 *
 * @param batch samples of an optimizer step
 * @param accumulation in how many parts the batch is computed, one after the other; divides it. More parts need less memory
 *     and give the same gradient
 * @param foregroundShare share of the samples that are cut around a voxel of a foreground class; nnU-Net uses 0.33
 * @param augmentation what is done to every sample
 */
public record Samples(int batch, int accumulation, double foregroundShare, Augmentation augmentation) {

    /** Checks every value. */
    public Samples {
        Rules.atLeast("batch", batch, 1);
        Rules.atLeast("accumulation", accumulation, 1);
        if (batch % accumulation != 0) {
            throw new IllegalArgumentException("accumulation " + accumulation + " must divide the batch of " + batch
                    + ": parts of one size give the gradient of the whole");
        }
        Rules.inUnit("foregroundShare", foregroundShare);
        Objects.requireNonNull(augmentation, "augmentation is missing");
    }

    /** Returns these with another batch. */
    public Samples withBatch(int value) {
        return new Samples(value, accumulation, foregroundShare, augmentation);
    }

    /** Returns these with the batch computed in {@code value} parts. */
    public Samples withAccumulation(int value) {
        return new Samples(batch, value, foregroundShare, augmentation);
    }

    /** Returns these with another share of foreground. */
    public Samples withForegroundShare(double value) {
        return new Samples(batch, accumulation, value, augmentation);
    }

    /** Returns these with another augmentation. */
    public Samples withAugmentation(Augmentation value) {
        return new Samples(batch, accumulation, foregroundShare, value);
    }
}
