package org.unet4j.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.unet4j.eval.CaseScores;

/** Which cases are worth a look: of each network the worst, the median and the best. */
public final class Picks {

    private static final List<String> ROLES = List.of("worst", "median", "best");

    private Picks() {}

    /**
     * Returns the cases by identifier and why each is worth a look: the worst, the median and the best by the mean Dice over classes; fewer
     * where there are fewer cases.
     */
    public static Map<String, String> of(CaseScores scores) {
        List<String> ids = ranked(scores);
        Map<String, String> picks = new LinkedHashMap<>();
        int last = ids.size() - 1;
        picks.put(ids.get(0), last == 0 ? "the case" : ROLES.get(0));
        if (last > 1) {
            picks.put(ids.get(ids.size() / 2), ROLES.get(1));
        }
        if (last > 0) {
            picks.put(ids.get(last), ROLES.get(2));
        }
        return picks;
    }

    /**
     * Returns the same of several networks: first what is the worst of any, then the medians, then the best. Each case is there once, with
     * all that it is.
     *
     * @param scores by the network's name, in order
     */
    public static Map<String, String> ofEach(Map<String, CaseScores> scores) {
        if (scores.size() == 1) {
            return of(scores.values().iterator().next());
        }
        Map<String, Map<String, List<String>>> byCase = new LinkedHashMap<>();
        List<String> roles = new ArrayList<>(ROLES);
        roles.add("the case");
        for (String role : roles) {
            scores.forEach((name, one) -> of(one).forEach((id, its) -> {
                if (its.equals(role)) {
                    byCase.computeIfAbsent(id, any -> new LinkedHashMap<>())
                            .computeIfAbsent(role, any -> new ArrayList<>())
                            .add(name);
                }
            }));
        }
        Map<String, String> picks = new LinkedHashMap<>();
        byCase.forEach((id, its) -> {
            List<String> parts = new ArrayList<>();
            its.forEach((role, names) ->
                    parts.add(role + " of " + (names.size() == scores.size() ? "all" : String.join(", ", names))));
            picks.put(id, String.join("; ", parts));
        });
        return picks;
    }

    /** Returns the cases from the lowest mean Dice to the highest. */
    private static List<String> ranked(CaseScores scores) {
        return scores.cases().stream()
                .sorted(Comparator.comparingDouble(one -> one.meanDice()))
                .map(one -> one.caseId())
                .toList();
    }
}
