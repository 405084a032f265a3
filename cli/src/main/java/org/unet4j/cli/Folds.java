package org.unet4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.unet4j.io.Dataset;
import org.unet4j.io.Problem;
import org.unet4j.io.Split;
import org.unet4j.io.Splits;

/** Which split {@code --fold} and {@code --splits} mean. */
final class Folds {
    private Folds() {}

    /**
     * Returns the split of a fold: of the given file, else of {@code splits_final.json} in the dataset's folder, else by
     * nnU-Net's rule.
     */
    static Split split(Dataset dataset, Optional<Path> file, String fold) throws IOException {
        requireNoProblems(dataset);
        List<String> ids = dataset.trainingIds();
        if (fold.equals("all")) {
            return Splits.all(ids);
        }
        int number = number(fold);
        List<Split> splits = splits(dataset, file);
        if (number >= splits.size()) {
            throw new UsageException("fold " + number + " does not exist: there are folds 0 to " + (splits.size() - 1));
        }
        return splits.get(number);
    }

    /** Returns every fold, by the same rule. */
    static List<Split> splits(Dataset dataset, Optional<Path> file) throws IOException {
        requireNoProblems(dataset);
        List<String> ids = dataset.trainingIds();
        Path own = dataset.folder().resolve("splits_final.json");
        Optional<Path> given = file.isPresent() || !Files.exists(own) ? file : Optional.of(own);
        return given.isPresent() ? Splits.read(given.get(), ids) : Splits.fiveFold(ids);
    }

    /** A file that is missing would else be told as a case that the split names and the dataset does not have. */
    private static void requireNoProblems(Dataset dataset) throws IOException {
        List<String> errors = dataset.problems().stream()
                .filter(Problem::isError)
                .map(Problem::toString)
                .toList();
        if (!errors.isEmpty()) {
            throw new IOException("the dataset cannot be used:\n" + String.join("\n", errors));
        }
    }

    private static int number(String fold) {
        if (!fold.matches("\\d{1,4}")) {
            throw new UsageException("fold '" + fold + "' is neither a number from 0 nor `all`");
        }
        return Integer.parseInt(fold);
    }
}
