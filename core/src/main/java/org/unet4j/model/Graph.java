package org.unet4j.model;

import java.util.List;
import java.util.Optional;
import org.unet4j.volume.Shape;

/**
 * What a network computes to predict, as a list of operations: for those who write it in another format. Weights are named as
 * in {@link Network#predictionState}.
 *
 * @param nodes the operations, each after those that it reads from
 * @param output the name of the value that is the logits (N, classes, D, H, W)
 */
public record Graph(List<Node> nodes, String output) {

    /** The name of the value that the network is given: images (N, channels, D, H, W). */
    public static final String IMAGE = "image";

    /** Copies the list. */
    public Graph {
        nodes = List.copyOf(nodes);
    }

    /**
     * One operation, and the value that it makes.
     *
     * @param name of the value
     * @param operation what is done
     * @param inputs the names of the values that it is done with
     */
    public record Node(String name, Operation operation, List<String> inputs) {

        /** Copies the list. */
        public Node {
            inputs = List.copyOf(inputs);
        }
    }

    /** What a node does. Values are (N, C, D, H, W) throughout. */
    public sealed interface Operation {

        /** Returns the names of the weights that it needs. */
        default List<String> weights() {
            return List.of();
        }
    }

    /**
     * A convolution, padded with zeros.
     *
     * @param kernel the name of its weights (out, in, z, y, x)
     * @param bias the name of what is added to each feature
     * @param size of the kernel
     * @param stride by how much the output is coarser
     * @param padding voxels added on each side
     */
    public record Convolution(String kernel, Optional<String> bias, Shape size, Shape stride, List<Integer> padding)
            implements Operation {

        @Override
        public List<String> weights() {
            return bias.map(name -> List.of(kernel, name)).orElse(List.of(kernel));
        }
    }

    /**
     * A transposed convolution whose kernel is as large as its stride.
     *
     * @param kernel the name of its weights (in, out, z, y, x)
     * @param bias the name of what is added to each feature
     * @param stride by how much the output is finer
     */
    public record TransposedConvolution(String kernel, String bias, Shape stride) implements Operation {

        @Override
        public List<String> weights() {
            return List.of(kernel, bias);
        }
    }

    /**
     * Each feature of each sample to mean 0 and variance 1, then scaled and shifted.
     *
     * @param scale the name of a factor for each feature
     * @param shift the name of what is added to each feature
     * @param epsilon added to the variance
     */
    public record InstanceNorm(String scale, String shift, double epsilon) implements Operation {

        @Override
        public List<String> weights() {
            return List.of(scale, shift);
        }
    }

    /**
     * Numbers below zero times {@code slope}.
     *
     * @param slope the factor; 0 makes it a plain ReLU
     */
    public record LeakyRelu(double slope) implements Operation {}

    /** 1 / (1 + exp(-x)). */
    public record Sigmoid() implements Operation {}

    /** The sum of two values of the same shape. */
    public record Sum() implements Operation {}

    /** The product of two values, the second of which has one feature, for all features of the first. */
    public record Product() implements Operation {}

    /** Two values as one, along the features. */
    public record Concatenation() implements Operation {}

    /**
     * Linear interpolation to a finer grid, as PyTorch's trilinear mode without aligned corners.
     *
     * @param factor how many times finer along each axis
     */
    public record Upsampling(Shape factor) implements Operation {}
}
