package org.unet4j.train;

import java.io.IOException;
import java.nio.file.Path;
import org.unet4j.eval.CaseScores;
import org.unet4j.io.Json;

/**
 * The scores of all validation cases at the end of a run, on the prepared grid (the plan's spacing), where the reference
 * is resampled too. Report {@code last}: {@code best} was chosen on some of these very cases and flatters itself.
 *
 * @param lastStep step of the last weights
 * @param last their scores
 * @param bestStep step of the weights that scored highest in a validation during training
 * @param best their scores
 */
public record ValidationScores(int lastStep, CaseScores last, int bestStep, CaseScores best) {

    /** Writes both as evaluation writes scores, under the names of the components. */
    void write(Path file) throws IOException {
        Json.write(file, new Content("prepared", lastStep, last.report(), bestStep, best.report()));
    }

    /** Returns the scores in a run's {@code validation.json}. */
    public static ValidationScores read(Path file) throws IOException {
        Content content = Json.read(file, Content.class);
        return new ValidationScores(
                content.lastStep(),
                new CaseScores(content.last().cases()),
                content.bestStep(),
                new CaseScores(content.best().cases()));
    }

    private record Content(String grid, int lastStep, CaseScores.Report last, int bestStep, CaseScores.Report best) {}
}
