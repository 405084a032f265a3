package org.unet4j.model;

import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.conv3d;
import static org.bytedeco.pytorch.global.torch.relu_;
import static org.bytedeco.pytorch.global.torch.sigmoid;
import static org.bytedeco.pytorch.global.torch.stack;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.unet4j.model.Blocks.Block;
import org.unet4j.prep.Topology;
import org.unet4j.torch.Scope;
import org.unet4j.volume.Shape;

/** What happens to the skips of a network before they join its decoder. */
final class Gates {

    private static final Shape ONE = Shape.cube(1);
    private static final long[] NO_DILATION = {1, 1, 1};
    private static final long[] NO_PADDING = {0, 0, 0};

    private Gates() {}

    /** What happens to one skip. */
    interface Gate {
        /** Returns {@code skip}, weighted by what {@code signal}, the decoder's features one stage coarser, finds relevant. */
        Tensor forward(Tensor skip, Tensor signal);

        /** Adds what {@code forward} does to {@code graph} and returns the name of its result. */
        String describe(GraphBuilder graph, String skip, String signal);
    }

    /** Returns, for each stage but the coarsest, a gate that lets its skip pass. */
    static List<Gate> none(Topology topology) {
        return Collections.nCopies(topology.stages() - 1, new Open());
    }

    /**
     * Returns, for each stage but the coarsest, the gate of its skip. The finest skip is not gated: its features "do not
     * represent the input data in a high dimensional space" (Oktay et al. 2018, section 2.2).
     */
    static List<Gate> attention(Layers layers, Topology topology) {
        List<Gate> gates = new ArrayList<>();
        gates.add(new Open());
        for (int stage = 1; stage < topology.stages() - 1; stage++) {
            gates.add(new AttentionGate(layers, "gate." + stage, topology, stage));
        }
        return List.copyOf(gates);
    }

    /** Lets the skip pass as it is. */
    private record Open() implements Gate {
        @Override
        public Tensor forward(Tensor skip, Tensor signal) {
            return skip;
        }

        @Override
        public String describe(GraphBuilder graph, String skip, String signal) {
            return skip;
        }
    }

    /**
     * The additive attention gate of Oktay et al. 2018, eq. 1 and 2: {@code skip * sigmoid(psi(relu(W_x skip + W_g signal +
     * b_g)) + b_psi)}, one coefficient a voxel, computed at the signal's resolution (W_x strides) and upsampled trilinearly.
     * Half as many inner features as the skip has.
     */
    private static final class AttentionGate implements Gate {
        private final Layers layers;
        private final String name;
        private final Tensor skipKernel;
        private final Block signalConvolution;
        private final Block psi;
        private final Shape stride;

        AttentionGate(Layers layers, String name, Topology topology, int stage) {
            this.layers = layers;
            this.name = name;
            int features = topology.features().get(stage);
            int coarse = topology.features().get(stage + 1);
            int inner = Math.max(1, features / 2);
            stride = topology.strides().get(stage + 1);
            skipKernel = layers.kernel(name + ".skip.weight", inner, features, stride, stride, stage + 1);
            signalConvolution = new Blocks.Convolution(layers, name + ".signal", coarse, inner, ONE, ONE, stage + 1);
            psi = new Blocks.Convolution(layers, name + ".psi", inner, 1, ONE, ONE, stage + 1);
        }

        @Override
        public Tensor forward(Tensor skip, Tensor signal) {
            try (Scope scope = new Scope()) {
                Tensor ordered = layers.ordered(skipKernel, skip);
                Tensor reduced =
                        conv3d(skip, ordered, new TensorOptional(), Blocks.longs(stride), NO_PADDING, NO_DILATION, 1);
                Tensor joint = relu_(reduced.add_(signalConvolution.forward(signal)));
                Tensor coefficients = sigmoid(psi.forward(joint));
                return scope.keep(skip.mul(upsample(coefficients, stride)));
            }
        }

        @Override
        public String describe(GraphBuilder graph, String skip, String signal) {
            Graph.Operation reduction =
                    new Graph.Convolution(name + ".skip.weight", Optional.empty(), stride, stride, List.of(0, 0, 0));
            String reduced = graph.add(name + ".skip", reduction, skip);
            String both = graph.add(name + ".sum", new Graph.Sum(), reduced, signalConvolution.describe(graph, signal));
            String joint = graph.add(name + ".joint", new Graph.LeakyRelu(0), both);
            String coefficients = graph.add(name + ".sigmoid", new Graph.Sigmoid(), psi.describe(graph, joint));
            String finer = graph.add(name + ".coefficients", new Graph.Upsampling(stride), coefficients);
            return graph.add(name + ".product", new Graph.Product(), skip, finer);
        }
    }

    /**
     * Returns {@code x} (N, C, D, H, W) interpolated linearly to {@code stride} times the size, 1 or 2 on each axis, as
     * PyTorch's trilinear mode without aligned corners does. Unlike libtorch's own operator its gradient is the same bits each
     * time on a card too.
     */
    static Tensor upsample(Tensor x, Shape stride) {
        try (Scope scope = new Scope()) {
            Tensor result = x;
            for (int axis = 0; axis < Shape.AXES; axis++) {
                if (stride.get(axis) == 2) {
                    result = doubled(result, axis + 2);
                }
            }
            return scope.keep(result);
        }
    }

    private static Tensor doubled(Tensor x, int dimension) {
        long size = x.size(dimension);
        Tensor before = cat(new TensorVector(x.narrow(dimension, 0, 1), x.narrow(dimension, 0, size - 1)), dimension);
        Tensor after =
                cat(new TensorVector(x.narrow(dimension, 1, size - 1), x.narrow(dimension, size - 1, 1)), dimension);
        Tensor most = x.mul(new Scalar(0.75));
        Scalar quarter = new Scalar(0.25);
        Tensor pairs = stack(new TensorVector(most.add(before, quarter), most.add(after, quarter)), dimension + 1);
        return pairs.flatten(dimension, dimension + 1);
    }
}
