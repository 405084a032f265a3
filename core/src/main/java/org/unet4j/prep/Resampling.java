package org.unet4j.prep;

/**
 * How images are brought to the plan's spacing. Labels are always resampled class by class, linearly, then arg max.
 *
 * @param anisotropyThreshold a scan, or the target, is anisotropic when its largest spacing is more than this many times
 *     its smallest; then its coarse axis is not interpolated across
 */
public record Resampling(double anisotropyThreshold) {

    /** Checks that the threshold makes sense. */
    public Resampling {
        if (!(anisotropyThreshold >= 1)) {
            throw new IllegalArgumentException(
                    "resampling: anisotropyThreshold " + anisotropyThreshold + " must be at least 1; nnU-Net uses 3");
        }
    }

    /** Returns nnU-Net's choice: third order, nearest along a coarse axis, threshold 3. */
    public static Resampling standard() {
        return new Resampling(3);
    }
}
