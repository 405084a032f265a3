package org.unet4j.model;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.unet4j.model.Blocks.Block;
import org.unet4j.model.Blocks.Gate;
import org.unet4j.prep.Topology;
import org.unet4j.torch.Scope;

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
    public Network build(long seed) {
        try (Scope scope = new Scope()) {
            return new Net(this, new Layers(seed));
        }
    }

    private static final class Net extends Network {
        private final AttentionResUNet spec;
        private final List<Block> encoder;
        private final List<Gate> gates;
        private final List<Block> upsamplings;
        private final List<Block> decoder;
        private final Block head;

        Net(AttentionResUNet spec, Layers layers) {
            super(layers);
            this.spec = spec;
            encoder = Blocks.encoder(layers, spec, Blocks.ResidualBlock::new);
            gates = Blocks.gates(layers, spec.topology());
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
                    Tensor skip = gates.get(stage).forward(skips.get(stage), x);
                    Tensor upsampled = upsamplings.get(stage).forward(x);
                    x = decoder.get(stage).forward(Blocks.concatenate(upsampled, skip));
                }
                return scope.keep(head.forward(x));
            }
        }
    }
}
