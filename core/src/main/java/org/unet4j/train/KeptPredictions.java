package org.unet4j.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    /**
     * Deletes those that are not worth a look by {@code scores} of all cases; all of them where a process could not write one. Each
     * process calls this; the first deletes, and tells what went wrong in any.
     */
    void keep(CaseScores scores) throws IOException {
        Trouble mine = new Trouble(failed.map(IOException::getMessage));
        List<Trouble> all = job.team().gather(mine, Trouble.class, job.run());
        if (job.team().leads()) {
            Optional<String> trouble =
                    all.stream().flatMap(one -> one.what().stream()).findFirst();
            trouble.or(() -> deleted(scores)).ifPresent(this::giveUp);
        }
    }

    /** What kept a process from writing, if anything. */
    private record Trouble(Optional<String> what) {}

    /** Deletes those that are not worth a look; returns what keeps it from that. */
    private Optional<String> deleted(CaseScores scores) {
        Set<String> wanted = Picks.of(scores).keySet();
        try {
            for (CaseScore score : scores.cases()) {
                if (!wanted.contains(score.caseId())) {
                    Files.deleteIfExists(job.run().validationLabels(score.caseId()));
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e.getMessage());
        }
    }

    private void giveUp(String why) {
        String left = "";
        try {
            job.run().deleteValidationLabels();
        } catch (IOException e) {
            left = "; nor could what there is of them be deleted: " + e.getMessage();
        }
        job.listener()
                .recovered("label maps of validation cases for the report could not be kept (" + why
                        + "); the run goes on" + left);
    }
}
