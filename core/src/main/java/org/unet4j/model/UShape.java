package org.unet4j.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.unet4j.model.Blocks.Block;
import org.unet4j.model.Blocks.BlockMaker;
import org.unet4j.model.Gates.Gate;
import org.unet4j.torch.Scope;

/**
 * The way that the four networks share: down the encoder, up the decoder, each stage of the decoder joined by the encoder's
 * features of its resolution. What they differ by is the block of a stage and what happens to a skip.
 */
final class UShape extends Network {

    private final ModelSpec spec;
    private final BlockMaker maker;
    private final Function<Layers, List<Gate>> gating;
    private final List<Block> encoder;
    private final List<Gate> gates;
    private final List<Block> upsamplings;
    private final List<Block> decoder;

    /** Logits of the decoder's stages, the finest first. */
    private final List<Block> heads = new ArrayList<>();

    /** Returns the network of {@code spec} with blocks of {@code maker} and skips as they are. */
    static Network ungated(ModelSpec spec, BlockMaker maker, int auxiliaryHeads, long seed) {
        return build(spec, maker, layers -> Gates.none(spec.topology()), auxiliaryHeads, seed);
    }

    /** Returns the network of {@code spec} with blocks of {@code maker} and attention gates. */
    static Network gated(ModelSpec spec, BlockMaker maker, int auxiliaryHeads, long seed) {
        return build(spec, maker, layers -> Gates.attention(layers, spec.topology()), auxiliaryHeads, seed);
    }

    private static Network build(
            ModelSpec spec, BlockMaker maker, Function<Layers, List<Gate>> gating, int auxiliaryHeads, long seed) {
        int most = spec.mostAuxiliaryHeads();
        if (auxiliaryHeads < 0 || auxiliaryHeads > most) {
            throw new IllegalArgumentException(spec.name() + ": " + auxiliaryHeads + " auxiliary heads; a network of "
                    + spec.topology().stages() + " stages can have 0 to " + most);
        }
        try (Scope scope = new Scope()) {
            return new UShape(new Layers(seed), spec, maker, gating, auxiliaryHeads);
        }
    }

    private UShape(
            Layers layers, ModelSpec spec, BlockMaker maker, Function<Layers, List<Gate>> gating, int auxiliaryHeads) {
        super(layers);
        this.spec = spec;
        this.maker = maker;
        this.gating = gating;
        encoder = Blocks.encoder(layers, spec, maker);
        gates = gating.apply(layers);
        upsamplings = Blocks.upsamplings(layers, spec.topology());
        decoder = Blocks.decoder(layers, spec.topology(), maker);
        heads.add(Blocks.head(layers, spec));
        for (int stage = 1; stage <= auxiliaryHeads; stage++) {
            heads.add(Blocks.auxiliaryHead(layers, spec, stage));
        }
    }

    @Override
    Network over(Layers layers) {
        return new UShape(layers, spec, maker, gating, heads.size() - 1);
    }

    @Override
    int outputs() {
        return heads.size();
    }

    @Override
    List<Tensor> logits(Tensor image, int outputs, Passage passage) {
        try (Scope scope = new Scope()) {
            List<Tensor> skips = new ArrayList<>();
            List<Tensor> logits = new ArrayList<>();
            Tensor x = image;
            for (Block stage : encoder) {
                x = passage.through(inputs -> stage.forward(inputs[0]), x);
                skips.add(x);
            }
            for (int stage = decoder.size() - 1; stage >= 0; stage--) {
                x = decoded(stage, x, skips.get(stage), passage);
                if (stage < outputs) {
                    Block head = heads.get(stage);
                    logits.add(passage.through(inputs -> head.forward(inputs[0]), x));
                }
            }
            Collections.reverse(logits);
            return logits.stream().map(scope::keep).toList();
        }
    }

    @Override
    String describe(GraphBuilder graph) {
        List<String> skips = new ArrayList<>();
        String x = Graph.IMAGE;
        for (Block stage : encoder) {
            x = stage.describe(graph, x);
            skips.add(x);
        }
        for (int stage = decoder.size() - 1; stage >= 0; stage--) {
            String gated = gates.get(stage).describe(graph, skips.get(stage), x);
            String upsampled = upsamplings.get(stage).describe(graph, x);
            String joined = graph.add(upsampled + ".joined", new Graph.Concatenation(), upsampled, gated);
            x = decoder.get(stage).describe(graph, joined);
        }
        return heads.get(0).describe(graph, x);
    }

    /** Returns the decoder's features of {@code stage} from those one stage coarser. */
    private Tensor decoded(int stage, Tensor coarser, Tensor skip, Passage passage) {
        Gate gate = gates.get(stage);
        Block upsampling = upsamplings.get(stage);
        List<Block> pieces = decoder.get(stage).pieces();
        Tensor x = passage.through(
                inputs -> {
                    try (Scope scope = new Scope()) {
                        Tensor gated = gate.forward(inputs[1], inputs[0]);
                        Tensor joined;
                        try (Tensor upsampled = upsampling.forward(inputs[0])) {
                            joined = Blocks.concatenate(upsampled, gated);
                        }
                        return scope.keep(pieces.get(0).forward(joined));
                    }
                },
                coarser,
                skip);
        for (Block piece : pieces.subList(1, pieces.size())) {
            x = passage.through(inputs -> piece.forward(inputs[0]), x);
        }
        return x;
    }
}
