package org.unet4j.loss;

import org.bytedeco.pytorch.Tensor;

/**
 * Dice plus cross-entropy, equally weighted: nnU-Net's DC_and_CE_loss plus 1, MONAI's DiceCELoss.
 *
 * @param dice the first part
 * @param crossEntropy the second part
 */
public record DiceCrossEntropy(Dice dice, CrossEntropy crossEntropy) implements Loss {

    @Override
    public Tensor of(Tensor logitsNCDHW, Tensor targetNDHW) {
        return Voxelwise.compute(
                logitsNCDHW, targetNDHW, voxels -> dice.of(voxels).add(crossEntropy.of(voxels)));
    }
}
