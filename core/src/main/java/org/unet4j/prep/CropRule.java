package org.unet4j.prep;

/** Which part of a scan is worth keeping. */
public enum CropRule {
    /** CT: the largest connected component above -500 HU in the first channel, with 10 mm around it. */
    BODY,
    /** MR: the smallest box around all voxels that are not zero in some channel, as nnU-Net does. */
    NON_ZERO,
    /** Everything. */
    NONE
}
