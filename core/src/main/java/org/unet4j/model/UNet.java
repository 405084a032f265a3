package org.unet4j.model;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.unet4j.model.Blocks.Block;
import org.unet4j.prep.Topology;
import org.unet4j.torch.Scope;

/**
 * The 3D U-Net of Cicek et al. 2016, in nnU-Net's shape (Isensee et al. 2021): two convolutions a stage, each followed by
 * instance norm and leaky ReLU; strided convolutions down, transposed convolutions up; the encoder's features join the
 * decoder's by concatenation.
 *
 * <p>Equal to nnU-Net's PlainConvUNet with the same weights (golden/networks.json) but for one thing: nnU-Net always
 * makes a head for each decoder stage, used or not; here only the finest has one. The parameters differ by (features + 1) *
 * classes for each stage between the finest and the coarsest.
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
    public Network build(long seed) {
        try (Scope scope = new Scope()) {
            return new Net(this, new Layers(seed));
        }
    }

    private static final class Net extends Network {
        private final UNet spec;
        private final List<Block> encoder;

        private final List<Block> upsamplings;
        private final List<Block> decoder;
        private final Block head;

        Net(UNet spec, Layers layers) {
            super(layers);
            this.spec = spec;
            encoder = Blocks.encoder(layers, spec, Blocks.DoubleConvolution::new);

            upsamplings = Blocks.upsamplings(layers, spec.topology());
            decoder = Blocks.decoder(layers, spec.topology(), Blocks.DoubleConvolution::new);
            head = Blocks.head(layers, spec);
        }

        @Override
        Network over(Layers layers) {
            return new Net(spec, layers);
        }

        @Override
        Tensor features(Tensor imageNCDHW) {
            try (Scope scope = new Scope()) {
                List<Tensor> skips = new ArrayList<>();
                Tensor x = imageNCDHW;
                for (Block stage : encoder) {
                    x = stage.forward(x);
                    skips.add(x);
                }
                for (int stage = decoder.size() - 1; stage >= 0; stage--) {
                    Tensor upsampled = upsamplings.get(stage).forward(x);
                    x = decoder.get(stage).forward(Blocks.concatenate(upsampled, skips.get(stage)));
                }
                return scope.keep(head.forward(x));
            }
        }
    }
}
