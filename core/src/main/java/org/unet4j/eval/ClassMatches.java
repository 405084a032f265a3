package org.unet4j.eval;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.unet4j.volume.LabelArray;

/** Which classes of references those of predictions lie on: a model may number the same classes otherwise. */
final class ClassMatches {

    private ClassMatches() {}

    /** Returns for each foreground class of the prediction the one of the reference that it shares most voxels with, if it shares any. */
    static SortedMap<Integer, Integer> of(LabelArray prediction, LabelArray reference) {
        Map<Integer, Map<Integer, Long>> shared = new HashMap<>();
        int start = 0;
        for (int i = 1; i <= reference.length(); i++) {
            boolean goesOn = i < reference.length()
                    && prediction.get(i) == prediction.get(start)
                    && reference.get(i) == reference.get(start);
            if (!goesOn) {
                int predicted = prediction.get(start);
                int wanted = reference.get(start);
                if (predicted > 0 && wanted > 0) {
                    shared.computeIfAbsent(predicted, cls -> new HashMap<>())
                            .merge(wanted, (long) i - start, Long::sum);
                }
                start = i;
            }
        }
        SortedMap<Integer, Integer> matches = new TreeMap<>();
        shared.forEach((predicted, byWanted) -> matches.put(predicted, most(predicted, byWanted)));
        return matches;
    }

    /** Returns where the highest count is; of several {@code preferred}, else the lowest class. */
    private static int most(int preferred, Map<Integer, Long> counts) {
        int best = preferred;
        long most = counts.getOrDefault(preferred, 0L);
        for (Map.Entry<Integer, Long> entry : new TreeMap<>(counts).entrySet()) {
            if (entry.getValue() > most) {
                most = entry.getValue();
                best = entry.getKey();
            }
        }
        return best;
    }

    /**
     * Returns which classes of the predictions seem to be other ones of the references: those that lie on another class in more than half of
     * the cases, if that one does not lie on itself. So a model that takes much of an organ for its tumour is not told to number them otherwise.
     *
     * @param cases what {@link #of} found in each
     */
    static SortedMap<Integer, Integer> misnumbered(Collection<SortedMap<Integer, Integer>> cases) {
        Map<Integer, Map<Integer, Long>> counts = new HashMap<>();
        cases.forEach(one -> one.forEach((predicted, wanted) ->
                counts.computeIfAbsent(predicted, cls -> new HashMap<>()).merge(wanted, 1L, Long::sum)));
        SortedMap<Integer, Integer> usual = new TreeMap<>();
        counts.forEach((predicted, byWanted) -> {
            int best = most(predicted, byWanted);
            long all = byWanted.values().stream().mapToLong(count -> count).sum();
            usual.put(predicted, 2 * byWanted.getOrDefault(best, 0L) > all ? best : predicted);
        });
        SortedMap<Integer, Integer> wrong = new TreeMap<>(usual);
        wrong.entrySet()
                .removeIf(entry -> entry.getKey().equals(entry.getValue())
                        || entry.getValue().equals(usual.get(entry.getValue())));
        return wrong;
    }
}
