package org.unet4j.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.unet4j.eval.CaseScore;
import org.unet4j.io.Json;
import org.unet4j.io.Split;
import org.unet4j.io.Yaml;
import org.unet4j.prep.Fingerprint;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Store;
import org.unet4j.report.Failure;
import org.unet4j.report.LineChart;
import org.unet4j.report.RunPage;
import org.unet4j.report.RunResult;
import org.unet4j.report.ShownCases;
import org.unet4j.torch.Provenance;

/** What run folders hold, as a page for people; a run that is not finished is shown as far as it got. */
public final class RunReport {

    private RunReport() {}

    /**
     * Returns the page of one run, or of several side by side. Of several, those that cannot be read are failures on it.
     *
     * @param folders of the runs, at least one
     * @param stores prepared cases, from which the images of pictures come; those of other plans than the runs' are not looked at
     * @throws IOException where no run can be read
     */
    public static RunPage of(List<Path> folders, List<Store> stores) throws IOException {
        List<RunResult> runs = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        List<RunFolder> readable = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Optional<IOException> unreadable = Optional.empty();
        for (Path folder : folders) {
            RunFolder run = new RunFolder(folder);
            String name = name(folder, names);
            names.add(name);
            try {
                RunResult result = read(run, name);
                failures.addAll(failures(run, result));
                runs.add(result);
                readable.add(run);
            } catch (IOException e) {
                failures.add(Failure.leftOut(name, "left out", run.path(), e));
                unreadable = unreadable.or(() -> Optional.of(e));
            }
        }
        if (runs.isEmpty()) {
            throw unreadable.orElseThrow(() -> new IllegalArgumentException("there is no run to report"));
        }
        ShownCases found = new RunPictures(readable, runs, stores, failures).find();
        return new RunPage(runs, failures, found.pictures(), found.volumes());
    }

    /** Returns the name of the folder, counted where another run has it. */
    private static String name(Path folder, Set<String> taken) {
        String own = folder.toAbsolutePath().normalize().getFileName().toString();
        String name = own;
        for (int i = 2; taken.contains(name); i++) {
            name = own + " (" + i + ")";
        }
        return name;
    }

    private static RunResult read(RunFolder run, String name) throws IOException {
        TrainConfig config = run.readConfig();
        Metrics metrics =
                Files.exists(run.metrics()) ? Metrics.readSoFar(run.metrics()) : new Metrics(List.of(), List.of());
        List<LineChart.Point> loss = metrics.steps().stream()
                .map(step -> new LineChart.Point(step.step(), step.loss()))
                .toList();
        return new RunResult(
                name,
                config.model(),
                loss.isEmpty() ? 0 : (int) loss.get(loss.size() - 1).x(),
                config.steps(),
                Json.read(run.split(), Split.class).training().size(),
                loss,
                metrics.comparable().stream()
                        .map(validation -> new LineChart.Point(validation.step(), validation.meanDice()))
                        .toList(),
                end(run),
                Plan.read(run.plan()),
                Files.exists(run.fingerprint()) ? Optional.of(Fingerprint.read(run.fingerprint())) : Optional.empty(),
                provenance(run, config));
    }

    private static Optional<RunResult.End> end(RunFolder run) throws IOException {
        if (!run.finished()) {
            return Optional.empty();
        }
        TrainResult result = TrainResult.read(run.path());
        return Optional.of(new RunResult.End(
                result.scores().map(ValidationScores::last),
                result.scores()
                        .filter(scores -> scores.bestStep() != scores.lastStep())
                        .map(scores -> new RunResult.Best(
                                scores.bestStep(), scores.best().meanDice())),
                result.trainSeconds(),
                result.validationSeconds(),
                result.voxelsPerSecond(),
                result.waitShare(),
                result.parameters(),
                result.peakDeviceBytes().isPresent() ? result.peakDeviceBytes() : result.peakMemoryBytes()));
    }

    private static SortedMap<String, String> provenance(RunFolder run, TrainConfig config) throws IOException {
        SortedMap<String, String> entries =
                Yaml.read(run.provenance(), Provenance.class).entries();
        entries.put("seed", Long.toString(config.seed()));
        entries.put("precision", config.numerics().precision().toString().toLowerCase(Locale.ROOT));
        entries.put("batch", Integer.toString(config.samples().batch()));
        if (Files.exists(run.init())) {
            entries.put(
                    "began from weights",
                    Json.read(run.init(), InitialWeights.Origin.class).sha256());
        }
        return entries;
    }

    private static List<Failure> failures(RunFolder folder, RunResult run) throws IOException {
        List<Failure> failures = new ArrayList<>();
        if (run.end().isEmpty()) {
            failures.add(Failure.ofRun(
                    run.name(),
                    "not finished: " + run.step() + " of " + run.steps() + " steps; train --resume goes on"));
        }
        long odd = folder.stepsNotFinite();
        if (odd > 0) {
            failures.add(Failure.ofRun(
                    run.name(),
                    "loss or gradient was not finite in " + (odd == 1 ? "one step" : odd + " steps")
                            + ": what the network saw is in not-finite"));
        }
        if (run.end().isPresent()) {
            Set<String> scored = new HashSet<>();
            run.end()
                    .get()
                    .last()
                    .ifPresent(scores ->
                            scores.cases().stream().map(CaseScore::caseId).forEach(scored::add));
            Json.read(folder.split(), Split.class).validation().stream()
                    .filter(id -> !scored.contains(id))
                    .forEach(id -> failures.add(Failure.ofCase(run.name(), id, "held out, and has no score")));
        }
        return failures;
    }
}
