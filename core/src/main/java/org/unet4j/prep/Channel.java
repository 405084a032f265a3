package org.unet4j.prep;

import java.util.Locale;
import java.util.Objects;

/**
 * One image channel (modality) of a plan.
 *
 * @param name as in the dataset, such as {@code CT} or {@code T1}
 * @param normalization how its intensities are normalised
 */
public record Channel(String name, Normalization normalization) {

    /** Checks that both are there. */
    public Channel {
        Objects.requireNonNull(name, "channel: name is missing");
        Objects.requireNonNull(normalization, "channel: normalization is missing");
    }

    /** Returns whether a channel of this name holds Hounsfield units, by nnU-Net's rule: it is called "CT" in any case. */
    public static boolean namesCt(String name) {
        return name.strip().toUpperCase(Locale.ROOT).equals("CT");
    }
}
