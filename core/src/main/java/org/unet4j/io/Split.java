package org.unet4j.io;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which cases a network learns from and which are kept from it.
 *
 * @param training identifiers of at least one case
 * @param validation identifiers of the others; empty where every case is learned from
 */
public record Split(List<String> training, List<String> validation) {

    public Split {
        training = List.copyOf(training);
        validation = List.copyOf(validation);
        if (training.isEmpty()) {
            throw new IllegalArgumentException("a split needs at least one training case");
        }
        Set<String> seen = new HashSet<>();
        for (String id : training) {
            if (!seen.add(id)) {
                throw new IllegalArgumentException("case '" + id + "' stands twice in the training part of a split");
            }
        }
        for (String id : validation) {
            if (!seen.add(id)) {
                throw new IllegalArgumentException("case '" + id
                        + "' stands twice in a split: a validation case must not be trained on; remove one of the two");
            }
        }
    }
}
