package org.unet4j.eval;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.unet4j.io.AtomicFile;
import org.unet4j.io.Json;

/**
 * The scores of several cases, sorted by case, each with the same classes.
 *
 * @param cases at least one
 */
public record CaseScores(List<CaseScore> cases) {

    public CaseScores {
        if (cases.isEmpty()) {
            throw new IllegalArgumentException("scores need at least one case");
        }
        cases = cases.stream().sorted(Comparator.comparing(CaseScore::caseId)).toList();
        Set<Integer> classes = cases.get(0).dice().keySet();
        Set<String> seen = new HashSet<>();
        for (CaseScore score : cases) {
            if (!score.dice().keySet().equals(classes)) {
                throw new IllegalArgumentException("[" + score.caseId() + "] has scores of the classes "
                        + score.dice().keySet() + ", ["
                        + cases.get(0).caseId() + "] of " + classes + "; score all cases with the same classes");
            }
            if (!seen.add(score.caseId())) {
                throw new IllegalArgumentException("[" + score.caseId() + "] is scored twice");
            }
            requireAlike(cases.get(0), score);
        }
    }

    private static void requireAlike(CaseScore first, CaseScore other) {
        if (first.measures().isPresent() != other.measures().isPresent()) {
            throw new IllegalArgumentException("of [" + first.caseId() + "] and [" + other.caseId()
                    + "] one was scored by Dice alone; score all cases with the same measures");
        }
        first.measures()
                .ifPresent(measures -> measures.forEach((cls, measure) -> {
                    double mm = other.measures().get().get(cls).toleranceMm();
                    if (mm != measure.toleranceMm()) {
                        throw new IllegalArgumentException("class " + cls + " was scored with a tolerance of "
                                + measure.toleranceMm() + " mm in [" + first.caseId() + "] and of " + mm + " mm in ["
                                + other.caseId() + "]; score all cases with the same tolerances");
                    }
                }));
    }

    /** Returns what all cases can be measured by: Dice alone, or everything. */
    public List<Metric> metrics() {
        return Stream.of(Metric.values())
                .filter(metric -> metric.isOf(cases.get(0)))
                .toList();
    }

    /** Returns {@code metric} of class {@code cls}, one number a case in the order of {@link #cases()}; some may not be finite. */
    public double[] values(Metric metric, int cls) {
        return cases.stream().mapToDouble(score -> metric.of(score, cls)).toArray();
    }

    /** Returns mean and spread of {@code metric} of class {@code cls} over cases. */
    public Moments moments(Metric metric, int cls) {
        return Moments.of(values(metric, cls));
    }

    /**
     * Returns {@code metric} of each case, the mean over those of its classes for which it is finite; NaN where there is none. One number a
     * case in the order of {@link #cases()}.
     */
    public double[] caseMeans(Metric metric) {
        return cases.stream()
                .mapToDouble(score -> classes().stream()
                        .mapToDouble(cls -> metric.of(score, cls))
                        .filter(Double::isFinite)
                        .average()
                        .orElse(Double.NaN))
                .toArray();
    }

    /** Returns the mean over classes of the means over cases, and how many values of class and case those leave out. */
    public Overall overall(Metric metric) {
        List<Moments> moments =
                classes().stream().map(cls -> moments(metric, cls)).toList();
        double mean = moments.stream()
                .filter(one -> one.cases() > 0)
                .mapToDouble(Moments::mean)
                .average()
                .orElse(Double.NaN);
        return new Overall(mean, moments.stream().mapToInt(Moments::leftOut).sum());
    }

    /** Returns the tolerance of the normalised surface Dice of class {@code cls} in mm; empty where Dice alone was asked for. */
    public OptionalDouble toleranceMm(int cls) {
        return cases.get(0).measures().stream()
                .mapToDouble(measures -> measures.get(cls).toleranceMm())
                .findFirst();
    }

    /** Returns the scored classes, background not among them. */
    public SortedSet<Integer> classes() {
        return Collections.unmodifiableSortedSet(
                new TreeSet<>(cases.get(0).dice().keySet()));
    }

    /** Returns the Dice of class {@code cls}, one number a case in the order of {@link #cases()}. */
    public double[] dice(int cls) {
        return cases.stream().mapToDouble(score -> score.dice().get(cls)).toArray();
    }

    /** Returns the mean over classes of each case, in the order of {@link #cases()}. */
    public double[] caseMeans() {
        return cases.stream().mapToDouble(CaseScore::meanDice).toArray();
    }

    /** Returns the mean over foreground classes of the means over cases. */
    public double meanDice() {
        return classes().stream()
                .mapToDouble(cls -> Statistics.mean(dice(cls)))
                .average()
                .orElseThrow();
    }

    /**
     * Writes {@code {"mean": {"dice": x}, "classes": {"1": {"dice": {"mean", "sd"}}}, "cases": [{"case", "dice": {"1":
     * x}}]}}; {@code sd} is the sample standard deviation over cases, 0 for a single case. Where everything was measured {@code mean}
     * and each class have {@code measures} too, by {@link Metric#key()}, with how many values the means leave out.
     */
    public void writeJson(Path file) throws IOException {
        Json.write(file, report());
    }

    /** Returns what {@link #writeJson} writes. */
    public Report report() {
        SortedMap<String, ClassEntry> entries = new TreeMap<>(Comparator.comparing(Integer::valueOf));
        for (int cls : classes()) {
            double[] values = dice(cls);
            entries.put(
                    Integer.toString(cls),
                    new ClassEntry(
                            new MeanAndSd(Statistics.mean(values), Statistics.standardDeviation(values)),
                            byMetric(metric -> moments(metric, cls))));
        }
        return new Report(new Mean(meanDice(), byMetric(this::overall)), entries, cases);
    }

    private <T> Optional<Map<String, T>> byMetric(Function<Metric, T> value) {
        Map<String, T> entries = new LinkedHashMap<>();
        metrics().stream()
                .filter(metric -> metric != Metric.DICE)
                .forEach(metric -> entries.put(metric.key(), value.apply(metric)));
        return entries.isEmpty() ? Optional.empty() : Optional.of(entries);
    }

    /**
     * Returns the scores in a file that {@link #writeJson} wrote.
     *
     * @throws IOException if the file cannot be read, or its scores do not go together, naming it
     */
    public static CaseScores readJson(Path file) throws IOException {
        try {
            return new CaseScores(Json.read(file, Report.class).cases());
        } catch (IllegalArgumentException e) {
            throw new IOException("[" + file + "] " + e.getMessage(), e);
        }
    }

    /** Writes {@link #csv()}; the file appears whole or not at all. */
    public void writeCsv(Path file) throws IOException {
        AtomicFile.write(file, out -> out.write(csv().getBytes(StandardCharsets.UTF_8)));
    }

    /** Returns one line a case and class: {@code case,class,dice}, and whatever else was measured; numbers that are not finite in words. */
    public String csv() {
        StringBuilder csv = new StringBuilder("case,class");
        metrics().forEach(metric -> csv.append(',').append(metric.key()));
        boolean measured = cases.get(0).measures().isPresent();
        csv.append(measured ? ",toleranceMm\n" : "\n");
        for (CaseScore score : cases) {
            for (int cls : classes()) {
                csv.append(quoted(score.caseId())).append(',').append(cls);
                metrics().forEach(metric -> csv.append(',').append(metric.of(score, cls)));
                toleranceMm(cls).ifPresent(mm -> csv.append(',').append(mm));
                csv.append('\n');
            }
        }
        return csv.toString();
    }

    private static String quoted(String text) {
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    /**
     * Returns the mean over several seeds of the same cases' scores, case by case and class by class. What one seed cannot tell, or is
     * infinite for it, is so for the mean.
     */
    public static CaseScores average(List<CaseScores> seeds) {
        List<CaseScore> means = new ArrayList<>();
        CaseScores first = seeds.get(0);
        for (int i = 0; i < first.cases().size(); i++) {
            String caseId = first.cases().get(i).caseId();
            List<CaseScore> ofCase = new ArrayList<>();
            for (CaseScores scores : seeds) {
                if (scores.cases().size() != first.cases().size()
                        || !scores.cases().get(i).caseId().equals(caseId)) {
                    throw new IllegalArgumentException("[" + caseId + "] is not scored for every seed");
                }
                ofCase.add(scores.cases().get(i));
            }
            means.add(CaseScore.average(ofCase));
        }
        return new CaseScores(means);
    }

    /**
     * The file's content.
     *
     * @param mean over classes
     * @param classes by class number
     * @param cases every case
     */
    public record Report(Mean mean, SortedMap<String, ClassEntry> classes, List<CaseScore> cases) {}

    /**
     * The mean over foreground classes of the means over cases.
     *
     * @param dice in [0, 1]
     * @param measures the others by {@link Metric#key()}
     */
    public record Mean(double dice, Optional<Map<String, Overall>> measures) {}

    /**
     * A mean over classes and cases.
     *
     * @param mean over classes of the means over those cases for which it is finite; NaN where there is none
     * @param leftOut how many values, one for each class and case, are not finite
     */
    public record Overall(double mean, int leftOut) {}

    /**
     * One class.
     *
     * @param dice over cases
     * @param measures the others by {@link Metric#key()}
     */
    public record ClassEntry(MeanAndSd dice, Optional<Map<String, Moments>> measures) {}

    /**
     * Over cases.
     *
     * @param mean the arithmetic mean
     * @param sd the sample standard deviation; 0 for a single case
     */
    public record MeanAndSd(double mean, double sd) {}
}
