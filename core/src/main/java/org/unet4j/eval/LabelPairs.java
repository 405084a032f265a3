package org.unet4j.eval;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.unet4j.io.Nifti;
import org.unet4j.io.ProbabilityFile;
import org.unet4j.io.Problem;
import org.unet4j.io.Shard;

/**
 * Which predictions belong to which references.
 *
 * @param of how many references there are
 * @param names those that are to be scored, sorted
 * @param pairs those of them that have a prediction
 */
record LabelPairs(int of, List<String> names, SortedMap<String, Pair> pairs) {

    /** A prediction and its reference. */
    record Pair(Path prediction, Path reference) {}

    /**
     * Returns the pairs of a share of the references, matched by name without ending; two files match whatever they are called.
     *
     * @param partial whether references without a prediction are left out
     * @throws EvaluationException with every file that is missing or there twice
     */
    static LabelPairs match(Path predictions, Path references, boolean partial, Shard shard) throws IOException {
        List<Problem> problems = new ArrayList<>();
        SortedMap<String, Path> predicted = labelFiles(predictions, problems);
        SortedMap<String, Path> wanted = labelFiles(references, problems);
        EvaluationException.throwIfAny(problems);
        SortedMap<String, Pair> pairs = new TreeMap<>();
        if (Files.isRegularFile(predictions) && Files.isRegularFile(references)) {
            List<String> names = shard.of(List.of(predicted.firstKey()));
            names.forEach(name -> pairs.put(name, new Pair(predictions, references)));
            return new LabelPairs(1, names, pairs);
        }
        List<String> names = shard.of(List.copyOf(wanted.keySet()));
        boolean onlyPredicted = partial || Files.isRegularFile(predictions);
        boolean onlyWanted = Files.isRegularFile(references);
        names.forEach(name -> {
            Path reference = wanted.get(name);
            Path prediction = predicted.get(name);
            if (prediction != null) {
                pairs.put(name, new Pair(prediction, reference));
            } else if (!onlyPredicted) {
                problems.add(new Problem(
                        reference, "has no prediction in " + predictions + "; predict this case or leave it out"));
            }
        });
        predicted.forEach((name, prediction) -> {
            if (!wanted.containsKey(name) && !onlyWanted) {
                problems.add(new Problem(
                        prediction,
                        "has no reference named " + name + ".nii.gz in " + references
                                + "; name predictions as the references are named"));
            }
        });
        if (pairs.isEmpty() && problems.size() > 1 && !predicted.isEmpty() && !names.isEmpty() && shard.count() == 1) {
            throw new EvaluationException(
                    List.of(
                            new Problem(
                                    predictions,
                                    "has no file that is called as one in " + references + " is: "
                                            + predicted
                                                    .get(predicted.firstKey())
                                                    .getFileName() + " here, "
                                            + wanted.get(wanted.firstKey()).getFileName()
                                            + " there; predict scans that are called as the references are, or rename one or the other")));
        }
        if (problems.isEmpty() && pairs.isEmpty() && shard.count() == 1) {
            problems.add(new Problem(predictions, "holds no prediction of a case in " + references));
        }
        EvaluationException.throwIfAny(problems);
        return new LabelPairs(wanted.size(), names, pairs);
    }

    private static SortedMap<String, Path> labelFiles(Path place, List<Problem> problems) throws IOException {
        SortedMap<String, Path> files = new TreeMap<>();
        if (Files.isRegularFile(place)) {
            files.put(Nifti.stem(place), place);
            return files;
        }
        if (!Files.isDirectory(place)) {
            problems.add(new Problem(place, "is no folder and no file; check the path"));
            return files;
        }
        try (Stream<Path> entries = Files.list(place)) {
            for (Path file : entries.sorted().toList()) {
                boolean hidden = file.getFileName().toString().startsWith(".");
                if (hidden || !Files.isRegularFile(file) || !Nifti.isNifti(file) || ProbabilityFile.isOne(file)) {
                    continue;
                }
                Path twin = files.put(Nifti.stem(file), file);
                if (twin != null) {
                    problems.add(new Problem(
                            file, "is the same case as " + twin.getFileName() + "; remove one of the two files"));
                }
            }
        }
        if (files.isEmpty()) {
            problems.add(new Problem(place, "holds no .nii or .nii.gz file; check the path"));
        }
        return files;
    }
}
