package org.unet4j.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.unet4j.eval.CaseScore;
import org.unet4j.eval.Dice;
import org.unet4j.infer.Predictor;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.io.Nifti;
import org.unet4j.io.Yaml;
import org.unet4j.model.Cost;
import org.unet4j.model.ModelSpec;
import org.unet4j.prep.Plan;
import org.unet4j.torch.Provenance;
import org.unet4j.train.RunFolder;
import org.unet4j.train.TrainConfig;
import org.unet4j.train.TrainResult;
import org.unet4j.train.Trainer;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Scan;

/** Trains a network and scores its last checkpoint on every held-out case, from the scan to labels on the scan's grid. */
final class TrainedRun {

    private static final double NANOS = 1e9;

    private final Benchmark benchmark;
    private final BenchmarkFolder folder;
    private final BenchmarkListener listener;
    private final BooleanSupplier stop;

    TrainedRun(Benchmark benchmark, BenchmarkFolder folder, BenchmarkListener listener, BooleanSupplier stop) {
        this.benchmark = benchmark;
        this.folder = folder;
        this.listener = listener;
        this.stop = stop;
    }

    /** Returns the scores; empty if the run was interrupted. */
    Optional<RunScores> score(Run run) throws IOException {
        PeakMemory memory = PeakMemory.start(benchmark.device());
        PartialScores partial = folder.partial(run);
        TrainResult trained = train(run);
        partial.add(memory.sofar());
        if (trained.interrupted()) {
            return Optional.empty();
        }
        List<PartialScores.Scored> scored = predict(run, partial);
        PartialScores.Memory most = partial.add(memory.sofar());
        if (scored.size() < benchmark.split().validation().size()) {
            return Optional.empty();
        }
        Plan plan = benchmark.store().plan();
        ModelSpec spec = ModelSpec.of(run.network(), plan.channels().size(), plan.classCount(), plan.topology());
        Cost cost = Cost.of(spec, plan.patch());
        return Optional.of(new RunScores(
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
                Yaml.read(new RunFolder(folder.run(run)).provenance(), Provenance.class)));
    }

    private TrainResult train(Run run) throws IOException {
        TrainConfig config = benchmark.config().training(run);
        Path out = folder.run(run);
        if (RunFolder.holdsRun(out)) {
            return Trainer.resume(
                    config,
                    benchmark.store(),
                    benchmark.split(),
                    out,
                    benchmark.device(),
                    listener.training(run),
                    stop);
        }
        folder.partial(run).clear(); // Of a run whose folder somebody deleted.
        Files.createDirectories(out.getParent());
        return Trainer.train(
                config, benchmark.store(), benchmark.split(), out, benchmark.device(), listener.training(run), stop);
    }

    /** Returns the scores of the cases until a stop; those that an earlier process scored are taken as they are. */
    private List<PartialScores.Scored> predict(Run run, PartialScores partial) throws IOException {
        List<PartialScores.Scored> scores = new ArrayList<>();
        List<String> heldOut = benchmark.split().validation();
        Set<Integer> classes =
                new TreeSet<>(benchmark.store().plan().classes().tailMap(1).keySet());
        try (Predictor loaded = Predictor.load(folder.run(run), benchmark.device())) {
            Predictor predictor = loaded.withPrecision(
                    benchmark.config().training().numerics().precision());
            for (String id : heldOut) {
                Optional<PartialScores.Scored> before = partial.read(id);
                if (before.isPresent()) {
                    scores.add(before.get());
                    continue;
                }
                if (stop.getAsBoolean()) {
                    return scores;
                }
                Case one = labelled(benchmark.dataset(), id);
                Scan scan = one.readScan();
                Labels reference = one.readLabels(scan.grid());
                long start = System.nanoTime();
                Labels prediction = predictor.predict(scan);
                double seconds = (System.nanoTime() - start) / NANOS;
                Path file = folder.prediction(run, id);
                Files.createDirectories(file.getParent());
                Nifti.write(file, prediction, Nifti.readHeader(one.images().get(0)));
                PartialScores.Scored scored = new PartialScores.Scored(
                        new CaseScore(id, Dice.perClass(prediction, reference, classes)), seconds);
                partial.write(scored);
                scores.add(scored);
                listener.predicted(run, scores.size(), heldOut.size());
            }
        }
        return scores;
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
