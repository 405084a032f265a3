package org.unet4j.benchmark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.unet4j.io.Dataset;
import org.unet4j.io.FolderLock;
import org.unet4j.io.Json;
import org.unet4j.io.Split;
import org.unet4j.io.Yaml;
import org.unet4j.train.Machine;
import org.unet4j.train.TrainConfig;

/**
 * Where a benchmark's files are.
 *
 * @param path the folder
 */
public record BenchmarkFolder(Path path) {

    /** Returns the file of what is compared. */
    public Path config() {
        return path.resolve("benchmark.yaml");
    }

    /** Returns the file of the {@link org.unet4j.report.BenchmarkResult}. */
    public Path results() {
        return path.resolve("results.json");
    }

    /** Returns the file of the tables in Markdown. */
    public Path table() {
        return path.resolve("results.md");
    }

    /** Returns the file of the page. */
    public Path report() {
        return path.resolve("report.html");
    }

    /** Returns the file that says where the dataset lay; absent where an earlier version was the last to write here. */
    Path source() {
        return path.resolve("dataset.yaml");
    }

    /** Returns the folder of a run's training. */
    public Path run(Run run) {
        return path.resolve("runs").resolve(run.toString());
    }

    /** Returns the file of a run's scores. */
    public Path scores(Run run) {
        return path.resolve("scores").resolve(run + ".json");
    }

    /** Returns what is known of a run that is not scored yet. */
    PartialScores partial(Run run) {
        return new PartialScores(path.resolve("scores").resolve(run.toString()));
    }

    /** Returns the file of what a run's last checkpoint made of a case. */
    public Path prediction(Run run, String caseId) {
        return path.resolve("predictions").resolve(run.toString()).resolve(caseId + ".nii.gz");
    }

    /**
     * All that a score depends on.
     *
     * @param dataset its name
     * @param plan the plan's hash
     * @param data hash of the prepared cases of the split
     * @param split which cases are held out
     * @param config how networks are trained
     */
    record Identity(String dataset, String plan, String data, Split split, BenchmarkConfig config) {}

    /**
     * Where the dataset lay when it was learned from. It stands in a file of its own: results are for others too, and name no path.
     *
     * @param folder absolute
     */
    private record Source(String folder) {

        /** Checks that it is a path, and absolute: another is a folder of whoever reads it. */
        Source {
            try {
                if (!Path.of(folder).isAbsolute()) {
                    throw new IllegalArgumentException("key 'folder': '" + folder + "' is no absolute path");
                }
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException("key 'folder': is no path: " + e.getReason(), e);
            }
        }
    }

    /** Keeps where {@code dataset} lies, for pictures in later reports. */
    void keepSource(Dataset dataset) throws IOException {
        Yaml.write(source(), new Source(dataset.folder().toAbsolutePath().toString()));
    }

    /**
     * Returns the dataset that was learned from.
     *
     * @throws IOException where that is not known, or it is not there any more
     */
    public Dataset openDataset() throws IOException {
        if (!Files.exists(source())) {
            throw new FileNotFoundException("where the dataset lay was not kept");
        }
        Path folder = Path.of(Yaml.read(source(), Source.class).folder());
        if (!Files.isDirectory(folder)) {
            throw new FileNotFoundException("the dataset is not in [" + folder + "] any more");
        }
        return Dataset.open(folder);
    }

    /**
     * Returns the right to write into this folder.
     *
     * @throws IOException where another process has it, or the folder holds something that is no benchmark
     */
    FolderLock lock() throws IOException {
        Optional<String> foreign = FolderLock.foreign(path, name -> false);
        if (foreign.isPresent() && !Files.exists(config())) {
            throw new IOException("[" + path + "] is not empty and holds no benchmark, but " + foreign.get()
                    + "; choose another folder");
        }
        return FolderLock.take(path, "used for a benchmark");
    }

    /**
     * Makes this, which is locked, the folder of the benchmark of {@code identity}. One that was begun goes on; networks and seeds may be
     * added to it.
     *
     * @throws IOException if the folder holds another benchmark, naming what differs
     */
    void claim(Identity identity) throws IOException {
        if (Files.exists(config())) {
            List<String> differences = differences(Yaml.read(config(), Identity.class), identity);
            if (!differences.isEmpty()) {
                throw new IOException("[" + path + "] holds another benchmark: " + String.join("; ", differences)
                        + ". Choose another folder, or the same settings");
            }
        }
        Yaml.write(config(), identity); // First: it marks the folder.
        Files.createDirectories(path.resolve("scores"));
    }

    /** Deletes what killed processes left half-written, of the benchmark and of {@code runs}. */
    void removeUnfinished(FolderLock lock, List<Run> runs) throws IOException {
        lock.removeUnfinished(path);
        lock.removeUnfinished(path.resolve("scores"));
        for (Run run : runs) {
            lock.removeUnfinished(path.resolve("predictions").resolve(run.toString()));
        }
    }

    /** Returns the scores of a run that was scored before; the file must be that of this run. */
    RunScores readScores(Run run) throws IOException {
        RunScores scores = Json.read(scores(run), RunScores.class);
        if (!scores.network().equals(run.network()) || scores.seed() != run.seed()) {
            throw new IOException("[" + scores(run).getFileName() + "] holds the scores of "
                    + new Run(scores.network(), scores.seed()) + ", not of " + run
                    + "; move the file away to score the run again");
        }
        return scores;
    }

    private static List<String> differences(Identity there, Identity asked) {
        List<String> found = new ArrayList<>();
        compare("dataset", there.dataset(), asked.dataset(), found);
        compare("plan", there.plan(), asked.plan(), found);
        if (!new HashSet<>(there.split().training())
                        .equals(new HashSet<>(asked.split().training()))
                || !new HashSet<>(there.split().validation())
                        .equals(new HashSet<>(asked.split().validation()))) {
            found.add("the split differs (" + there.config().fold() + " there, "
                    + asked.config().fold() + " asked for)");
        } else if (there.plan().equals(asked.plan()) && !there.data().equals(asked.data())) {
            found.add("the prepared cases differ: scans or labels were changed since");
        }
        BenchmarkConfig old = there.config();
        BenchmarkConfig now = asked.config();
        if (!now.networks().containsAll(old.networks())) {
            found.add("networks is " + old.networks() + " there, " + now.networks()
                    + " asked for (they may be added to, not left out)");
        }
        if (now.seeds() < old.seeds()) {
            found.add("seeds is " + old.seeds() + " there, " + now.seeds() + " asked for (they may only grow)");
        }
        compare("training", comparable(old.training()), comparable(now.training()), found);
        return found;
    }

    /** Returns the configuration without what changes no score beyond rounding, and without the network. */
    private static TrainConfig comparable(TrainConfig training) {
        return training.withModel("unet").withMachine(new Machine(0, 1, 2, 1, false));
    }

    private static void compare(String name, Object there, Object asked, List<String> found) {
        if (there.equals(asked)) {
            return;
        }
        if (there.getClass() != asked.getClass() || !there.getClass().isRecord()) {
            found.add(name + " is " + there + " there, " + asked + " asked for");
            return;
        }
        for (RecordComponent component : there.getClass().getRecordComponents()) {
            try {
                component.getAccessor().setAccessible(true);
                compare(
                        name + "." + component.getName(),
                        component.getAccessor().invoke(there),
                        component.getAccessor().invoke(asked),
                        found);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("cannot read " + component, e);
            }
        }
    }
}
