package org.unet4j.model;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.unet4j.model.Blocks.Block;
import org.unet4j.model.Blocks.Gate;
import org.unet4j.prep.Topology;
import org.unet4j.torch.Scope;

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
    public Network build(long seed) {
        try (Scope scope = new Scope()) {
            return new Net(this, new Layers(seed));
        }
    }

    private static final class Net extends Network {
        private final AttentionUNet spec;
        private final List<Block> encoder;
        private final List<Gate> gates;
        private final List<Block> upsamplings;
        private final List<Block> decoder;
        private final Block head;

        Net(AttentionUNet spec, Layers layers) {
            super(layers);
            this.spec = spec;
            encoder = Blocks.encoder(layers, spec, Blocks.DoubleConvolution::new);
            gates = Blocks.gates(layers, spec.topology());
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
                    Tensor skip = gates.get(stage).forward(skips.get(stage), x);
                    Tensor upsampled = upsamplings.get(stage).forward(x);
                    x = decoder.get(stage).forward(Blocks.concatenate(upsampled, skip));
                }
                return scope.keep(head.forward(x));
            }
        }
    }
}
