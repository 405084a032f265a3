package org.unet4j.prep;

/** How much computing a plan may ask for: it decides width, patch and batch, never spacing or normalisation. */
public enum Budget {
    /** For a processor without a GPU: 16 features at full resolution, a step of about half a second on two cores. */
    COMPACT(16, 320),
    /** For a GPU with at least 8 GB, as nnU-Net's default: 32 features at full resolution, patches up to about 128^3. */
    STANDARD(32, 320);

    private final int features;
    private final int mostFeatures;

    Budget(int features, int mostFeatures) {
        this.features = features;
        this.mostFeatures = mostFeatures;
    }

    /** Returns the number of features at full resolution. */
    public int features() {
        return features;
    }

    /** Returns the most features that any stage has. */
    public int mostFeatures() {
        return mostFeatures;
    }
}
