package org.unet4j.train;

import java.util.List;
import java.util.Optional;

/**
 * A run begins from weights of another.
 *
 * @param source name of their file, with that of its folder
 * @param steps after which they were saved, where the file says so
 * @param taken how many tensors were taken
 * @param left what was not, in words: tensors that keep the values drawn from the seed, and such that this network does not have
 */
public record InitialWeightsEvent(String source, Optional<Integer> steps, int taken, List<String> left) {

    public InitialWeightsEvent {
        left = List.copyOf(left);
    }
}
