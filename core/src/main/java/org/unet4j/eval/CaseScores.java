package org.unet4j.eval;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
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
        }
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
     * x}}]}}; {@code sd} is the sample standard deviation over cases, 0 for a single case.
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
                    new ClassEntry(new MeanAndSd(Statistics.mean(values), Statistics.standardDeviation(values))));
        }
        return new Report(new Mean(meanDice()), entries, cases);
    }

    /** Returns the scores in a file that {@link #writeJson} wrote. */
    public static CaseScores readJson(Path file) throws IOException {
        return new CaseScores(Json.read(file, Report.class).cases());
    }

    /** Writes {@link #csv()}; the file appears whole or not at all. */
    public void writeCsv(Path file) throws IOException {
        AtomicFile.write(file, out -> out.write(csv().getBytes(StandardCharsets.UTF_8)));
    }

    /** Returns one line a case and class: {@code case,class,dice}. */
    public String csv() {
        StringBuilder csv = new StringBuilder("case,class,dice\n");
        for (CaseScore score : cases) {
            score.dice()
                    .forEach((cls, value) -> csv.append(quoted(score.caseId()))
                            .append(',')
                            .append(cls)
                            .append(',')
                            .append(value)
                            .append('\n'));
        }
        return csv.toString();
    }

    private static String quoted(String text) {
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    /** Returns the mean over several seeds of the same cases' scores, case by case and class by class. */
    public static CaseScores average(List<CaseScores> seeds) {
        List<CaseScore> means = new ArrayList<>();
        CaseScores first = seeds.get(0);
        for (int i = 0; i < first.cases().size(); i++) {
            String caseId = first.cases().get(i).caseId();
            SortedMap<Integer, Double> dice = new TreeMap<>();
            for (CaseScores scores : seeds) {
                if (scores.cases().size() != first.cases().size()
                        || !scores.cases().get(i).caseId().equals(caseId)) {
                    throw new IllegalArgumentException("[" + caseId + "] is not scored for every seed");
                }
                scores.cases()
                        .get(i)
                        .dice()
                        .forEach((cls, value) -> dice.merge(cls, value / seeds.size(), Double::sum));
            }
            dice.replaceAll((cls, value) -> Math.min(1, value)); // thirds of 1 may add up to a little more than 1
            means.add(new CaseScore(caseId, dice));
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

    /** The mean over foreground classes of the means over cases. */
    public record Mean(double dice) {}

    /** One class. */
    public record ClassEntry(MeanAndSd dice) {}

    /**
     * Over cases.
     *
     * @param mean the arithmetic mean
     * @param sd the sample standard deviation; 0 for a single case
     */
    public record MeanAndSd(double mean, double sd) {}
}
