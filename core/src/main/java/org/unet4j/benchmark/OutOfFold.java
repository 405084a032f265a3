package org.unet4j.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.unet4j.eval.CaseScore;
import org.unet4j.eval.Tolerances;
import org.unet4j.infer.PostProcessing;
import org.unet4j.infer.RuleScores;
import org.unet4j.io.Case;
import org.unet4j.io.Json;
import org.unet4j.io.Nifti;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;

/**
 * A case and what a network made of it that did not learn from it. What is found out about it is kept in a file, by which it is known again
 * when the work goes on.
 *
 * @param fold that holds the case out
 * @param given the scan and its reference
 * @param prediction the file of the network's labels
 * @param raw the score of that file, as the benchmark found it
 * @param folder where findings about the cases of this run are kept
 */
record OutOfFold(int fold, Case given, Path prediction, CaseScore raw, Path folder) {

    /**
     * The score after post-processing.
     *
     * @param after what was done to the labels
     * @param rawDice of the labels before
     * @param score of the labels after
     */
    private record Scored(PostProcessing after, SortedMap<Integer, Double> rawDice, CaseScore score) {}

    private Path rulesFile() {
        return folder.resolve("rules-" + given.id() + ".json");
    }

    private Path scoreFile() {
        return folder.resolve("score-" + given.id() + ".json");
    }

    private Set<Integer> classes() {
        return raw.dice().keySet();
    }

    /** Returns what each rule makes of the case, where that was found out before. */
    Optional<RuleScores> known() throws IOException {
        if (!Files.exists(rulesFile())) {
            return Optional.empty();
        }
        return Optional.of(Json.read(rulesFile(), RuleScores.class))
                .filter(read -> read.isOf(classes()) && firstThatDiffers(read).isEmpty());
    }

    /** Finds out what each rule makes of the case, and keeps it; does nothing where the prediction was deleted. */
    void look() throws IOException {
        if (!Files.exists(prediction)) {
            return;
        }
        RuleScores found = RuleScores.of(given.id(), predicted(), reference(), classes());
        Optional<Integer> other = firstThatDiffers(found);
        if (other.isPresent()) {
            throw new IOException("[" + prediction + "] is not the label map that was scored: Dice is "
                    + found.raw(other.get()) + " for class " + other.get() + " and was "
                    + raw.dice().get(other.get())
                    + "; delete it and the run's file in scores, and give the same command again");
        }
        Json.write(rulesFile(), found);
    }

    private Optional<Integer> firstThatDiffers(RuleScores scores) {
        return classes().stream()
                .filter(cls -> scores.raw(cls) != raw.dice().get(cls)) // the same counts, divided alike
                .findFirst();
    }

    /** Returns the score after {@code after}; empty where the prediction was deleted before it was asked for. */
    Optional<CaseScore> score(PostProcessing after, Tolerances tolerances) throws IOException {
        if (after.classes().isEmpty()) {
            return Optional.of(raw);
        }
        if (Files.exists(scoreFile())) {
            Scored known = Json.read(scoreFile(), Scored.class);
            if (known.after.equals(after) && known.rawDice.equals(raw.dice())) {
                return Optional.of(known.score);
            }
        }
        if (!Files.exists(prediction)) {
            return Optional.empty();
        }
        CaseScore all = CaseScore.of(given.id(), after.apply(predicted()), reference(), classes(), tolerances);
        CaseScore score = raw.measures().isPresent() ? all : new CaseScore(given.id(), all.dice());
        Json.write(scoreFile(), new Scored(after, new TreeMap<>(raw.dice()), score));
        return Optional.of(score);
    }

    private Labels predicted() throws IOException {
        return new Labels(grid(), Nifti.readLabels(prediction).voxels());
    }

    private Labels reference() throws IOException {
        return given.readLabels(grid());
    }

    private Grid grid() throws IOException {
        return Nifti.readHeader(given.images().get(0)).grid();
    }
}
