package org.unet4j.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.unet4j.eval.CaseScore;
import org.unet4j.eval.Tolerances;
import org.unet4j.infer.Predictor;
import org.unet4j.infer.Weights;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.io.Nifti;
import org.unet4j.io.Yaml;
import org.unet4j.model.Cost;
import org.unet4j.model.ModelSpec;
import org.unet4j.prep.Plan;
import org.unet4j.torch.PeakMemory;
import org.unet4j.torch.Precision;
import org.unet4j.torch.Provenance;
import org.unet4j.train.RunFolder;
import org.unet4j.train.Team;
import org.unet4j.train.TrainRequest;
import org.unet4j.train.TrainResult;
import org.unet4j.train.Trainer;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Scan;

/** Trains a network and scores its last checkpoint on every held-out case, from the scan to labels on the scan's grid. */
final class TrainedRun {

    private static final double NANOS = 1e9;

    /** How long a process waits for the others to have scored their cases. */
    private static final Duration SCORING = Duration.ofDays(1);

    private final Benchmark benchmark;
    private final Team team;
    private final BenchmarkFolder folder;
    private final BenchmarkListener listener;
    private final BooleanSupplier stop;

    TrainedRun(
            Benchmark benchmark, Team team, BenchmarkFolder folder, BenchmarkListener listener, BooleanSupplier stop) {
        this.benchmark = benchmark;
        this.team = team;
        this.folder = folder;
        this.listener = listener;
        this.stop = stop;
    }

    /** Returns the scores, on the leader of the team; empty if the run was interrupted. */
    Optional<RunScores> score(Run run) throws IOException {
        PeakMemory memory = PeakMemory.start(benchmark.device());
        PartialScores partial = folder.partial(run);
        if (!RunFolder.holdsRun(folder.run(run))) {
            partial.clear(); // Of a run whose folder somebody deleted.
        }
        TrainResult trained = train(run);
        partial.add(PartialScores.Memory.of(memory));
        if (trained.interrupted()) {
            return Optional.empty();
        }
        boolean whole = predict(run, partial);
        PartialScores.Memory most = partial.add(PartialScores.Memory.of(memory));
        return whole ? Optional.of(scores(run, trained, partial, most)) : Optional.empty();
    }

    /** Does a share of what the leader of the team scores; returns false if the run was interrupted. */
    boolean takePart(Run run) throws IOException {
        return !train(run).interrupted() && predict(run, folder.partial(run));
    }

    private RunScores scores(Run run, TrainResult trained, PartialScores partial, PartialScores.Memory most)
            throws IOException {
        List<PartialScores.Scored> scored = new ArrayList<>();
        for (String id : benchmark.split().validation()) {
            scored.add(partial.read(id)
                    .orElseThrow(() -> new IOException("[" + partial + "] has no score of case " + id
                            + ": all processes must see the same files")));
        }
        Plan plan = benchmark.store().plan();
        ModelSpec spec = ModelSpec.of(run.network(), plan.channels().size(), plan.classCount(), plan.topology());
        Cost cost = Cost.of(spec, plan.patch());
        return new RunScores(
                run.network(),
                run.seed(),
                scored.stream().map(PartialScores.Scored::score).toList(),
                cost.parameters(),
                cost.multiplyAdds(),
                trained.trainSeconds(),
                trained.voxelsPerSecond(),
                trained.waitShare(),
                scored.stream()
                        .mapToDouble(PartialScores.Scored::predictSeconds)
                        .average()
                        .orElseThrow(),
                most.residentBytes(),
                most.deviceBytes(),
                Yaml.read(new RunFolder(folder.run(run)).provenance(), Provenance.class));
    }

    private TrainResult train(Run run) throws IOException {
        Path out = folder.run(run);
        Files.createDirectories(out.getParent());
        return Trainer.together(
                team,
                TrainRequest.of(
                                benchmark.config().training(run),
                                benchmark.store(),
                                benchmark.split(),
                                out,
                                benchmark.device(),
                                listener.training(run),
                                stop)
                        .withCommand(benchmark.command()));
    }

    /**
     * Scores this process's share of the held-out cases, every n-th, and waits for the others; returns false if one was stopped
     * before its last. Cases that an earlier process scored are passed over.
     */
    private boolean predict(Run run, PartialScores partial) throws IOException {
        boolean stopped = predictShare(run, partial);
        team.barrier(SCORING);
        return !team.any(stopped);
    }

    private boolean predictShare(Run run, PartialScores partial) throws IOException {
        List<String> heldOut = benchmark.split().validation();
        Precision precision = benchmark.config().training().numerics().precision();
        try (Predictor loaded = Predictor.load(folder.run(run), Weights.LAST, benchmark.device(), precision)) {
            Predictor predictor = loaded.withoutPostProcessing(); // It may have been chosen on these very cases.
            for (int i = team.rank(); i < heldOut.size(); i += team.count()) {
                String id = heldOut.get(i);
                if (partial.read(id).isPresent()) {
                    continue;
                }
                if (stop.getAsBoolean()) {
                    return true;
                }
                partial.write(predict(run, predictor, id));
                listener.predicted(run, Math.min(i + team.count(), heldOut.size()), heldOut.size());
            }
        }
        return false;
    }

    private PartialScores.Scored predict(Run run, Predictor predictor, String id) throws IOException {
        Case one = labelled(benchmark.dataset(), id);
        Scan scan = one.readScan();
        Labels reference = one.readLabels(scan.grid());
        long start = System.nanoTime();
        Labels prediction = predictor.predict(scan);
        double seconds = (System.nanoTime() - start) / NANOS;
        Path file = folder.prediction(run, id);
        Files.createDirectories(file.getParent());
        Nifti.write(file, prediction, Nifti.readHeader(one.images().get(0)));
        Set<Integer> classes =
                new TreeSet<>(benchmark.store().plan().classes().tailMap(1).keySet());
        return new PartialScores.Scored(
                CaseScore.of(id, prediction, reference, classes, tolerances(benchmark.dataset())), seconds);
    }

    /** Returns the tolerances of the Decathlon's task that {@code dataset} is, else 1 mm. */
    static Tolerances tolerances(Dataset dataset) {
        return Tolerances.preset(dataset.name()).orElse(Tolerances.ONE_MM);
    }

    /** Returns the labelled case {@code id}. */
    static Case labelled(Dataset dataset, String id) {
        return dataset.training().stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "case '" + id + "' of the split is not among the labelled cases of " + dataset.name()
                                + "; give the split of this dataset"));
    }
}
