package org.unet4j.loss;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * The mean cross-entropy of the hardest voxels of the batch: nnU-Net's TopKLoss (golden/voxel_losses.json). Differs: the
 * number of voxels is rounded, not cut off, and is at least 1.
 *
 * <p>Over several ranks each takes the hardest voxels of its own share of the batch, which are not the hardest of the whole.
 *
 * @param share of the voxels that count, above 0, at most 1; nnU-Net's k is 100 times that, and 10
 * @param weights one for each class, at least 0, which the cross-entropy is multiplied with before the hardest are chosen;
 *     empty for none. The mean is that of the products
 */
public record TopK(double share, List<Double> weights) implements VoxelLoss {

    /** Checks share and weights. */
    public TopK {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException(
                    "top-k: share " + share + " must be above 0 and at most 1; 0.1 takes the hardest tenth");
        }
        weights = ClassWeights.checked("top-k", weights);
    }

    /** Returns the loss of the hardest {@code share} of the voxels, without class weights. */
    public static TopK hardest(double share) {
        return new TopK(share, List.of());
    }

    /** It does unless all voxels count: the hardest of the parts are not the hardest of the whole. */
    @Override
    public boolean needsWholeBatch() {
        return share < 1;
    }

    @Override
    public Tensor of(Voxels voxels) {
        Tensor allNV = voxels.crossEntropyNV();
        if (!weights.isEmpty()) {
            allNV = allNV.mul(voxels.weightNV(weights));
        }
        long count = Math.max(1, Math.round(share * voxels.count()));
        return allNV.flatten().topk(count, 0, true, false).get0().mean();
    }
}
