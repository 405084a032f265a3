package org.unet4j.model;

import org.unet4j.prep.Topology;
import org.unet4j.volume.Shape;

/**
 * What a network costs.
 *
 * @param parameters how many numbers are learnt
 * @param multiplyAdds multiplications with a kernel's weight in one forward pass of one patch; norms, activations and
 *     interpolation are not counted
 */
public record Cost(long parameters, long multiplyAdds) {

    /**
     * Returns the cost of the network of {@code spec} on one patch. Each weight of a convolution is used once a voxel of its
     * output (voxels of the padding count), each weight of a transposed one once a voxel of its input.
     */
    public static Cost of(ModelSpec spec, Shape patch) {
        spec.topology().requireDivisible(patch);
        try (Network network = spec.build(0)) {
            long multiplyAdds = 0;
            for (Layers.Use use : network.uses()) {
                multiplyAdds += Math.multiplyExact(use.weights(), voxels(spec.topology(), patch, use.stage()));
            }
            return new Cost(network.parameterCount(), multiplyAdds);
        }
    }

    private static long voxels(Topology topology, Shape patch, int stage) {
        long voxels = patch.voxels();
        for (int coarser = 1; coarser <= stage; coarser++) {
            voxels /= topology.strides().get(coarser).voxels();
        }
        return voxels;
    }
}
