package org.unet4j.loss;

import org.bytedeco.pytorch.Tensor;

/**
 * What training makes small. A loss is a value; it is computed in float32 whatever the logits' type and however the forward
 * pass was cast.
 */
public sealed interface Loss permits Dice, CrossEntropy, DiceCrossEntropy {

    /**
     * Returns one number, at least 0, that can be propagated back.
     *
     * @param logitsNCDHW one channel a class, on any device, of any floating type
     * @param targetNDHW the classes as int64, on the same device
     * @throws IllegalArgumentException if the shapes do not fit, or a voxel of the target is no class of the logits
     */
    Tensor of(Tensor logitsNCDHW, Tensor targetNDHW);

    /** Returns nnU-Net's default: Dice of the foreground for each sample, plus cross-entropy, equally weighted. */
    static Loss diceCrossEntropy() {
        return new DiceCrossEntropy(Dice.perSample(), new CrossEntropy());
    }
}
