package org.unet4j.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.unet4j.prep.Topology;
import org.unet4j.volume.Shape;

/**
 * One convolution of a network on a patch, without its numbers: what a machine must compute at the least. For measuring how
 * near training comes to that.
 *
 * @param name of its weights
 * @param transposed whether it is a transposed one
 * @param in features that it reads
 * @param out features that it makes
 * @param kernel its size
 * @param stride by how much it is coarser than its input, or finer where it is transposed
 * @param input the size of what it reads
 * @param bias whether a bias is added in the same operation
 * @param ofImage whether it reads the image, of which no gradient is needed
 */
public record ConvolutionCall(
        String name,
        boolean transposed,
        int in,
        int out,
        Shape kernel,
        Shape stride,
        Shape input,
        boolean bias,
        boolean ofImage) {

    private static final String WEIGHT = ".weight";

    /** Returns every convolution of the network of {@code spec} on {@code patch}, in the order in which it was built. */
    public static List<ConvolutionCall> of(ModelSpec spec, Shape patch) {
        spec.topology().requireDivisible(patch);
        try (Network network = spec.build(0)) {
            Set<String> parameters = network.state().keySet();
            List<ConvolutionCall> calls = new ArrayList<>();
            for (Layers.Use use : network.uses()) {
                Shape voxels = voxels(spec.topology(), patch, use.stage());
                String prefix = use.name().substring(0, use.name().length() - WEIGHT.length());
                calls.add(new ConvolutionCall(
                        use.name(),
                        use.transposed(),
                        use.in(),
                        use.out(),
                        use.size(),
                        use.stride(),
                        use.transposed() ? voxels : times(voxels, use.stride()),
                        !use.transposed() && parameters.contains(prefix + ".bias"), // An upsampling adds its own apart.
                        use.name().startsWith("encoder.0.0.") || use.name().startsWith("encoder.0.shortcut.")));
            }
            return List.copyOf(calls);
        }
    }

    /** Returns how many voxels are added around the input on each side, along {@code axis}. */
    public int padding(int axis) {
        return transposed ? 0 : (kernel.get(axis) - 1) / 2;
    }

    /** Returns whether the kernel is larger than what it reads, where networks compute in float32 on a processor. */
    public boolean overhangs() {
        return !transposed && (kernel.z() > input.z() || kernel.y() > input.y() || kernel.x() > input.x());
    }

    private static Shape voxels(Topology topology, Shape patch, int stage) {
        int[] sizes = patch.toArray();
        for (int coarser = 1; coarser <= stage; coarser++) {
            for (int axis = 0; axis < Shape.AXES; axis++) {
                sizes[axis] /= topology.strides().get(coarser).get(axis);
            }
        }
        return Shape.of(sizes);
    }

    private static Shape times(Shape shape, Shape factor) {
        return new Shape(shape.z() * factor.z(), shape.y() * factor.y(), shape.x() * factor.x());
    }
}
