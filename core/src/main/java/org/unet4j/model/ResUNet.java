package org.unet4j.model;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.unet4j.model.Blocks.Block;
import org.unet4j.prep.Topology;
import org.unet4j.torch.Scope;

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
    public Network build(long seed) {
        try (Scope scope = new Scope()) {
            return new Net(this, new Layers(seed));
        }
    }

    private static final class Net extends Network {
        private final ResUNet spec;
        private final List<Block> encoder;

        private final List<Block> upsamplings;
        private final List<Block> decoder;
        private final Block head;

        Net(ResUNet spec, Layers layers) {
            super(layers);
            this.spec = spec;
            encoder = Blocks.encoder(layers, spec, Blocks.ResidualBlock::new);

            upsamplings = Blocks.upsamplings(layers, spec.topology());
            decoder = Blocks.decoder(layers, spec.topology(), Blocks.ResidualBlock::new);
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
