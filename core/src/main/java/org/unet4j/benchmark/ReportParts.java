package org.unet4j.benchmark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The folders with the runs of what a page reports.
 *
 * @param folders of a benchmark its own, of a cross-validation one for each fold
 */
record ReportParts(List<BenchmarkFolder> folders) {

    /** Copies the list. */
    ReportParts {
        folders = List.copyOf(folders);
    }

    /** Returns those of the benchmark or the cross-validation in {@code folder}. */
    static ReportParts of(Path folder) {
        List<BenchmarkFolder> folds = IntStream.iterate(
                        0, fold -> Files.isDirectory(CrossValidation.fold(folder, fold)), fold -> fold + 1)
                .mapToObj(fold -> new BenchmarkFolder(CrossValidation.fold(folder, fold)))
                .toList();
        return new ReportParts(folds.isEmpty() ? List.of(new BenchmarkFolder(folder)) : folds);
    }

    /** Returns what the page calls {@code run} of {@code part}: with the fold where there are several. */
    String name(Run run, BenchmarkFolder part) {
        return folders.size() == 1 ? run.toString() : run + ", " + part.path().getFileName();
    }
}
