package org.unet4j.model;

import org.unet4j.prep.Topology;

/**
 * The 3D U-Net of Cicek et al. 2016, in nnU-Net's shape (Isensee et al. 2021): two convolutions a stage, each followed by
 * instance norm and leaky ReLU; strided convolutions down, transposed convolutions up; the encoder's features join the
 * decoder's by concatenation.
 *
 * <p>Equal to nnU-Net's PlainConvUNet with the same weights (golden/networks.json) but for one thing: nnU-Net always
 * makes a head for each decoder stage, used or not; here the stages below the finest have one where training supervises them,
 * down to a quarter of the resolution. The parameters differ by (features + 1) * classes for each head.
 *
 * @param channels of the image
 * @param classes the background included
 * @param topology strides, kernels and features of the stages
 */
public record UNet(int channels, int classes, Topology topology) implements ModelSpec {

    /** Checks the counts. */
    public UNet {
        ModelSpec.check("unet", channels, classes);
    }

    @Override
    public String name() {
        return "unet";
    }

    @Override
    public Network build(long seed, int auxiliaryHeads) {
        return UShape.ungated(this, Blocks.DoubleConvolution::new, auxiliaryHeads, seed);
    }
}
