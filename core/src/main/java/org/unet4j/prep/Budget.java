package org.unet4j.prep;

import org.unet4j.volume.Shape;

/** How much computing a plan may ask for: it decides width, patch and batch, never spacing or normalisation. */
public enum Budget {

    /**
     * For a processor without a GPU: 16 features at full resolution; a patch is a sixth of the median scan, at least about
     * 40x56x56 and at most about 64x96x96; two to four patches a step, about 360 000 voxels where patches are small: half a
     * second to two seconds a step on two cores with bf16.
     */
    COMPACT(16) {
        @Override
        boolean allows(Pooling pooling, int classes, double[] median) {
            double share = median[0] * median[1] * median[2] / PATCHES_A_SCAN;
            double most = Math.max(SMALLEST_PATCH_VOXELS, Math.min(share, LARGEST_PATCH_VOXELS));
            return pooling.patch().voxels() <= most || isSmallest(pooling);
        }

        @Override
        long batch(Pooling pooling, int classes) {
            return VOXELS_A_STEP / pooling.patch().voxels();
        }
    },

    /** For a GPU with at least 8 GB, as nnU-Net's default: 32 features at full resolution, patches up to about 128^3. */
    STANDARD(32) {
        @Override
        boolean allows(Pooling pooling, int classes, double[] median) {
            return activations(pooling, classes) <= ACTIVATIONS || isSmallest(pooling);
        }

        @Override
        long batch(Pooling pooling, int classes) {
            return Math.round((double) ACTIVATIONS / activations(pooling, classes) * ACTIVATIONS_BATCH);
        }
    };

    private static final double PATCHES_A_SCAN = 6;
    private static final long SMALLEST_PATCH_VOXELS = 40 * 56 * 56;
    private static final long LARGEST_PATCH_VOXELS = 64 * 96 * 96;
    private static final long VOXELS_A_STEP = 4 * 40 * 56 * 40;

    /** What nnU-Net lets the feature maps of one patch of a batch of {@link #ACTIVATIONS_BATCH} count, for 8 GB. */
    private static final long ACTIVATIONS = 560_000_000;

    private static final int ACTIVATIONS_BATCH = 2;
    private static final int MOST_FEATURES = 320;

    private final int features;

    Budget(int features) {
        this.features = features;
    }

    /** Returns the number of features at full resolution. */
    public int features() {
        return features;
    }

    /** Returns the most features that any stage has. */
    public int mostFeatures() {
        return MOST_FEATURES;
    }

    /** Returns whether the pooling's patch is small enough. */
    abstract boolean allows(Pooling pooling, int classes, double[] median);

    /** Returns how many such patches a step may have, at least 0. */
    abstract long batch(Pooling pooling, int classes);

    private static boolean isSmallest(Pooling pooling) {
        return pooling.patch().voxels() == 1 || pooling.strides().size() == 1;
    }

    /**
     * Returns how many values the feature maps of nnU-Net's plain U-Net have for one patch: two convolutions a stage of the
     * encoder, two and a transposed one a stage of the decoder, and the logits at full resolution.
     */
    long activations(Pooling pooling, int classes) {
        Topology topology = pooling.topology(this);
        long[] voxels = new long[topology.stages()];
        int[] size = pooling.patch().toArray();
        long count = 0;
        for (int stage = 0; stage < topology.stages(); stage++) {
            for (int axis = 0; axis < Shape.AXES; axis++) {
                size[axis] /= topology.strides().get(stage).get(axis);
            }
            voxels[stage] = Shape.of(size).voxels();
            boolean bottleneck = stage == topology.stages() - 1;
            count += voxels[stage] * topology.features().get(stage) * (bottleneck ? 2 : 5);
        }
        return count + voxels[0] * classes;
    }
}
