package org.unet4j.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.unet4j.io.Dataset;
import org.unet4j.io.Json;
import org.unet4j.io.Split;
import org.unet4j.io.Yaml;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Store;
import org.unet4j.report.Repetition;
import org.unet4j.torch.Device;
import org.unet4j.torch.Provenance;
import org.unet4j.train.Metrics;
import org.unet4j.train.NaivePath;
import org.unet4j.train.RunFolder;
import org.unet4j.train.TrainConfig;
import org.unet4j.train.TrainListener;
import org.unet4j.train.TrainRequest;
import org.unet4j.train.Trainer;

/**
 * A short training whose steps are timed, and the process that does it. A process for each makes the peak of its memory
 * exact, gives all of them the same fresh start, and keeps the others where one of them dies.
 *
 * @param store folder of the prepared cases; all of them are learned from
 * @param dataset folder of the same cases as files, which the naive path reads
 * @param plan with the patch and the batch
 * @param config with as many steps as warm up and are measured
 * @param path how samples arrive
 * @param device where to compute
 * @param warmup steps that are not measured
 */
record Trial(String store, String dataset, Plan plan, TrainConfig config, DataPath path, Device device, int warmup) {

    /**
     * What a trial gave.
     *
     * @param repetition the steps' times
     * @param provenance what the process computed with
     */
    record Outcome(Repetition repetition, Provenance provenance) {}

    /** Runs the trial in the file {@code arguments[0]} in the new folder {@code arguments[1]}; writes its outcome to the file {@code arguments[2]}. */
    public static void main(String[] arguments) throws IOException {
        Trial trial = Json.read(Path.of(arguments[0]), Trial.class);
        List<ProcessHandle> parent = ProcessHandle.current().parent().stream().toList();
        BooleanSupplier orphaned = () -> parent.stream().noneMatch(ProcessHandle::isAlive);
        Json.write(Path.of(arguments[2]), trial.run(Path.of(arguments[1]), orphaned));
    }

    /**
     * Returns what the steps of a new run in {@code out} took.
     *
     * @throws IOException also where {@code stop} ended it early
     */
    Outcome run(Path out, BooleanSupplier stop) throws IOException {
        Store prepared = Store.open(Path.of(store)).withPlan(plan);
        Split all = new Split(prepared.ids(), List.of());
        StepClock clock = new StepClock(warmup, device);
        train(prepared, all, out, clock, stop);
        if (!clock.finished()) {
            throw new IOException("stopped before the last step");
        }
        RunFolder run = new RunFolder(out);
        Repetition repetition = new Repetition(
                clock.stepSeconds(),
                waitSeconds(run.readMetrics()),
                clock.memory().residentBytes(),
                clock.memory().deviceBytes(),
                clock.utilization());
        return new Outcome(repetition, Yaml.read(run.provenance(), Provenance.class));
    }

    private void train(Store prepared, Split split, Path out, TrainListener clock, BooleanSupplier stop)
            throws IOException {
        switch (path) {
            case OFFLINE -> Trainer.train(TrainRequest.of(config, prepared, split, out, device, clock, stop));
            case NAIVE -> {
                Dataset files = Dataset.open(Path.of(dataset));
                NaivePath.train(config, files, prepared, split, out, device, clock, stop);
            }
        }
    }

    private double waitSeconds(Metrics metrics) {
        double waited = 0;
        for (int i = warmup; i < metrics.steps().size(); i++) {
            Metrics.Step step = metrics.steps().get(i);
            waited += step.waitShare()
                    * (step.seconds() - metrics.steps().get(i - 1).seconds());
        }
        return waited;
    }
}
