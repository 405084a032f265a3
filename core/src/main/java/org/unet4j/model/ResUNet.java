package org.unet4j.model;

import com.fasterxml.jackson.annotation.JsonTypeName;
import org.unet4j.prep.Topology;

/**
 * The U-Net with the residual blocks of He et al. 2016 in encoder and decoder: one block of two convolutions a stage, so that
 * depth and widths are those of {@link UNet}.
 *
 * @param channels of the image
 * @param classes the background included
 * @param topology strides, kernels and features of the stages
 */
@JsonTypeName("resunet")
public record ResUNet(int channels, int classes, Topology topology) implements ModelSpec {

    /** Checks the counts. */
    public ResUNet {
        ModelSpec.check("resunet", channels, classes);
    }

    @Override
    public String name() {
        return "resunet";
    }

    @Override
    public Network build(long seed, int auxiliaryHeads) {
        return UShape.ungated(this, Blocks.ResidualBlock::new, auxiliaryHeads, seed);
    }
}
