package org.unet4j.benchmark;

/** How samples reach the network. */
public enum DataPath {
    /** Prepared once, cut from mapped files by prefetch threads: {@link org.unet4j.train.Trainer}. */
    OFFLINE,
    /** Read, prepared and cut inside the loop: {@link org.unet4j.train.NaivePath}. */
    NAIVE
}
