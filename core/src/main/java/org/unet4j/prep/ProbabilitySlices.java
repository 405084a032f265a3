package org.unet4j.prep;

/** Takes how probable each class is, slice by slice of {@link Recipe#cropped()}. */
@FunctionalInterface
public interface ProbabilitySlices {

    /**
     * Takes slice {@code z}, from the first on.
     *
     * @param shares one array a class, in y, x order: unsigned, 65535 for a probability of 1; they change afterwards
     */
    void take(int z, short[][] shares);
}
