package org.unet4j.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.unet4j.io.AtomicFile;
import org.unet4j.io.FolderLock;
import org.unet4j.io.Yaml;

/**
 * What a run leaves behind, and where. Weights and configuration are all that prediction needs; the checkpoint is what
 * training goes on from.
 *
 * @param path the folder
 */
public record RunFolder(Path path) {

    /** Returns whether anything of a run lies in {@code folder}, which need not exist. */
    public static boolean holdsRun(Path folder) {
        RunFolder run = new RunFolder(folder);
        return Files.exists(run.config())
                || Files.exists(run.checkpoint())
                || Files.exists(run.previousCheckpoint())
                || Files.exists(run.nextCheckpoint())
                || Files.exists(run.last());
    }

    /**
     * Checks that a new run may be made in {@code out}: it need not exist, and must be empty but for what a killed process leaves.
     *
     * @throws IOException if it holds a run, or something else
     */
    public static void requireFree(Path out) throws IOException {
        if (holdsRun(out)) {
            throw new IOException("[" + out + "] holds a run already, and results are never overwritten: resume it,"
                    + " choose another folder, or delete this one");
        }
        Path init = new RunFolder(out).init().getFileName(); // The first file of a run, before the one that marks it.
        Optional<String> foreign = FolderLock.foreign(out, name -> name.equals(init.toString()));
        if (foreign.isPresent()) {
            throw new IOException("[" + out + "] is not empty and holds no run, but " + foreign.get()
                    + "; give an empty or new folder");
        }
    }

    /** Returns the file of the {@link TrainConfig}. */
    public Path config() {
        return path.resolve("config.yaml");
    }

    /** Returns the file of the {@link org.unet4j.prep.Plan}. */
    public Path plan() {
        return path.resolve("plan.yaml");
    }

    /** Returns the file of the {@link org.unet4j.model.ModelSpec}. */
    public Path model() {
        return path.resolve("model.yaml");
    }

    /** Returns the file of the {@link org.unet4j.torch.Provenance} of the run's newest part. */
    public Path provenance() {
        return path.resolve("provenance.yaml");
    }

    /** Returns the file of the {@link org.unet4j.io.Split}. */
    public Path split() {
        return path.resolve("split.json");
    }

    /** Returns the file of the {@link Metrics}. */
    public Path metrics() {
        return path.resolve("metrics.jsonl");
    }

    /** Returns the newest weights that were saved; after the run, those of its last step. */
    public Path last() {
        return path.resolve("last.safetensors");
    }

    /** Returns the weights that scored highest in a validation; absent where there was none. */
    public Path best() {
        return path.resolve("best.safetensors");
    }

    /** Returns the newest checkpoint, which {@link Trainer#resume} goes on from. */
    public Path checkpoint() {
        return path.resolve("checkpoint.safetensors");
    }

    /** Returns the checkpoint before the newest, for when that is damaged. */
    public Path previousCheckpoint() {
        return path.resolve("checkpoint-previous.safetensors");
    }

    /** Returns a checkpoint that is whole and has not taken the newest's place yet: there only while that is done. */
    Path nextCheckpoint() {
        return path.resolve("checkpoint-next.safetensors");
    }

    /** Returns where a damaged checkpoint is put aside. */
    Path damagedCheckpoint() {
        return path.resolve("checkpoint-damaged.safetensors");
    }

    /** Returns the file that says which weights the run began from; absent where they were drawn from the seed. */
    public Path init() {
        return path.resolve("init.json");
    }

    /** Returns the folder of the batches whose loss or gradient was not finite. */
    public Path notFinite() {
        return path.resolve("not-finite");
    }

    /** Returns in how many steps loss or gradient were not finite. */
    public long stepsNotFinite() throws IOException {
        if (!Files.isDirectory(notFinite())) {
            return 0;
        }
        try (Stream<Path> files = Files.list(notFinite())) {
            return files.filter(file -> file.toString().endsWith(".json")).count();
        }
    }

    /** Returns the file of the {@link ValidationScores} at the end; absent where no case was held out. */
    public Path validation() {
        return path.resolve("validation.json");
    }

    /** Returns the file of what the last weights made of a validation case, on the prepared grid; there of a few cases only. */
    public Path validationLabels(String caseId) {
        return validationLabels().resolve(caseId + ".nii.gz");
    }

    /** Returns the folder of these. */
    Path validationLabels() {
        return path.resolve("validation");
    }

    /** Returns the file of the {@link org.unet4j.prep.Fingerprint} of the dataset; absent where the store has none. */
    public Path fingerprint() {
        return path.resolve("fingerprint.yaml");
    }

    /** Returns the file of the page for people. */
    public Path report() {
        return path.resolve("report.html");
    }

    /** Returns the file of the summary, which is written last: where it is, the run is complete. */
    public Path summary() {
        return path.resolve("summary.json");
    }

    /** Returns after how many steps the newest checkpoint was written that is whole; empty where there is none. */
    public Optional<Integer> checkpointStep() {
        for (Path file : List.of(checkpoint(), previousCheckpoint())) {
            try {
                return Optional.of(Checkpoint.read(file).position().step());
            } catch (IOException absentOrDamaged) {
                // The one before may be whole.
            }
        }
        return Optional.empty();
    }

    /** Returns whether the run came to its end. */
    public boolean finished() {
        return Files.exists(summary());
    }

    /**
     * Keeps what an end after fewer than {@code steps} steps left, under names that say so: {@code report-1000.html}, {@code
     * summary-1000.json}, the label maps in {@code validation-1000} and {@code validation-1000.json}. A run that was extended is then
     * not finished, and no score, map or page lies there that is not of its end. Label maps without scores, which a process that
     * was killed at the end leaves, are deleted: the end is still to come.
     */
    void keepEarlierEnd(int steps) throws IOException {
        if (finished()) {
            int end = TrainResult.read(path).step();
            if (end < steps) {
                putAside(report(), "report-" + end + ".html");
                putAside(summary(), "summary-" + end + ".json");
            }
        }
        if (Files.exists(validation())) {
            int end = ValidationScores.read(validation()).lastStep();
            if (end < steps) { // The scores come last: whoever is killed before them finds the step again.
                putAside(validationLabels(), "validation-" + end);
                putAside(validation(), "validation-" + end + ".json");
            }
        } else if (!finished()) {
            deleteValidationLabels();
        }
    }

    /** Deletes all label maps of validation cases, and nothing else that lies beside them. */
    void deleteValidationLabels() throws IOException {
        if (Files.isDirectory(validationLabels())) {
            List<Path> maps;
            try (Stream<Path> files = Files.list(validationLabels())) {
                maps = files.filter(file -> file.toString().endsWith(".nii.gz"))
                        .filter(Files::isRegularFile)
                        .toList();
            }
            for (Path map : maps) {
                Files.delete(map);
            }
        }
    }

    private void putAside(Path file, String name) throws IOException {
        if (Files.exists(file)) {
            AtomicFile.rename(file, path.resolve(name));
        }
    }

    /** Returns the configuration of the run. */
    public TrainConfig readConfig() throws IOException {
        return Yaml.read(config(), TrainConfig.class);
    }

    /** Returns the curves of the run. */
    public Metrics readMetrics() throws IOException {
        return Metrics.read(metrics());
    }
}
