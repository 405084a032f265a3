package org.unet4j.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Ways to divide the labelled cases of a dataset into those to learn from and those to validate on. */
public final class Splits {

    /** How many folds a dataset is divided into, if it has as many cases. */
    public static final int FOLDS = 5;

    private static final int NNUNET_SEED = 12345;

    /** One fold as nnU-Net writes it in {@code splits_final.json}. */
    private record Fold(List<String> train, List<String> val) {}

    private Splits() {}

    /**
     * Returns nnU-Net's five folds of {@code ids}: identifiers sorted, then scikit-learn's
     * {@code KFold(n_splits=5, shuffle=True, random_state=12345)}. Two to four cases, where nnU-Net fails, are left out one
     * at a time, so that there are as many folds as cases.
     *
     * <p>Equal to scikit-learn 1.9.1 with NumPy 2.4.6 (golden/splits.json).
     *
     * @throws IllegalArgumentException if there are fewer than two cases, or one stands twice
     */
    public static List<Split> fiveFold(Collection<String> ids) {
        List<String> sorted = ids.stream().sorted().toList();
        int cases = sorted.size();
        if (cases < 2) {
            throw new IllegalArgumentException("a dataset of " + cases
                    + (cases == 1 ? " labelled case" : " labelled cases")
                    + " cannot be divided into training and validation: label at least 2");
        }
        int[] shuffled = IntStream.range(0, cases).toArray();
        new MersenneTwister(NNUNET_SEED).shuffle(shuffled);
        int folds = Math.min(FOLDS, cases);
        List<Split> splits = new ArrayList<>();
        int start = 0;
        for (int fold = 0; fold < folds; fold++) {
            int end = start + cases / folds + (fold < cases % folds ? 1 : 0);
            Set<Integer> members = new HashSet<>();
            Arrays.stream(shuffled, start, end).forEach(members::add);
            List<String> training = new ArrayList<>();
            List<String> validation = new ArrayList<>();
            for (int i = 0; i < cases; i++) {
                (members.contains(i) ? validation : training).add(sorted.get(i));
            }
            splits.add(new Split(training, validation));
            start = end;
        }
        return List.copyOf(splits);
    }

    /** Returns the split that learns from every case and validates on none. */
    public static Split all(Collection<String> ids) {
        return new Split(ids.stream().sorted().toList(), List.of());
    }

    /**
     * Returns the folds of a {@code splits_final.json}: a list of objects with the lists {@code train} and {@code val}.
     *
     * @param ids the labelled cases of the dataset
     * @throws IOException if the file cannot be read, names a case that {@code ids} does not have, or a fold has an empty
     *     part or the same case twice
     */
    public static List<Split> read(Path splitsFinalJson, Collection<String> ids) throws IOException {
        Fold[] folds = Json.read(splitsFinalJson, Fold[].class);
        String file = "[" + splitsFinalJson.getFileName() + "] ";
        if (folds.length == 0) {
            throw new IOException(file + "has no folds");
        }
        Set<String> known = new HashSet<>(ids);
        List<Split> splits = new ArrayList<>();
        for (int i = 0; i < folds.length; i++) {
            Fold fold = folds[i];
            if (fold.train().isEmpty() || fold.val().isEmpty()) {
                throw new IOException(
                        file + "fold " + i + ": '" + (fold.train().isEmpty() ? "train" : "val") + "' is empty");
            }
            for (List<String> part : List.of(fold.train(), fold.val())) {
                for (String id : part) {
                    if (!known.contains(id)) {
                        throw new IOException(file + "fold " + i + ": the dataset has no labelled case '" + id + "'"
                                + Nearest.hint(id, known));
                    }
                }
            }
            try {
                splits.add(new Split(fold.train(), fold.val()));
            } catch (IllegalArgumentException e) {
                throw new IOException(file + "fold " + i + ": " + e.getMessage(), e);
            }
        }
        return List.copyOf(splits);
    }

    /** Writes {@code splits} as a {@code splits_final.json} that nnU-Net and {@link #read} read. */
    public static void write(Path file, List<Split> splits) throws IOException {
        Json.write(
                file,
                splits.stream()
                        .map(split -> new Fold(split.training(), split.validation()))
                        .toList());
    }
}
