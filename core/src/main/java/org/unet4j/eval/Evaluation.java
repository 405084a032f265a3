package org.unet4j.eval;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.unet4j.io.Nifti;
import org.unet4j.io.Problem;
import org.unet4j.io.Progress;
import org.unet4j.io.Shard;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Scan;

/**
 * Compares a folder of predicted label maps with a folder of references, matched by their file names without
 * {@code .nii} or {@code .nii.gz}. Both may be single files instead; two files match whatever they are called.
 *
 * @param predictions a folder or a file of predicted labels
 * @param references a folder or a file of reference labels
 * @param classes the foreground classes to score; empty: every class above 0 that occurs in a reference
 * @param partial whether references without a prediction are left out rather than being an error
 * @param threads how many cases are read at a time
 */
public record Evaluation(Path predictions, Path references, SortedSet<Integer> classes, boolean partial, int threads) {

    /** Checks every value. */
    public Evaluation {
        classes = Collections.unmodifiableSortedSet(new TreeSet<>(classes));
        for (int cls : classes) {
            if (cls < 1 || cls >= Labels.MAX_CLASSES) {
                throw new IllegalArgumentException(
                        "class " + cls + " cannot be scored; foreground classes are 1 to " + (Labels.MAX_CLASSES - 1));
            }
        }
        if (threads < 1) {
            throw new IllegalArgumentException("threads " + threads + " must be at least 1");
        }
    }

    /** Returns the evaluation of every class in the references, with a thread a processor, up to four. */
    public static Evaluation of(Path predictions, Path references) {
        int threads = Math.min(4, Runtime.getRuntime().availableProcessors());
        return new Evaluation(predictions, references, Collections.emptySortedSet(), false, threads);
    }

    /** Returns this evaluation of the given foreground classes only; 0, background, is left out. */
    public Evaluation withClasses(SortedSet<Integer> newClasses) {
        SortedSet<Integer> foreground = new TreeSet<>(newClasses);
        foreground.remove(0);
        return new Evaluation(predictions, references, foreground, partial, threads);
    }

    /** Returns this evaluation of those references only that have a prediction. */
    public Evaluation ofPredictedOnly() {
        return new Evaluation(predictions, references, classes, true, threads);
    }

    /** Returns this evaluation with {@code newThreads} cases read at a time. */
    public Evaluation withThreads(int newThreads) {
        return new Evaluation(predictions, references, classes, partial, newThreads);
    }

    /**
     * Returns the scores of all cases.
     *
     * @throws EvaluationException with every missing file and every pair that lies on different grids or cannot be read
     * @throws IOException if a folder cannot be read
     */
    public CaseScores run(Progress progress) throws IOException {
        ShardScores whole = run(Shard.WHOLE, progress);
        if (whole.classes().isEmpty()) {
            throw new EvaluationException(List.of(new Problem(
                    references, "no reference holds a voxel above 0: there is nothing to score; give the classes")));
        }
        return ShardScores.together(List.of(whole));
    }

    /**
     * Returns the scores of a share of the references, sorted by name. The predictions of the others need not be there yet.
     *
     * @throws EvaluationException with every file of the share that is missing, lies on another grid or cannot be read
     * @throws IOException if a folder cannot be read
     */
    public ShardScores run(Shard shard, Progress progress) throws IOException {
        Share share = match(shard);
        SortedSet<Integer> scored = new TreeSet<>(classes);
        SortedMap<String, Overlap> overlaps = overlaps(share.pairs, progress);
        if (classes.isEmpty()) {
            overlaps.values().forEach(overlap -> scored.addAll(overlap.referenceClasses()));
        }
        SortedMap<String, SortedMap<Integer, Double>> dice = new TreeMap<>();
        overlaps.forEach((name, overlap) -> dice.put(name, overlap.dice(overlap.classes())));
        return new ShardScores(shard, scored, share.of, share.names, dice);
    }

    private record Pair(Path prediction, Path reference) {}

    /** Those references, of so many, that are to be scored, and those of them that have a prediction. */
    private record Share(int of, List<String> names, SortedMap<String, Pair> pairs) {}

    private Share match(Shard shard) throws IOException {
        List<Problem> problems = new ArrayList<>();
        SortedMap<String, Path> predicted = labelFiles(predictions, problems);
        SortedMap<String, Path> wanted = labelFiles(references, problems);
        SortedMap<String, Pair> pairs = new TreeMap<>();
        if (problems.isEmpty() && Files.isRegularFile(predictions) && Files.isRegularFile(references)) {
            List<String> names = shard.of(List.of(predicted.firstKey()));
            names.forEach(name -> pairs.put(name, new Pair(predictions, references)));
            return new Share(1, names, pairs);
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
        if (problems.isEmpty() && pairs.isEmpty() && shard.count() == 1) {
            problems.add(new Problem(predictions, "holds no prediction of a case in " + references));
        }
        throwIfAny(problems);
        return new Share(wanted.size(), names, pairs);
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
                if (hidden || !Files.isRegularFile(file) || !Nifti.isNifti(file)) {
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

    private SortedMap<String, Overlap> overlaps(SortedMap<String, Pair> pairs, Progress progress) throws IOException {
        if (pairs.isEmpty()) {
            return new TreeMap<>();
        }
        AtomicInteger done = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(Math.min(threads, pairs.size()));
        try {
            SortedMap<String, Future<Overlap>> pending = new TreeMap<>();
            pairs.forEach((name, pair) -> pending.put(name, pool.submit(() -> {
                Overlap overlap = compare(pair);
                progress.update("comparing cases", done.incrementAndGet(), pairs.size());
                return overlap;
            })));
            List<Problem> problems = new ArrayList<>();
            SortedMap<String, Overlap> overlaps = new TreeMap<>();
            for (Map.Entry<String, Future<Overlap>> entry : pending.entrySet()) {
                outcome(entry.getValue(), pairs.get(entry.getKey()), problems)
                        .ifPresent(overlap -> overlaps.put(entry.getKey(), overlap));
            }
            throwIfAny(problems);
            return overlaps;
        } finally {
            pool.shutdownNow();
        }
    }

    private static Optional<Overlap> outcome(Future<Overlap> future, Pair pair, List<Problem> problems)
            throws IOException {
        try {
            return Optional.of(future.get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof EvaluationException found) {
                problems.addAll(found.problems());
            } else if (e.getCause() instanceof IOException || e.getCause() instanceof IllegalArgumentException) {
                problems.add(new Problem(
                        pair.prediction(), String.valueOf(e.getCause().getMessage())));
            } else {
                throw new IllegalStateException("comparing " + pair + " failed", e.getCause());
            }
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while comparing " + pair.prediction(), e);
        }
    }

    private static Overlap compare(Pair pair) throws IOException {
        Labels prediction = Nifti.readLabels(pair.prediction());
        Labels reference = Nifti.readLabels(pair.reference());
        if (!prediction.grid().shape().equals(reference.grid().shape())) {
            throw new EvaluationException(List.of(new Problem(
                    pair.prediction(),
                    "has shape " + prediction.grid().shape() + " (z, y, x), its reference "
                            + reference.grid().shape() + "; predict on the scan's own grid")));
        }
        if (!prediction.grid().matches(reference.grid(), Scan.GRID_TOLERANCE_MM)) {
            throw new EvaluationException(List.of(new Problem(
                    pair.prediction(),
                    "lies elsewhere in space than its reference (corners more than " + Scan.GRID_TOLERANCE_MM
                            + " mm apart); write predictions with the geometry of the scan")));
        }
        return Overlap.of(prediction.voxels(), reference.voxels());
    }

    private static void throwIfAny(List<Problem> problems) throws EvaluationException {
        if (!problems.isEmpty()) {
            throw new EvaluationException(problems);
        }
    }
}
