package org.unet4j.benchmark;

/**
 * One network trained with one seed.
 *
 * @param network its name
 * @param seed decides weights, data and augmentation
 */
public record Run(String network, long seed) {

    /** Returns the name of its folder and files, such as {@code unet-seed1}. */
    @Override
    public String toString() {
        return network + "-seed" + seed;
    }
}
