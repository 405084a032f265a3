package org.unet4j.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.unet4j.eval.CaseScore;
import org.unet4j.eval.CaseScores;
import org.unet4j.eval.Tolerances;
import org.unet4j.infer.EnsembleFile;
import org.unet4j.infer.ModelPackage;
import org.unet4j.infer.PostProcessing;
import org.unet4j.infer.Predictor;
import org.unet4j.infer.Weights;
import org.unet4j.io.Case;
import org.unet4j.io.Json;
import org.unet4j.io.Nifti;
import org.unet4j.torch.Precision;
import org.unet4j.train.Team;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Scan;

/** Scores all folds' networks together on a test set, with the post-processing that was chosen on the folds. */
final class EnsembleStudy {

    /** How long a process waits for the others to have scored their cases. */
    private static final Duration SCORING = Duration.ofDays(1);

    private final CrossValidation validation;
    private final TestSet test;
    private final Team team;
    private final BenchmarkListener listener;
    private final BooleanSupplier stop;

    EnsembleStudy(
            CrossValidation validation, TestSet test, Team team, BenchmarkListener listener, BooleanSupplier stop) {
        this.validation = validation;
        this.test = test;
        this.team = team;
        this.listener = listener;
        this.stop = stop;
    }

    /**
     * A case that was scored, and by what.
     *
     * @param weightsSha256 of each network
     * @param after what was done to labels after them
     * @param conditions else; the first versions did not write them
     * @param score of the case
     */
    private record Scored(
            List<String> weightsSha256, PostProcessing after, Optional<Conditions> conditions, CaseScore score) {}

    /**
     * What else decides a score: a case of the same name may be another one, or be corrected.
     *
     * @param imagesSha256 of the files of the scan
     * @param labelsSha256 of the file of the reference
     * @param precision that the networks computed in
     * @param tolerances of the normalised surface Dice
     */
    private record Conditions(
            List<String> imagesSha256, String labelsSha256, Precision precision, Tolerances tolerances) {}

    /** Returns the scores of each network's ensemble, and writes them where the process leads; empty where it was stopped. */
    Optional<Map<String, CaseScores>> run() throws IOException {
        Map<String, CaseScores> scores = new LinkedHashMap<>();
        for (String network : validation.config().networks()) {
            boolean stopped = share(network);
            team.barrier(SCORING);
            if (team.any(stopped)) {
                return Optional.empty();
            }
            CaseScores ofNetwork = read(network);
            scores.put(network, ofNetwork);
            if (team.leads()) {
                Path folder = validation.out().resolve("test-" + test.name());
                ofNetwork.writeJson(folder.resolve("scores-" + network + ".json"));
                ofNetwork.writeCsv(folder.resolve("scores-" + network + ".csv"));
            }
        }
        return Optional.of(scores);
    }

    private Path folder(String network) {
        return validation.out().resolve("test-" + test.name()).resolve(network);
    }

    private Path scored(String network, Case one) {
        return folder(network).resolve("case-" + one.id() + ".json");
    }

    private CaseScores read(String network) throws IOException {
        List<CaseScore> scores = new ArrayList<>();
        for (Case one : test.cases()) {
            scores.add(Json.read(scored(network, one), Scored.class).score());
        }
        return new CaseScores(scores);
    }

    /** Scores this process's share of the cases; returns whether it was stopped. What the same networks scored before stays. */
    private boolean share(String network) throws IOException {
        try (Predictor predictor = load(network)) {
            List<Case> cases = test.cases();
            for (int i = team.rank(); i < cases.size(); i += team.count()) {
                if (isScored(network, cases.get(i), predictor)) {
                    continue;
                }
                if (stop.getAsBoolean()) {
                    return true;
                }
                score(network, cases.get(i), predictor);
                listener.working(
                        network + ": scoring all folds' networks on " + test.name(),
                        Math.min(i + team.count(), cases.size()),
                        cases.size());
            }
        }
        return false;
    }

    /** Returns the ensemble with the post-processing that was chosen on the folds, whatever somebody laid beside the weights of one. */
    private Predictor load(String network) throws IOException {
        PostProcessing chosen = PostProcessing.read(
                PostProcessingFiles.chosen(validation, network),
                validation.store().plan());
        List<Predictor.Loader> loaders = new ArrayList<>();
        for (Path model : EnsembleFile.models(validation.ensemble(network))) {
            loaders.add(() -> Predictor.load(model, Weights.LAST, validation.device(), precision())
                    .withPostProcessing(chosen));
        }
        return Predictor.loadEnsemble(loaders);
    }

    private Precision precision() {
        return validation.config().training().numerics().precision();
    }

    private Tolerances tolerances() {
        return TrainedRun.tolerances(validation.dataset());
    }

    private Conditions conditions(Case one) throws IOException {
        List<String> images = new ArrayList<>();
        for (Path image : one.images()) {
            images.add(ModelPackage.sha256(image));
        }
        return new Conditions(images, ModelPackage.sha256(one.labels().orElseThrow()), precision(), tolerances());
    }

    private boolean isScored(String network, Case one, Predictor predictor) throws IOException {
        if (!Files.exists(scored(network, one))) {
            return false;
        }
        Scored before = Json.read(scored(network, one), Scored.class);
        return before.weightsSha256().equals(predictor.weightsSha256())
                && before.after().equals(predictor.postProcessing())
                && before.conditions().equals(Optional.of(conditions(one)));
    }

    private void score(String network, Case one, Predictor predictor) throws IOException {
        Conditions conditions = conditions(one); // Before the files are read: a later change must be noticed.
        Scan scan = one.readScan();
        Labels reference = one.readLabels(scan.grid());
        Labels prediction = predictor.predict(scan);
        Path file = folder(network).resolve(one.id() + ".nii.gz");
        Files.createDirectories(file.getParent());
        Nifti.write(file, prediction, Nifti.readHeader(one.images().get(0)));
        Set<Integer> classes =
                new TreeSet<>(validation.store().plan().classes().tailMap(1).keySet());
        CaseScore score = CaseScore.of(one.id(), prediction, reference, classes, tolerances());
        Json.write(
                scored(network, one),
                new Scored(predictor.weightsSha256(), predictor.postProcessing(), Optional.of(conditions), score));
    }
}
