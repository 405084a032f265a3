package org.unet4j.prep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.io.FolderCheck;
import org.unet4j.io.LoadedCase;
import org.unet4j.io.Problem;
import org.unet4j.io.Progress;
import org.unet4j.io.StreamedCase;
import org.unet4j.volume.Grid;

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

    /** Streams, what is counted of them, and the runs of the body's outline: a few dozen bytes a row of voxels. */
    private static final long BYTES_A_CASE = 1 << 26;

    private record Found(LoadedCase.Findings findings, Optional<CaseContents> contents, Optional<Grid> labelled) {}

    /**
     * Returns what a look at all files finds, each read once, in memory that grows with the rows of the scans and not with their voxels.
     *
     * @throws IOException if the folder cannot be read
     */
    public static DatasetInspection of(Dataset dataset, int threads, Progress progress) throws IOException {
        List<Case> cases = Stream.concat(dataset.training().stream(), dataset.test().stream())
                .toList();
        List<Found> found = new CasePool("reading cases", threads, progress)
                .map(cases, given -> BYTES_A_CASE, given -> look(dataset, given));
        List<Problem> problems = new ArrayList<>(
                dataset.check(found.stream().map(Found::findings).toList()));
        found.forEach(one -> problems.addAll(one.findings.remarks()));
        problems.addAll(FolderCheck.of(dataset));
        List<Contents.OfCase> labelled = found.stream()
                .flatMap(one -> one.labelled.stream().map(grid -> new Contents.OfCase(grid, one.findings)))
                .toList();
        return new DatasetInspection(
                labelled.isEmpty() ? Optional.empty() : Optional.of(Contents.of(dataset, labelled)),
                found.stream().flatMap(one -> one.contents.stream()).toList(),
                problems);
    }

    private static Found look(Dataset dataset, Case given) {
        CropWatch watch =
                new CropWatch(CropRule.of(dataset.channelNames()), CropRule.ctChannel(dataset.channelNames()));
        StreamedCase seen = StreamedCase.read(dataset, given, watch);
        Optional<CaseContents> contents =
                seen.grid().map(grid -> CaseContents.of(dataset, given.id(), grid, seen.findings()));
        if (!seen.areLabelled()) {
            return new Found(seen.findings(), contents, Optional.empty());
        }
        LoadedCase.Findings all = watch.lost(given).map(seen.findings()::with).orElse(seen.findings());
        return new Found(all, contents, seen.grid());
    }
}
