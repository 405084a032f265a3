package org.unet4j.train;

import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.unet4j.eval.CaseScore;
import org.unet4j.prep.PreparedCase;
import org.unet4j.report.SlicePicture;
import org.unet4j.volume.Grid;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

/**
 * Slices of validation cases, for people to see how a network comes on: of {@value #MOST} cases, the same in every validation, and
 * of the {@value #MOST} cases with the lowest Dice in the last. Of cases that this process scores: where several train together,
 * those of the others are not looked at.
 */
final class ValidationPictures implements Validator.Watcher {

    static final int MOST = 3;

    /** The most validations of a run of which there are pictures, besides the last: they are to stay small beside the weights. */
    static final int SETS = 20;

    private static final Comparator<Low> LOWEST_FIRST =
            Comparator.comparingDouble(Low::dice).thenComparing(Low::id);

    private final Spacing spacing;
    private final List<String> always;
    private final boolean worstToo;
    private final TreeSet<Low> worst = new TreeSet<>(LOWEST_FIRST);
    private final Map<String, SlicePicture> pictures = new HashMap<>();

    private record Low(String id, double dice) {}

    private ValidationPictures(Spacing spacing, List<String> always, boolean worstToo) {
        this.spacing = spacing;
        this.always = always;
        this.worstToo = worstToo;
    }

    /** Returns who draws {@value #MOST} of {@code cases}, evenly spaced. */
    static ValidationPictures of(Spacing spacing, List<String> cases) {
        return new ValidationPictures(spacing, Validations.spread(cases, MOST), false);
    }

    /** Returns who draws those, and the worst of all that are scored. */
    static ValidationPictures ofLast(Spacing spacing, List<String> cases) {
        return new ValidationPictures(spacing, Validations.spread(cases, MOST), true);
    }

    /** Returns whether the validation after {@code step} is one of those that are drawn, of which there are at most {@value #SETS}. */
    static boolean isDue(int step, int every, int steps) {
        return (long) step * SETS / steps > (long) (step - every) * SETS / steps;
    }

    @Override
    public void scored(PreparedCase scored, float[] image, LabelArray predicted, CaseScore score) {
        boolean low = worstToo && isLow(new Low(scored.id(), score.meanDice()));
        if (low || always.contains(scored.id())) {
            Grid grid = Grid.of(scored.shape(), spacing); // Prepared cases lie along RAS.
            pictures.put(
                    scored.id(),
                    SlicePicture.of(
                            Volume.of(grid, image), new Labels(grid, scored.labels()), new Labels(grid, predicted)));
        }
        pictures.keySet().removeIf(id -> !always.contains(id) && worst.stream().noneMatch(w -> w.id().equals(id)));
    }

    private boolean isLow(Low one) {
        worst.add(one);
        return worst.size() <= MOST || !one.equals(worst.pollLast());
    }

    /** Returns the pictures under the tags by which TensorBoard knows them, such as {@code slice/ct_07} and {@code worst/1 ct_12}. */
    SortedMap<String, SlicePicture> byTag() {
        SortedMap<String, SlicePicture> tags = new TreeMap<>();
        always.stream().filter(pictures::containsKey).forEach(id -> tags.put("slice/" + id, pictures.get(id)));
        int rank = 1;
        for (Low one : worst) {
            tags.put("worst/" + rank++ + " " + one.id(), pictures.get(one.id()));
        }
        return Collections.unmodifiableSortedMap(tags);
    }
}
