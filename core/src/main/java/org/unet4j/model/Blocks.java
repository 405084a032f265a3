package org.unet4j.model;

import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.conv3d;
import static org.bytedeco.pytorch.global.torch.conv_transpose3d;
import static org.bytedeco.pytorch.global.torch.leaky_relu_;
import static org.bytedeco.pytorch.global.torch.mkldnn_convolution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.prep.Topology;
import org.unet4j.torch.Autocast;
import org.unet4j.torch.Device;
import org.unet4j.torch.Scope;
import org.unet4j.volume.Shape;

/**
 * What the four networks are made of. A block makes its weights when it is built and applies them in {@code forward}; what
 * it needs in between is freed before it returns, unless the backward pass holds it.
 */
final class Blocks {

    /** The slope of leaky ReLU below zero. */
    static final double SLOPE = 0.01;

    private static final Shape ONE = Shape.cube(1);

    /** With N * C * D * H up to here libtorch does not give a convolution of one float32 sample to oneDNN. */
    private static final long MOST_UNFOLDED = 20_480;

    private static final long[] NO_DILATION = {1, 1, 1};
    private static final long[] NO_PADDING = {0, 0, 0};

    private Blocks() {}

    /** A part of a network with one input. */
    interface Block {
        /** Returns the features of {@code x}. */
        Tensor forward(Tensor x);

        /** Adds what {@code forward} does to {@code graph} and returns the name of its result. */
        String describe(GraphBuilder graph, String x);

        /** Returns the blocks that it is made of, where it goes through one after the other and nothing else. */
        default List<Block> pieces() {
            return List.of(this);
        }
    }

    /** Makes the block of a stage: from {@code in} to {@code out} features, {@code stride} times coarser. */
    interface BlockMaker {
        /** Returns the block, with weights whose names start with {@code name}. */
        Block make(Layers layers, String name, int in, int out, Shape kernel, Shape stride, int stage);
    }

    /** Returns one block a stage, the finest first. */
    static List<Block> encoder(Layers layers, ModelSpec spec, BlockMaker maker) {
        Topology topology = spec.topology();
        List<Block> blocks = new ArrayList<>();
        int in = spec.channels();
        for (int stage = 0; stage < topology.stages(); stage++) {
            int out = topology.features().get(stage);
            blocks.add(maker.make(
                    layers,
                    "encoder." + stage,
                    in,
                    out,
                    topology.kernels().get(stage),
                    topology.strides().get(stage),
                    stage));
            in = out;
        }
        return List.copyOf(blocks);
    }

    /** Returns one block for each stage but the coarsest; it eats the upsampled features and the skip, one after the other. */
    static List<Block> decoder(Layers layers, Topology topology, BlockMaker maker) {
        List<Block> blocks = new ArrayList<>();
        for (int stage = 0; stage < topology.stages() - 1; stage++) {
            int features = topology.features().get(stage);
            Shape kernel = topology.kernels().get(stage);
            blocks.add(maker.make(layers, "decoder." + stage, 2 * features, features, kernel, ONE, stage));
        }
        return List.copyOf(blocks);
    }

    /** Returns, for each stage but the coarsest, the transposed convolution that leads to it from the stage below. */
    static List<Block> upsamplings(Layers layers, Topology topology) {
        List<Block> blocks = new ArrayList<>();
        for (int stage = 0; stage < topology.stages() - 1; stage++) {
            blocks.add(new Upsampling(layers, "up." + stage, topology, stage));
        }
        return List.copyOf(blocks);
    }

    /** Returns the block that turns the features of the finest stage into logits: a convolution of one voxel. */
    static Block head(Layers layers, ModelSpec spec) {
        return new Convolution(layers, "head", spec.topology().features().get(0), spec.classes(), ONE, ONE, 0);
    }

    /** Returns the block that turns the decoder's features of {@code stage} into logits of its resolution. */
    static Block auxiliaryHead(Layers layers, ModelSpec spec, int stage) {
        int features = spec.topology().features().get(stage);
        return new Convolution(layers, Network.AUXILIARY + stage, features, spec.classes(), ONE, ONE, stage);
    }

    /** Returns {@code upsampled} and {@code skip} as one tensor, in this order along the features, as nnU-Net has it. */
    static Tensor concatenate(Tensor upsampled, Tensor skip) {
        try (TensorVector both = new TensorVector(upsampled, skip)) {
            return cat(both, 1);
        }
    }

    /**
     * A convolution with bias that keeps the size at stride 1.
     *
     * <p>Where the kernel is larger than the features, as at the bottom of a small patch, the processor computes in float32:
     * without AMX, oneDNN's bfloat16 gradient of the kernel leaves numbers unwritten there (docs/LOG.md).
     */
    static final class Convolution implements Block {
        private final Layers layers;
        private final String name;
        private final Tensor kernel;
        private final Tensor bias;
        private final Shape size;
        private final Shape strides;
        private final long[] stride;
        private final long[] padding;

        Convolution(Layers layers, String name, int in, int out, Shape size, Shape stride, int stage) {
            this.layers = layers;
            this.name = name;
            this.size = size;
            strides = stride;
            kernel = layers.kernel(name + ".weight", out, in, size, stride, stage);
            bias = layers.constant(name + ".bias", out, 0);
            this.stride = longs(stride);
            padding = new long[] {size.z() / 2, size.y() / 2, size.x() / 2};
        }

        @Override
        public Tensor forward(Tensor x) {
            if (!x.is_cuda() && torch.is_autocast_enabled(DeviceType.CPU) && overhangs(x)) {
                try (Scope scope = new Scope();
                        Autocast off = Autocast.off(Device.cpu())) {
                    Tensor y = convolve(x.to(ScalarType.Float).contiguous(), kernel.contiguous());
                    return scope.keep(layers.ordered(y.to(torch.get_autocast_dtype(DeviceType.CPU)), y));
                }
            }
            return convolve(x, layers.ordered(kernel, x));
        }

        @Override
        public String describe(GraphBuilder graph, String x) {
            List<Integer> around =
                    Arrays.stream(padding).mapToObj(Math::toIntExact).toList();
            Optional<String> shift = Optional.of(name + ".bias");
            return graph.add(name, new Graph.Convolution(name + ".weight", shift, size, strides, around), x);
        }

        private Tensor convolve(Tensor x, Tensor ordered) {
            if (leavesOneDnn(x)) {
                return mkldnn_convolution(x, ordered, new TensorOptional(bias), padding, stride, NO_DILATION, 1);
            }
            return conv3d(x, ordered, new TensorOptional(bias), stride, padding, NO_DILATION, 1);
        }

        /**
         * Returns whether libtorch would unfold one small sample and multiply matrices, which in prediction takes twice as long as
         * oneDNN (docs/LOG.md). Where gradients are wanted it may: oneDNN's of a kernel is rounded more.
         */
        private boolean leavesOneDnn(Tensor x) {
            return !x.is_cuda()
                    && torch.hasMKLDNN()
                    && !GradMode.is_enabled()
                    && x.scalar_type().intern() == ScalarType.Float
                    && !torch.is_autocast_enabled(DeviceType.CPU)
                    && x.size(0) == 1
                    && x.size(1) * x.size(2) * x.size(3) <= MOST_UNFOLDED
                    && kernel.size(2) * kernel.size(3) * kernel.size(4) > 1;
        }

        private boolean overhangs(Tensor x) {
            for (int axis = 2; axis < 2 + Shape.AXES; axis++) {
                if (x.size(axis) < kernel.size(axis)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Convolution and norm. */
    static final class NormedConvolution implements Block {
        private final Convolution convolution;
        private final Norm norm;

        NormedConvolution(Layers layers, String name, int in, int out, Shape kernel, Shape stride, int stage) {
            convolution = new Convolution(layers, name + ".conv", in, out, kernel, stride, stage);
            norm = new Norm(layers, name + ".norm", out);
        }

        @Override
        public Tensor forward(Tensor x) {
            try (Tensor convolved = convolution.forward(x)) {
                return norm.forward(convolved);
            }
        }

        @Override
        public String describe(GraphBuilder graph, String x) {
            return norm.describe(graph, convolution.describe(graph, x));
        }
    }

    /** What a normed convolution gives, activated. */
    private record Activated(NormedConvolution convolution) implements Block {
        @Override
        public Tensor forward(Tensor x) {
            return activate(convolution.forward(x));
        }

        @Override
        public String describe(GraphBuilder graph, String x) {
            return activation(graph, convolution.describe(graph, x));
        }
    }

    /** Twice convolution, norm, leaky ReLU; the first convolution has the stride. */
    static final class DoubleConvolution implements Block {
        private final Block first;
        private final Block second;

        DoubleConvolution(Layers layers, String name, int in, int out, Shape kernel, Shape stride, int stage) {
            first = new Activated(new NormedConvolution(layers, name + ".0", in, out, kernel, stride, stage));
            second = new Activated(new NormedConvolution(layers, name + ".1", out, out, kernel, ONE, stage));
        }

        @Override
        public Tensor forward(Tensor x) {
            try (Scope scope = new Scope()) {
                return scope.keep(second.forward(first.forward(x)));
            }
        }

        @Override
        public String describe(GraphBuilder graph, String x) {
            return second.describe(graph, first.describe(graph, x));
        }

        @Override
        public List<Block> pieces() {
            return List.of(first, second);
        }
    }

    /** Does nothing. */
    private record Identity() implements Block {
        @Override
        public Tensor forward(Tensor x) {
            return x;
        }

        @Override
        public String describe(GraphBuilder graph, String x) {
            return x;
        }
    }

    /**
     * The basic block of He et al. 2016 in 3D: convolution, norm, activation, convolution, norm, plus the input, activation.
     * Where the sizes differ the input goes through a normed convolution of one voxel with the stride (their option B).
     * Differs: instance norm for batch norm, leaky ReLU for ReLU.
     */
    static final class ResidualBlock implements Block {
        private final String name;
        private final NormedConvolution first;
        private final NormedConvolution second;
        private final Block shortcut;

        ResidualBlock(Layers layers, String name, int in, int out, Shape kernel, Shape stride, int stage) {
            this.name = name;
            first = new NormedConvolution(layers, name + ".0", in, out, kernel, stride, stage);
            second = new NormedConvolution(layers, name + ".1", out, out, kernel, ONE, stage);
            shortcut = in == out && stride.equals(ONE)
                    ? new Identity()
                    : new NormedConvolution(layers, name + ".shortcut", in, out, ONE, stride, stage);
        }

        @Override
        public Tensor forward(Tensor x) {
            try (Scope scope = new Scope()) {
                Tensor residual = second.forward(activate(first.forward(x)));
                return scope.keep(activate(residual.add_(shortcut.forward(x))));
            }
        }

        @Override
        public String describe(GraphBuilder graph, String x) {
            String residual = second.describe(graph, activation(graph, first.describe(graph, x)));
            return activation(graph, graph.add(name, new Graph.Sum(), residual, shortcut.describe(graph, x)));
        }
    }

    /** A transposed convolution whose kernel is the stride, from the stage below to {@code stage}. */
    private static final class Upsampling implements Block {
        private final Layers layers;
        private final String name;
        private final Tensor kernel;
        private final Tensor bias;
        private final Shape size;
        private final long[] stride;

        Upsampling(Layers layers, String name, Topology topology, int stage) {
            this.layers = layers;
            this.name = name;
            int in = topology.features().get(stage + 1);
            int out = topology.features().get(stage);
            size = topology.strides().get(stage + 1);
            kernel = layers.transposedKernel(name + ".weight", in, out, size, stage + 1);
            bias = layers.constant(name + ".bias", out, 0);
            stride = longs(size);
        }

        @Override
        public Tensor forward(Tensor x) {
            // The bias apart: inside a transposed convolution its gradient takes libtorch longer than all the rest.
            try (Scope scope = new Scope()) {
                Tensor ordered = layers.ordered(kernel, x);
                Tensor y = conv_transpose3d(
                        x, ordered, new TensorOptional(), stride, NO_PADDING, NO_PADDING, 1, NO_DILATION);
                return scope.keep(y.add_(bias.view(1, -1, 1, 1, 1).to(y.scalar_type())));
            }
        }

        @Override
        public String describe(GraphBuilder graph, String x) {
            return graph.add(name, new Graph.TransposedConvolution(name + ".weight", name + ".bias", size), x);
        }
    }

    private static Tensor activate(Tensor x) {
        try (Scalar slope = new Scalar(SLOPE)) {
            return leaky_relu_(x, slope);
        }
    }

    private static String activation(GraphBuilder graph, String x) {
        return graph.add(x + ".activation", new Graph.LeakyRelu(SLOPE), x);
    }

    static long[] longs(Shape shape) {
        return new long[] {shape.z(), shape.y(), shape.x()};
    }
}
