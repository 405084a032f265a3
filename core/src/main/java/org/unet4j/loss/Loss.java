package org.unet4j.loss;

import org.bytedeco.pytorch.Tensor;

/**
 * What training makes small. A loss is a value; it is computed in float32, or in the float64 of its logits, however the
 * forward pass was cast.
 */
public sealed interface Loss permits Dice, VoxelLoss, DicePlus {

    /**
     * Returns one number, at least 0, that can be propagated back.
     *
     * <p>Nothing waits for a graphics card, so what a target holds is checked on the processor only. On a card, a voxel that
     * is none of the classes counts as a voxel without class; stored cases are checked when they are prepared.
     *
     * @param logitsNCDHW one channel a class, on any device, of any floating type
     * @param targetNDHW the classes as int64 or uint8, on the same device
     * @throws IllegalArgumentException if the shapes do not fit, or a voxel of the target is no class of the logits
     */
    default Tensor of(Tensor logitsNCDHW, Tensor targetNDHW) {
        return of(logitsNCDHW, targetNDHW, Ranks.alone());
    }

    /**
     * Returns what {@link #of(Tensor, Tensor)} does, for logits that are one rank's share of a batch. Where every rank has an
     * equal share, the average over ranks of this number is the loss of the whole batch, and the average over ranks of the
     * gradients of shared weights is its gradient. {@link TopK} keeps this only where all voxels count.
     */
    Tensor of(Tensor logitsNCDHW, Tensor targetNDHW, Ranks ranks);

    /**
     * Returns whether the loss of a batch differs from the mean of the losses of its parts, so that no gradient can be
     * accumulated over parts.
     */
    boolean needsWholeBatch();

    /** Returns nnU-Net's default: Dice of the foreground for each sample, plus cross-entropy, equally weighted. */
    static Loss diceCrossEntropy() {
        return new DicePlus(Dice.perSample(), CrossEntropy.unweighted());
    }
}
