package org.unet4j.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.unet4j.eval.CaseScores;
import org.unet4j.report.BenchmarkResult;
import org.unet4j.train.RunFolder;
import org.unet4j.train.ValidationScores;

/**
 * Scores that somebody made before, to be compared.
 *
 * @param name what it is called by
 * @param scores of its cases
 * @param onScansGrid whether label maps were compared on the scans' own grids; a training's validation compares on the prepared one
 */
public record ScoredRun(String name, CaseScores scores, boolean onScansGrid) {

    /**
     * Returns the runs that lie in {@code place}: what evaluation wrote as JSON is one, the folder of a benchmark or of a
     * cross-validation has one for each network, the folder of a training is one, by its last weights.
     *
     * @throws IOException if it is none of these, saying what it is instead, or a file in it cannot be read
     */
    public static List<ScoredRun> read(Path place) throws IOException {
        if (Files.isRegularFile(place)) {
            return List.of(new ScoredRun(stem(place), readScores(place), true));
        }
        if (!Files.isDirectory(place)) {
            throw new IOException(
                    "[" + place + "] does not exist: give a file that evaluate --json wrote, or the folder of a"
                            + " benchmark, a cross-validation or a run");
        }
        Path results = new BenchmarkFolder(place).results();
        if (Files.exists(results)) {
            BenchmarkResult result = BenchmarkResult.read(results);
            return result.networks().stream()
                    .map(network ->
                            new ScoredRun(nameOf(place) + "/" + network.name(), new CaseScores(network.cases()), true))
                    .toList();
        }
        RunFolder run = new RunFolder(place);
        if (Files.exists(run.validation())) {
            return List.of(new ScoredRun(
                    nameOf(place), ValidationScores.read(run.validation()).last(), false));
        }
        throw new IOException("[" + place + "] " + whyNot(place, run));
    }

    private static CaseScores readScores(Path file) throws IOException {
        try {
            return CaseScores.readJson(file);
        } catch (IOException e) {
            throw new IOException(
                    e.getMessage() + "; give a file that evaluate --json wrote, of shards what evaluate --gather wrote",
                    e);
        }
    }

    private static String whyNot(Path place, RunFolder run) {
        if (RunFolder.holdsRun(place)) {
            return run.finished()
                    ? "holds a run that kept no case for validation: predict cases, evaluate them with --json and give that file"
                    : "holds a run that is not finished: go on with train --resume";
        }
        return Files.exists(new BenchmarkFolder(place).config())
                ? "holds a benchmark that is not finished: give the same command again"
                : "holds no results.json and no validation.json: give the folder of a benchmark, a cross-validation or a run, or a"
                        + " file that evaluate --json wrote";
    }

    private static String stem(Path file) {
        String name = nameOf(file);
        return name.endsWith(".json") ? name.substring(0, name.length() - ".json".length()) : name;
    }

    private static String nameOf(Path path) {
        return path.toAbsolutePath().normalize().getFileName().toString();
    }
}
