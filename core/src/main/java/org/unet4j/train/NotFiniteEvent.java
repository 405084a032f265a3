package org.unet4j.train;

import java.nio.file.Path;
import java.util.List;

/**
 * A step whose loss or gradient was not a finite number; it changed no weight.
 *
 * @param step counted from 1
 * @param loss mean over the batch
 * @param gradientNorm NaN where the loss was not finite
 * @param cases that the batch was cut from
 * @param saved the file that says what the network saw
 */
public record NotFiniteEvent(int step, double loss, double gradientNorm, List<String> cases, Path saved) {

    public NotFiniteEvent {
        cases = List.copyOf(cases);
    }
}
