package org.unet4j.model;

import org.unet4j.prep.Topology;

/**
 * The Attention U-Net of Oktay et al. 2018: {@link UNet} with gates that weight each skip, but the finest, by what the
 * decoder has found one stage coarser. Differs: strided convolutions for pooling, one head, as the other networks here.
 *
 * @param channels of the image
 * @param classes the background included
 * @param topology strides, kernels and features of the stages
 */
public record AttentionUNet(int channels, int classes, Topology topology) implements ModelSpec {

    /** Checks the counts. */
    public AttentionUNet {
        ModelSpec.check("attention-unet", channels, classes);
    }

    @Override
    public String name() {
        return "attention-unet";
    }

    @Override
    public Network build(long seed, int auxiliaryHeads) {
        return UShape.gated(this, Blocks.DoubleConvolution::new, auxiliaryHeads, seed);
    }
}
