package org.unet4j.model;

import com.fasterxml.jackson.annotation.JsonTypeName;
import org.unet4j.prep.Topology;

/**
 * {@link ResUNet} with the attention gates of {@link AttentionUNet}: residual blocks (He et al. 2016) in encoder and decoder,
 * gated skips (Oktay et al. 2018).
 *
 * @param channels of the image
 * @param classes the background included
 * @param topology strides, kernels and features of the stages
 */
@JsonTypeName("attention-resunet")
public record AttentionResUNet(int channels, int classes, Topology topology) implements ModelSpec {

    /** Checks the counts. */
    public AttentionResUNet {
        ModelSpec.check("attention-resunet", channels, classes);
    }

    @Override
    public String name() {
        return "attention-resunet";
    }

    @Override
    public Network build(long seed, int auxiliaryHeads) {
        return UShape.gated(this, Blocks.ResidualBlock::new, auxiliaryHeads, seed);
    }
}
