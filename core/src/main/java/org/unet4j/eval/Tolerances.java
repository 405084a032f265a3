package org.unet4j.eval;

import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.unet4j.io.DecathlonTask;

/**
 * How far a predicted surface may lie from the reference and still count as right, for the normalised surface Dice.
 *
 * @param otherwiseMm of every class that {@code byClassMm} does not name; in mm, at least 0
 * @param byClassMm by class number
 */
public record Tolerances(double otherwiseMm, SortedMap<Integer, Double> byClassMm) {

    /** One millimetre for every class: for data of which nobody has said how sure its outlines are. */
    public static final Tolerances ONE_MM = uniform(1);

    private static final Pattern CLASS_AND_MM = Pattern.compile("(\\d{1,9})=(.*)");

    /** Antonelli et al. 2022, by task; the same for every class of a task. */
    private static final Map<DecathlonTask, Double> DECATHLON_MM = Map.of(
            DecathlonTask.BRAIN_TUMOUR, 5.0,
            DecathlonTask.HEART, 4.0,
            DecathlonTask.LIVER, 7.0,
            DecathlonTask.HIPPOCAMPUS, 1.0,
            DecathlonTask.PROSTATE, 4.0,
            DecathlonTask.LUNG, 2.0,
            DecathlonTask.PANCREAS, 5.0,
            DecathlonTask.HEPATIC_VESSEL, 3.0,
            DecathlonTask.SPLEEN, 3.0,
            DecathlonTask.COLON, 4.0);

    /** Checks every value. */
    public Tolerances {
        byClassMm = Collections.unmodifiableSortedMap(new TreeMap<>(byClassMm));
        requireTolerance("", otherwiseMm);
        byClassMm.forEach((cls, mm) -> requireTolerance(" of class " + cls, mm));
    }

    private static void requireTolerance(String of, double mm) {
        if (!(mm >= 0) || Double.isInfinite(mm)) {
            throw new IllegalArgumentException("tolerance " + mm + " mm" + of + " must be a number from 0");
        }
    }

    /** Returns the same tolerance for every class. */
    public static Tolerances uniform(double mm) {
        return new Tolerances(mm, Collections.emptySortedMap());
    }

    /**
     * Returns the tolerance that the Medical Segmentation Decathlon took for {@code task} (Antonelli et al. 2022, "The Medical
     * Segmentation Decathlon", Nature Communications 13, 4128, Methods): 5 mm for the brain, 4 heart, 7 liver, 1 hippocampus, 4
     * prostate, 2 lung, 5 pancreas, 3 hepatic vessel, 3 spleen, 4 colon. Only those of the hippocampus and the pancreas were seen in a
     * second source: look the others up before publishing with them.
     */
    public static Tolerances decathlon(DecathlonTask task) {
        return uniform(DECATHLON_MM.get(task));
    }

    /** Returns the preset of the Decathlon's task whose folder is called {@code name}, such as Task07_Pancreas; empty for other names. */
    public static Optional<Tolerances> preset(String name) {
        return Arrays.stream(DecathlonTask.values())
                .filter(task -> task.folder().equalsIgnoreCase(name))
                .map(Tolerances::decathlon)
                .findFirst();
    }

    /**
     * Returns the tolerances that {@code text} says: {@code 2} (mm, for every class), {@code 1=5,2=3} (class 1 five, class 2 three, every
     * other one), {@code 2,1=5} (class 1 five, every other two), or the name of a Decathlon task.
     *
     * @throws IllegalArgumentException if it says none of these
     */
    public static Tolerances parse(String text) {
        if (text.strip().matches("(?i)[a-z]\\w+") && !text.strip().matches("(?i)nan|inf(inity)?")) {
            return decathlon(DecathlonTask.of(text));
        }
        double otherwise = ONE_MM.otherwiseMm;
        boolean given = false;
        SortedMap<Integer, Double> byClass = new TreeMap<>();
        for (String part : text.split(",", -1)) {
            Matcher classAndMm = CLASS_AND_MM.matcher(part.strip());
            if (classAndMm.matches()) {
                int cls = Integer.parseInt(classAndMm.group(1));
                if (byClass.put(cls, number(text, classAndMm.group(2))) != null) {
                    throw new IllegalArgumentException("tolerances '" + text + "' name class " + cls + " twice");
                }
            } else if (given) {
                throw new IllegalArgumentException(
                        "tolerances '" + text + "' say twice what holds for every class; write CLASS=MM");
            } else {
                otherwise = number(text, part);
                given = true;
            }
        }
        return new Tolerances(otherwise, byClass);
    }

    private static double number(String text, String part) {
        try {
            return Double.parseDouble(part.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "tolerances '" + text
                            + "' must be millimetres such as 2, CLASS=MM such as 1=5,2=3, or a Decathlon task"
                            + " such as Task07_Pancreas",
                    e);
        }
    }

    /** Returns the tolerance of class {@code cls} in mm. */
    public double of(int cls) {
        return byClassMm.getOrDefault(cls, otherwiseMm);
    }

    /** Returns what {@link #parse} takes. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(number(otherwiseMm));
        byClassMm.forEach((cls, mm) -> text.append(',').append(cls).append('=').append(number(mm)));
        return text.toString();
    }

    private static String number(double mm) {
        return mm == Math.rint(mm) && mm < 1e9 ? String.format(Locale.ROOT, "%.0f", mm) : Double.toString(mm);
    }
}
