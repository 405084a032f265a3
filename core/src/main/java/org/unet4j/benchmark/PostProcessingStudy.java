package org.unet4j.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.unet4j.eval.CaseScore;
import org.unet4j.eval.CaseScores;
import org.unet4j.eval.Statistics;
import org.unet4j.eval.Tolerances;
import org.unet4j.infer.PostProcessing;
import org.unet4j.infer.RuleScores;
import org.unet4j.report.PostProcessingResult;
import org.unet4j.report.PostProcessingResult.OfClass;
import org.unet4j.train.Team;

/**
 * Chooses post-processing for each network of a cross-validation on the predictions that were made of held-out cases, and scores it where it
 * was not chosen: each case by the choice of the other folds. One case at a time is in the memory of a process.
 */
final class PostProcessingStudy {

    /** How long a process waits for the others to have looked at their cases. */
    private static final Duration LOOKING = Duration.ofDays(1);

    private final CrossValidation validation;
    private final Team team;
    private final BenchmarkListener listener;
    private final BooleanSupplier stop;
    private final Tolerances tolerances;
    private final List<PostProcessingResult.Network> networks = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    PostProcessingStudy(CrossValidation validation, Team team, BenchmarkListener listener, BooleanSupplier stop) {
        this.validation = validation;
        this.team = team;
        this.listener = listener;
        this.stop = stop;
        tolerances = TrainedRun.tolerances(validation.dataset());
    }

    /** Does something with a case. */
    @FunctionalInterface
    private interface Work {
        void with(OutOfFold one) throws IOException;
    }

    /** A case, and what is known of it. */
    private record Found<T>(OutOfFold one, T what) {}

    /** Returns the result, after its files were written by the leader of the team; empty where it was stopped. */
    Optional<PostProcessingResult> run() throws IOException {
        if (validation.splits().size() < 2) {
            notes.add("Post-processing was not chosen: there is no other fold to score it on.");
        } else {
            for (String network : validation.config().networks()) {
                if (!study(network)) {
                    return Optional.empty();
                }
            }
        }
        SortedMap<Integer, String> classes =
                new TreeMap<>(validation.store().plan().classes().tailMap(1));
        return Optional.of(new PostProcessingResult(classes, networks, notes));
    }

    /** Returns false where it was stopped. Where predictions were deleted there is a note and no result. */
    private boolean study(String network) throws IOException {
        List<OutOfFold> cases = cases(network);
        boolean looked = share(network + ": looking for post-processing", cases, one -> {
            if (one.known().isEmpty()) {
                one.look();
            }
        });
        if (!looked) {
            return false;
        }
        Optional<List<Found<RuleScores>>> rules = all(network, cases, OutOfFold::known);
        if (goneSomewhere(network, rules)) {
            return true;
        }
        List<PostProcessing> byFold = IntStream.range(0, validation.splits().size())
                .mapToObj(fold -> best(rules.get(), fold))
                .toList();
        boolean scored = share(
                network + ": scoring post-processing", cases, one -> one.score(byFold.get(one.fold()), tolerances));
        if (!scored) {
            return false;
        }
        Optional<List<Found<CaseScore>>> after =
                all(network, cases, one -> one.score(byFold.get(one.fold()), tolerances));
        if (!goneSomewhere(network, after)) {
            CaseScores raw = average(
                    cases.stream().map(one -> new Found<>(one, one.raw())).toList());
            keep(network, raw, average(after.get()), best(rules.get(), -1));
        }
        return true;
    }

    /** Returns the cases that each fold holds out, once for each seed. */
    private List<OutOfFold> cases(String network) throws IOException {
        List<OutOfFold> cases = new ArrayList<>();
        for (int fold = 0; fold < validation.splits().size(); fold++) {
            BenchmarkFolder folder = new BenchmarkFolder(validation.fold(fold));
            for (Run run : validation.runs(network)) {
                for (CaseScore raw : validation.read(fold, run).cases()) {
                    cases.add(new OutOfFold(
                            fold,
                            TrainedRun.labelled(validation.dataset(), raw.caseId()),
                            folder.prediction(run, raw.caseId()),
                            raw,
                            validation.out().resolve("postprocessing").resolve(run.toString())));
                }
            }
        }
        return cases;
    }

    /** Does this process's share of the work, and waits for the others; returns false where one was stopped. */
    private boolean share(String what, List<OutOfFold> cases, Work work) throws IOException {
        boolean stopped = false;
        for (int i = team.rank(); i < cases.size() && !stopped; i += team.count()) {
            stopped = stop.getAsBoolean();
            if (!stopped) {
                work.with(cases.get(i));
                listener.working(what, Math.min(i + team.count(), cases.size()), cases.size());
            }
        }
        team.barrier(LOOKING);
        return !team.any(stopped);
    }

    private interface Finding<T> {
        Optional<T> of(OutOfFold one) throws IOException;
    }

    /** Returns what is found of each case; empty, and a note, where predictions are gone that would be needed. */
    private <T> Optional<List<Found<T>>> all(String network, List<OutOfFold> cases, Finding<T> finding)
            throws IOException {
        List<Found<T>> found = new ArrayList<>();
        List<OutOfFold> gone = new ArrayList<>();
        for (OutOfFold one : cases) {
            finding.of(one).ifPresentOrElse(what -> found.add(new Found<>(one, what)), () -> gone.add(one));
        }
        if (!gone.isEmpty()) {
            notes.add("No post-processing was chosen for " + network + ": " + gone.size()
                    + " predictions are gone, such as [" + gone.get(0).prediction()
                    + "]; delete the files of their runs in scores, and the same command predicts them again.");
        }
        return gone.isEmpty() ? Optional.of(found) : Optional.empty();
    }

    /** Returns whether a process lacks {@code mine}: each sees the files for itself, and all must go the same way or wait for each other for ever. */
    private boolean goneSomewhere(String network, Optional<?> mine) {
        boolean gone = team.any(mine.isEmpty());
        if (gone && mine.isPresent()) {
            notes.add("No post-processing was chosen for " + network
                    + ": another process does not see files that this one sees; give the same command again.");
        }
        return gone;
    }

    /** Returns what all cases choose but those that {@code left} holds out. */
    private static PostProcessing best(List<Found<RuleScores>> rules, int left) {
        return RuleScores.best(rules.stream()
                .filter(found -> found.one.fold() != left)
                .map(Found::what)
                .toList());
    }

    /** Returns the mean over seeds. */
    private static CaseScores average(List<Found<CaseScore>> scores) {
        SortedMap<Path, List<CaseScore>> bySeed = new TreeMap<>();
        scores.forEach(found -> bySeed.computeIfAbsent(found.one.folder(), run -> new ArrayList<>())
                .add(found.what));
        return CaseScores.average(bySeed.values().stream().map(CaseScores::new).toList());
    }

    private void keep(String network, CaseScores raw, CaseScores after, PostProcessing all) throws IOException {
        SortedMap<Integer, OfClass> classes = new TreeMap<>();
        raw.classes().forEach(cls -> classes.put(cls, ofClass(raw.dice(cls), after.dice(cls), all.rule(cls))));
        networks.add(new PostProcessingResult.Network(network, raw.meanDice(), after.meanDice(), classes));
        if (team.leads()) {
            TreeSet<Integer> kept = new TreeSet<>(classes.keySet());
            kept.removeIf(cls -> !classes.get(cls).kept());
            PostProcessingFiles files = new PostProcessingFiles(validation, network);
            files.write(after);
            files.write(all.only(kept), raw.cases().size())
                    .forEach(file -> notes.add("[" + file + "] is somebody else's, and was left as it is; kept for "
                            + network + " is what stands in postprocessing-" + network + ".yaml."));
        }
    }

    private OfClass ofClass(double[] before, double[] now, PostProcessing.Rule chosen) {
        double[] gain = IntStream.range(0, now.length)
                .mapToDouble(i -> now[i] - before[i])
                .toArray();
        Statistics.Interval interval =
                Statistics.bootstrap95(gain, validation.config().training().seed());
        return new OfClass(
                Statistics.mean(before),
                Statistics.mean(now),
                List.of(interval.low(), interval.high()),
                chosen.toString(),
                !chosen.equals(PostProcessing.Rule.NOTHING) && Statistics.mean(gain) > 0);
    }
}
