package org.unet4j.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.unet4j.benchmark.CrossValidation;
import org.unet4j.benchmark.TestSet;
import org.unet4j.eval.CaseScores;
import org.unet4j.eval.RunComparison;
import org.unet4j.report.BenchmarkResult;
import org.unet4j.report.BenchmarkTable;
import org.unet4j.report.ComparisonTable;
import org.unet4j.report.PostProcessingResult;
import org.unet4j.report.PostProcessingTable;
import org.unet4j.report.ScoreTable;

/** Tells what a cross-validation found. */
final class CrossValidationLines {
    private final CrossValidation validation;
    private final Terminal shown;

    CrossValidationLines(CrossValidation validation, Terminal shown) {
        this.validation = validation;
        this.shown = shown;
    }

    void gathered(BenchmarkResult result, PostProcessingResult after) {
        shown.print(new BenchmarkTable(result).text().stripTrailing());
        shown.print("");
        shown.print(new PostProcessingTable(after).text().stripTrailing());
        shown.print("");
        result.networks().forEach(network -> {
            shown.print("every case of " + network.name() + ": " + validation.scores(network.name()));
            shown.print("all folds' networks as one model for predict: " + validation.ensemble(network.name()));
        });
        shown.print("results: " + validation.out().resolve("results.json"));
        Path report = validation.out().resolve("report.html");
        if (Files.exists(report)) {
            shown.print("report:  " + report);
        }
    }

    void tested(TestSet test, Map<String, CaseScores> scores) {
        shown.print("");
        shown.print("all folds' networks together, on " + test.cases().size() + " cases: " + test.name());
        if (validation.dataset().training().containsAll(test.cases())) {
            shown.print(
                    "no network learned from these, but the plan was derived from them too: their spacings, sizes and intensities");
        }
        scores.forEach((network, ofNetwork) -> {
            shown.print("");
            shown.print(network + ", as " + validation.ensemble(network));
            shown.print(new ScoreTable(ofNetwork, validation.dataset().classes())
                    .classes()
                    .stripTrailing());
        });
        if (scores.size() > 1) {
            RunComparison compared =
                    RunComparison.of(List.copyOf(scores.keySet()), List.copyOf(scores.values()), CompareCommand.SEED);
            shown.print("");
            shown.print(new ComparisonTable(compared).text().stripTrailing());
        }
    }
}
