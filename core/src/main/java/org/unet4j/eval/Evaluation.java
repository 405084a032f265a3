package org.unet4j.eval;

import java.io.IOException;
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
import org.unet4j.io.HeapAdvice;
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
 * @param threads how many cases are compared at a time; fewer where label maps are so large that the heap does not hold more
 * @param tolerances of the normalised surface Dice
 * @param known the classes that there are, 0 among them: a label map that holds another one is an error; empty: any may occur
 */
public record Evaluation(
        Path predictions,
        Path references,
        SortedSet<Integer> classes,
        boolean partial,
        int threads,
        Tolerances tolerances,
        SortedSet<Integer> known) {

    /** Checks every value. */
    public Evaluation {
        classes = Collections.unmodifiableSortedSet(new TreeSet<>(classes));
        known = Collections.unmodifiableSortedSet(new TreeSet<>(known));
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
        return new Evaluation(
                predictions,
                references,
                Collections.emptySortedSet(),
                false,
                threads,
                Tolerances.ONE_MM,
                Collections.emptySortedSet());
    }

    /** Returns this evaluation of the given foreground classes only; 0, background, is left out. */
    public Evaluation withClasses(SortedSet<Integer> newClasses) {
        SortedSet<Integer> foreground = new TreeSet<>(newClasses);
        foreground.remove(0);
        return new Evaluation(predictions, references, foreground, partial, threads, tolerances, known);
    }

    /** Returns this evaluation of all foreground classes of {@code newKnown}; a label map that holds another class is then an error. */
    public Evaluation ofKnown(SortedSet<Integer> newKnown) {
        Evaluation all = withClasses(newKnown);
        return new Evaluation(predictions, references, all.classes, partial, threads, tolerances, newKnown);
    }

    /** Returns this evaluation of those references only that have a prediction. */
    public Evaluation ofPredictedOnly() {
        return new Evaluation(predictions, references, classes, true, threads, tolerances, known);
    }

    /** Returns this evaluation with {@code newThreads} cases read at a time. */
    public Evaluation withThreads(int newThreads) {
        return new Evaluation(predictions, references, classes, partial, newThreads, tolerances, known);
    }

    /** Returns this evaluation with other tolerances of the normalised surface Dice. */
    public Evaluation withTolerances(Tolerances newTolerances) {
        return new Evaluation(predictions, references, classes, partial, threads, newTolerances, known);
    }

    /**
     * Returns the scores of all cases.
     *
     * @throws EvaluationException with every missing file and every pair that lies on different grids or cannot be read
     * @throws IOException if a folder cannot be read
     */
    public CaseScores run(Progress progress) throws IOException {
        return run(Shard.WHOLE, progress).scores();
    }

    /**
     * Returns the scores of a share of the references, sorted by name. The predictions of the others need not be there yet.
     *
     * @throws EvaluationException with every file of the share that is missing, lies on another grid or cannot be read
     * @throws IOException if a folder cannot be read
     */
    public ShardScores run(Shard shard, Progress progress) throws IOException {
        LabelPairs pairs = LabelPairs.match(predictions, references, partial, shard);
        SortedSet<Integer> scored = new TreeSet<>(classes);
        SortedMap<String, Compared> compared = compared(pairs.pairs(), progress);
        if (classes.isEmpty()) {
            compared.values().forEach(one -> scored.addAll(one.referenceClasses));
        }
        SortedMap<String, SortedMap<Integer, Double>> dice = new TreeMap<>();
        SortedMap<String, SortedMap<Integer, ClassMeasures>> measures = new TreeMap<>();
        SortedMap<String, SortedMap<Integer, Integer>> matches = new TreeMap<>();
        compared.forEach((name, one) -> {
            dice.put(name, one.dice);
            measures.put(name, one.measures);
            matches.put(name, one.matches);
        });
        return new ShardScores(
                shard, scored, pairs.of(), pairs.names(), Optional.empty(), tolerances, dice, measures, matches);
    }

    /** One case: the classes of its reference, the scores of those that either label map has, and which lie on which. */
    private record Compared(
            SortedSet<Integer> referenceClasses,
            SortedMap<Integer, Double> dice,
            SortedMap<Integer, ClassMeasures> measures,
            SortedMap<Integer, Integer> matches) {}

    private SortedMap<String, Compared> compared(SortedMap<String, LabelPairs.Pair> pairs, Progress progress)
            throws IOException {
        if (pairs.isEmpty()) {
            return new TreeMap<>();
        }
        AtomicInteger done = new AtomicInteger();
        PairMemory memory = PairMemory.ofHeap();
        memory.atOnce(pairs.values(), threads);
        ExecutorService pool = Executors.newFixedThreadPool(Math.min(threads, pairs.size()));
        try {
            SortedMap<String, Future<Compared>> pending = new TreeMap<>();
            pairs.forEach((name, pair) -> pending.put(name, pool.submit(() -> {
                Compared compared = memory.within(pair, this::compare);
                progress.update("comparing cases", done.incrementAndGet(), pairs.size());
                return compared;
            })));
            List<Problem> problems = new ArrayList<>();
            SortedMap<String, Compared> compared = new TreeMap<>();
            for (Map.Entry<String, Future<Compared>> entry : pending.entrySet()) {
                outcome(entry.getValue(), pairs.get(entry.getKey()), problems)
                        .ifPresent(one -> compared.put(entry.getKey(), one));
            }
            EvaluationException.throwIfAny(problems);
            return compared;
        } finally {
            pool.shutdownNow();
        }
    }

    private static Optional<Compared> outcome(Future<Compared> future, LabelPairs.Pair pair, List<Problem> problems)
            throws IOException {
        try {
            return Optional.of(future.get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof EvaluationException found) {
                problems.addAll(found.problems());
            } else if (e.getCause() instanceof IOException || e.getCause() instanceof IllegalArgumentException) {
                problems.add(new Problem(
                        pair.prediction(), String.valueOf(e.getCause().getMessage())));
            } else if (e.getCause() instanceof OutOfMemoryError) {
                problems.add(new Problem(
                        pair.prediction(),
                        "and its reference do not fit into Java's heap of "
                                + (Runtime.getRuntime().maxMemory() >> 20)
                                + " MiB; " + HeapAdvice.giveMore()));
            } else {
                throw new IllegalStateException("comparing " + pair + " failed", e.getCause());
            }
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while comparing " + pair.prediction(), e);
        }
    }

    private Compared compare(LabelPairs.Pair pair) throws IOException {
        Labels prediction = read(pair.prediction(), "");
        Labels reference = read(pair.reference(), "the reference: ");
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
        Overlap counts = Overlap.of(prediction.voxels(), reference.voxels());
        requireKnown(pair, counts);
        SortedSet<Integer> measured = counts.classes();
        if (!classes.isEmpty()) {
            measured.retainAll(classes);
        }
        return new Compared(
                counts.referenceClasses(),
                counts.dice(measured),
                CaseScore.measures(prediction, reference, counts, measured, tolerances),
                ClassMatches.of(prediction.voxels(), reference.voxels()));
    }

    /** Predictions and references are called alike: what is wrong with one must say with which. */
    private static Labels read(Path file, String which) throws IOException {
        try {
            return Nifti.readLabels(file);
        } catch (IOException | IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            for (Path name : List.of(file, file.getFileName())) {
                message = message.startsWith("[" + name + "] ")
                        ? message.substring(("[" + name + "] ").length())
                        : message;
            }
            throw new EvaluationException(List.of(new Problem(file, which + message)));
        }
    }

    private void requireKnown(LabelPairs.Pair pair, Overlap counts) throws EvaluationException {
        if (known.isEmpty()) {
            return;
        }
        SortedSet<Integer> unknown = counts.classes();
        unknown.removeAll(known);
        if (unknown.isEmpty()) {
            return;
        }
        boolean inReference = counts.referenceClasses().contains(unknown.first());
        throw new EvaluationException(List.of(new Problem(
                inReference ? pair.reference() : pair.prediction(),
                "holds class " + unknown.first() + ", but the dataset's classes are " + known
                        + (inReference
                                ? "; inspect the dataset"
                                : ": its model was made for other classes; predict with one of this dataset"))));
    }
}
