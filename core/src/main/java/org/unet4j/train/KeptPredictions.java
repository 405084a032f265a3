package org.unet4j.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.unet4j.eval.CaseScore;
import org.unet4j.eval.CaseScores;
import org.unet4j.io.Nifti;
import org.unet4j.prep.PreparedCase;
import org.unet4j.report.Picks;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Labels;

/**
 * Label maps of the last validation, on the prepared grid: which cases are worth a look is known when all are scored, so all are written
 * and those of the others deleted. A run does without them where they cannot be written.
 */
final class KeptPredictions implements Validator.Watcher {

    private final Job job;
    private Optional<IOException> failed = Optional.empty();

    KeptPredictions(Job job) {
        this.job = job;
    }

    @Override
    public void scored(PreparedCase scored, float[] image, LabelArray predicted, CaseScore score) {
        if (failed.isPresent()) {
            return;
        }
        try {
            Path file = job.run().validationLabels(scored.id());
            Files.createDirectories(file.getParent());
            Nifti.write(file, new Labels(scored.recipe().prepared(), predicted));
        } catch (IOException e) {
            failed = Optional.of(e);
        }
    }

    /** Deletes those that are not worth a look by {@code scores} of all cases; what other processes wrote too. */
    void keep(CaseScores scores) {
        Set<String> wanted = Picks.of(scores).keySet();
        for (CaseScore score : scores.cases()) {
            if (job.team().leads() && !wanted.contains(score.caseId())) {
                try {
                    Files.deleteIfExists(job.run().validationLabels(score.caseId()));
                } catch (IOException e) {
                    failed = Optional.of(e);
                }
            }
        }
        failed.ifPresent(e -> job.listener()
                .recovered("label maps of validation cases for the report could not be kept (" + e.getMessage()
                        + "); the run goes on"));
    }
}
