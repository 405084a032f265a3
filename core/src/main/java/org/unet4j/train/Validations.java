package org.unet4j.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.unet4j.eval.CaseScores;
import org.unet4j.eval.Statistics;
import org.unet4j.model.ModelFile;
import org.unet4j.model.Network;

/** The validations of a run: of a few cases now and then, which choose the best weights, and of all cases at its end. */
final class Validations {

    private static final double NANOS = 1e-9;

    private final Job job;
    private final Network network;
    private final Learner learner;
    private final Log log;
    private final Standing standing;
    private final Validator validator;
    private final BestWeights bestWeights;
    private final List<String> fewCases;

    Validations(Job job, Network network, Learner learner, Log log, Standing standing) {
        this.job = job;
        this.network = network;
        this.learner = learner;
        this.log = log;
        this.standing = standing;
        validator = new Validator(job, network);
        bestWeights = new BestWeights(job);
        fewCases = spread(job.split().validation(), job.config().validation().cases());
    }

    /** Returns {@code count} of {@code ids}, evenly spaced; all where there are no more. */
    static List<String> spread(List<String> ids, int count) {
        List<String> chosen = new ArrayList<>();
        for (int i = 0; i < Math.min(count, ids.size()); i++) {
            chosen.add(ids.get((int) ((long) i * ids.size() / Math.min(count, ids.size()))));
        }
        return chosen;
    }

    /** Returns whether the few cases are to be scored now. */
    boolean isDue() {
        int every = job.config().validation().every();
        return every > 0
                && standing.step() > 0
                && standing.step() % every == 0
                && !standing.validated()
                && !fewCases.isEmpty();
    }

    /** Scores the few cases and keeps the weights where they are the best yet; returns false where it was stopped. */
    boolean few() throws IOException {
        ValidationPictures pictures =
                ValidationPictures.of(job.plan().spacing(), drawn(isDrawn() ? fewCases : List.of()));
        Optional<CaseScores> scores = score(fewCases, pictures);
        if (scores.isEmpty()) {
            return false;
        }
        boolean isBest = keepBest(scores.get());
        standing.setValidated();
        report(scores.get(), isBest, fewCases.size(), pictures);
        return true;
    }

    /**
     * Returns the scores of all cases for the last weights and for the best; empty where it was stopped. The last weights
     * compete for the best on the few cases, as the earlier ones did.
     */
    Optional<ValidationScores> all() throws IOException {
        List<String> ids = job.split().validation();
        ValidationPictures pictures = job.team().leads()
                ? ValidationPictures.ofLast(job.plan().spacing(), drawn(fewCases))
                : ValidationPictures.of(job.plan().spacing(), List.of());
        KeptPredictions kept = new KeptPredictions(job);
        Optional<CaseScores> last = score(ids, pictures.and(kept));
        if (last.isEmpty()) {
            return Optional.empty();
        }
        kept.keep(last.get());
        Set<String> few = new LinkedHashSet<>(fewCases);
        CaseScores ofFew = new CaseScores(last.get().cases().stream()
                .filter(score -> few.contains(score.caseId()))
                .toList());
        boolean first = standing.best().isEmpty();
        boolean isBest = keepBest(ofFew);
        report(last.get(), isBest, first ? ids.size() : fewCases.size(), pictures);
        int step = standing.step();
        if (isBest) {
            return Optional.of(new ValidationScores(step, last.get(), step, last.get()));
        }
        if (job.team().leads()) {
            ModelFile.load(job.run().best(), network);
        }
        job.team().broadcast(network.parameters());
        int bestStep = standing.best().map(Checkpoint.Best::step).orElse(step);
        return scoreNetwork(ids, Validator.Watcher.none())
                .map(scores -> new ValidationScores(step, last.get(), bestStep, scores));
    }

    private boolean isDrawn() {
        return ValidationPictures.isDue(
                standing.step(), job.config().validation().every(), job.config().steps());
    }

    /** Returns those of {@code cases} of which the leader sees slices in validations on a few cases. */
    private List<String> drawn(List<String> cases) {
        List<String> mine = new ArrayList<>();
        for (int i = 0; i < cases.size() && job.team().leads(); i += job.team().count()) {
            mine.add(cases.get(i));
        }
        return mine;
    }

    private Optional<CaseScores> score(List<String> ids, Validator.Watcher watcher) throws IOException {
        try (Learner.Averaged averaged = learner.averaged()) {
            return scoreNetwork(ids, watcher);
        }
    }

    private Optional<CaseScores> scoreNetwork(List<String> ids, Validator.Watcher watcher) throws IOException {
        long start = System.nanoTime();
        Optional<CaseScores> scores = validator.score(ids, watcher);
        standing.addValidation((System.nanoTime() - start) * NANOS);
        return scores;
    }

    private boolean keepBest(CaseScores scores) throws IOException {
        boolean isBest = job.team().leads() && standing.isBest(scores);
        if (isBest) {
            try (Learner.Averaged averaged = learner.averaged()) {
                standing.setBest(bestWeights.keep(network, standing.step(), scores.meanDice()));
            }
        }
        return job.team().any(isBest);
    }

    private void report(CaseScores scores, boolean isBest, int compared, ValidationPictures pictures)
            throws IOException {
        SortedMap<Integer, Double> dice = new TreeMap<>();
        for (int cls : scores.classes()) {
            dice.put(cls, Statistics.mean(scores.dice(cls)));
        }
        int cases = scores.cases().size();
        log.validation(
                new Metrics.Validation(standing.step(), cases, dice, scores.meanDice()), scores, pictures.byTag());
        job.listener()
                .validated(new ValidationEvent(standing.step(), cases, dice, scores.meanDice(), isBest, compared));
    }
}
