package org.unet4j.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.unet4j.benchmark.ScoredRun;
import org.unet4j.eval.CaseScores;
import org.unet4j.eval.Metric;
import org.unet4j.eval.RunComparison;
import org.unet4j.io.Json;
import org.unet4j.report.ComparisonTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares runs that were scored on the same cases. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description =
                "Compares runs that were scored on the same cases: paired differences to the first with 95 %% intervals,"
                        + " Wilcoxon's signed-rank test with Holm's correction, and how stable their order is.",
        footer = {
            "",
            "RUN is a file that evaluate --json wrote, the folder of a benchmark or a cross-validation (one run for each of its"
                    + " networks), or the folder of a training, whose last weights were scored on the prepared grid.",
            "Intervals and the stability of the order: bootstrap over cases, 10 000 draws, seed 1. Dice, and NSD and HD95 where"
                    + " all runs have them; of a case the mean over classes."
        })
final class CompareCommand implements Callable<Integer> {
    static final long SEED = 1;

    private final Terminal terminal;

    @Parameters(
            arity = "1..*",
            paramLabel = "RUN",
            description = "What to compare; the others are compared with the first.")
    private List<Path> places;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Write the comparison as JSON; `-` prints it in place of the table, for scripts.")
    private Path json;

    CompareCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        boolean printed = JsonFile.isStandardOutput(json);
        if (printed) {
            terminal.setJson();
        } else if (json != null && Files.exists(json)) {
            throw new FileAlreadyExistsException(
                    json.toString(), null, "results are never overwritten; choose another name or delete it");
        }
        List<ScoredRun> runs = new ArrayList<>();
        for (Path place : places) {
            runs.addAll(ScoredRun.read(place));
        }
        if (runs.size() < 2) {
            throw new UsageException(
                    "there is only one run, [" + runs.get(0).name() + "]: give at least two to compare");
        }
        List<String> names = names(runs);
        List<CaseScores> scores = runs.stream().map(ScoredRun::scores).toList();
        noteGrids(runs);
        noteDiceAlone(runs);
        RunComparison comparison = RunComparison.of(names, scores, SEED);
        if (json != null && !printed) {
            Json.write(json, comparison);
        }
        terminal.result(comparison);
        terminal.print(new ComparisonTable(comparison).text().stripTrailing());
        return Main.DONE;
    }

    /** Returns a name for each run; those that are called alike are counted. */
    private static List<String> names(List<ScoredRun> runs) {
        List<String> names = new ArrayList<>();
        for (ScoredRun run : runs) {
            String name = run.name();
            for (int i = 2; names.contains(name); i++) {
                name = run.name() + " (" + i + ")";
            }
            names.add(name);
        }
        return names;
    }

    private void noteDiceAlone(List<ScoredRun> runs) {
        List<String> diceAlone = runs.stream()
                .filter(run -> !run.scores().metrics().contains(Metric.NSD))
                .map(run -> "[" + run.name() + "]")
                .toList();
        if (!diceAlone.isEmpty() && diceAlone.size() < runs.size()) {
            terminal.note("by Dice alone: " + String.join(", ", diceAlone)
                    + " has nothing else; evaluate its predictions to compare NSD and HD95");
        }
    }

    private void noteGrids(List<ScoredRun> runs) {
        List<ScoredRun> prepared =
                runs.stream().filter(run -> !run.onScansGrid()).toList();
        if (!prepared.isEmpty() && prepared.size() < runs.size()) {
            terminal.note(prepared.stream().map(run -> "[" + run.name() + "]").collect(Collectors.joining(", "))
                    + ": scored by the training itself, on the prepared grid; the others on the scans' own."
                    + " Differences may come from that: evaluate predictions for a fair comparison");
        }
    }
}
