package org.unet4j.prep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.io.FolderCheck;
import org.unet4j.io.Problem;
import org.unet4j.io.Progress;

/**
 * What is in a dataset and everything that is wrong or odd about it, also what a preparation does not mind.
 *
 * @param contents what is in the labelled cases that can be read; empty where there is none
 * @param cases what is in each case whose images can be read, labelled ones first
 * @param problems first what a preparation also tells, then what is odd about single files, then about the folder
 */
public record DatasetInspection(Optional<Contents> contents, List<CaseContents> cases, List<Problem> problems) {

    /** Copies the lists. */
    public DatasetInspection {
        cases = List.copyOf(cases);
        problems = List.copyOf(problems);
    }

    /**
     * Returns what a look at all files finds. Cases are read many at a time, as many as the heap holds.
     *
     * @throws IOException naming the cases that are too large for the heap
     */
    public static DatasetInspection of(Dataset dataset, int threads, Progress progress) throws IOException {
        List<Case> cases = Stream.concat(dataset.training().stream(), dataset.test().stream())
                .toList();
        Survey survey = Survey.of(dataset, cases, threads, progress);
        List<Problem> problems = new ArrayList<>(survey.problems());
        problems.addAll(survey.remarks());
        problems.addAll(FolderCheck.of(dataset));
        return new DatasetInspection(survey.contents(), survey.cases(), problems);
    }
}
