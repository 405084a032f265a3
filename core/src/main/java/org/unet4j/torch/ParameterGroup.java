package org.unet4j.torch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * Parameters that are decayed alike, so that one call of a kernel changes them all, and what an optimizer remembers of each. All
 * lists are in one order.
 *
 * @param weightDecay of all of them
 * @param names of the parameters
 * @param parameters themselves
 * @param slots what is remembered, by its name
 */
record ParameterGroup(
        double weightDecay, List<String> names, List<Tensor> parameters, Map<String, List<Tensor>> slots) {

    /** Returns what is remembered under the name {@code slot}, one tensor a parameter. */
    List<Tensor> state(String slot) {
        return slots.get(slot);
    }

    /** Returns the group of the parameters at {@code places} only. */
    ParameterGroup at(List<Integer> places) {
        Map<String, List<Tensor>> chosen = new HashMap<>();
        slots.forEach((slot, tensors) -> chosen.put(slot, at(places, tensors)));
        return new ParameterGroup(weightDecay, at(places, names), at(places, parameters), chosen);
    }

    private static <T> List<T> at(List<Integer> places, List<T> all) {
        List<T> chosen = new ArrayList<>(places.size());
        places.forEach(place -> chosen.add(all.get(place)));
        return chosen;
    }
}
