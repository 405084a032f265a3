package org.unet4j.eval;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.unet4j.io.Json;
import org.unet4j.io.Shard;

/**
 * What one of several processes found that score a set of cases together. Which classes are scored may show only in all of them,
 * so every class that a case has is kept.
 *
 * @param shard which share of the references
 * @param classes the foreground classes to score, as far as this share tells
 * @param references how many references all shards have together
 * @param share the references of the share, sorted; those without a prediction too
 * @param classNames of the dataset whose references they are; empty where they are nobody's
 * @param tolerances of the normalised surface Dice
 * @param dice by case and class, of each class that the case's prediction or reference holds
 * @param measures the others of the same classes
 * @param matches by case, which class of the reference each class of the prediction lies on most
 */
public record ShardScores(
        Shard shard,
        SortedSet<Integer> classes,
        int references,
        List<String> share,
        Optional<SortedMap<Integer, String>> classNames,
        Tolerances tolerances,
        SortedMap<String, SortedMap<Integer, Double>> dice,
        SortedMap<String, SortedMap<Integer, ClassMeasures>> measures,
        SortedMap<String, SortedMap<Integer, Integer>> matches) {

    public ShardScores {
        classes = Collections.unmodifiableSortedSet(new TreeSet<>(classes));
        share = List.copyOf(share);
        classNames = classNames.map(names -> Collections.unmodifiableSortedMap(new TreeMap<>(names)));
        dice = Collections.unmodifiableSortedMap(new TreeMap<>(dice));
        measures = Collections.unmodifiableSortedMap(new TreeMap<>(measures));
        matches = Collections.unmodifiableSortedMap(new TreeMap<>(matches));
        Set<String> names = new HashSet<>(share);
        for (String name : dice.keySet()) {
            if (!names.contains(name)) {
                throw new IllegalArgumentException("[" + name + "] has a score and is not of shard " + shard);
            }
            if (!measures.containsKey(name)
                    || !measures.get(name).keySet().equals(dice.get(name).keySet())) {
                throw new IllegalArgumentException("[" + name + "] must have Dice and measures of the same classes");
            }
        }
    }

    /** Returns the same scores of classes that have names. */
    public ShardScores named(SortedMap<Integer, String> names) {
        return new ShardScores(
                shard, classes, references, share, Optional.of(names), tolerances, dice, measures, matches);
    }

    /** Writes these scores for {@link #gather}. */
    public void writeJson(Path file) throws IOException {
        Json.write(file, this);
    }

    /**
     * Returns what is known of all cases: what one process would have found.
     *
     * @param files what every shard wrote with {@link #writeJson}, in any order
     * @throws IOException naming the shards that are missing or there twice, or the files that are not of one evaluation
     */
    public static ShardScores gather(List<Path> files) throws IOException {
        SortedMap<Integer, Path> from = new TreeMap<>();
        SortedMap<Integer, ShardScores> shards = new TreeMap<>();
        List<String> wrong = new ArrayList<>();
        for (Path file : files) {
            ShardScores read = Json.read(file, ShardScores.class);
            int count = shards.isEmpty()
                    ? read.shard.count()
                    : shards.get(shards.firstKey()).shard.count();
            Path other = from.putIfAbsent(read.shard.index(), file);
            if (read.shard.count() != count) {
                throw new IOException("[" + file + "] is shard " + read.shard + ", [" + files.get(0) + "] is one of "
                        + count + ": give the files of one evaluation");
            }
            if (other == null) {
                shards.put(read.shard.index(), read);
            } else {
                wrong.add("shard " + read.shard + " is there twice: [" + other + "] and [" + file + "]");
            }
        }
        int count = shards.get(shards.firstKey()).shard.count();
        IntStream.rangeClosed(1, count)
                .filter(index -> !shards.containsKey(index))
                .forEach(
                        index -> wrong.add("shard " + new Shard(index, count) + " is missing: give the file it wrote"));
        if (!wrong.isEmpty()) {
            throw new IOException(String.join("\n", wrong));
        }
        requireOneSet(shards, from);
        return together(shards.values());
    }

    private static ShardScores together(Collection<ShardScores> shards) {
        SortedSet<Integer> scored = new TreeSet<>();
        List<String> cases = new ArrayList<>();
        SortedMap<String, SortedMap<Integer, Double>> dice = new TreeMap<>();
        SortedMap<String, SortedMap<Integer, ClassMeasures>> measures = new TreeMap<>();
        SortedMap<String, SortedMap<Integer, Integer>> matches = new TreeMap<>();
        for (ShardScores one : shards) {
            scored.addAll(one.classes);
            cases.addAll(one.share);
            dice.putAll(one.dice);
            measures.putAll(one.measures);
            matches.putAll(one.matches);
        }
        ShardScores first = shards.iterator().next();
        return new ShardScores(
                Shard.WHOLE,
                scored,
                first.references,
                cases.stream().sorted().toList(),
                first.classNames,
                first.tolerances,
                dice,
                measures,
                matches);
    }

    private static void requireOneSet(SortedMap<Integer, ShardScores> shards, SortedMap<Integer, Path> from)
            throws IOException {
        List<String> all = shards.values().stream()
                .flatMap(one -> one.share.stream())
                .distinct()
                .sorted()
                .toList();
        for (ShardScores one : shards.values()) {
            if (one.references != all.size() || !one.shard.of(all).equals(one.share)) {
                throw new IOException("[" + from.get(one.shard.index()) + "] shard " + one.shard
                        + " was taken from other references than the other shards; score all shards again");
            }
            ShardScores first = shards.get(shards.firstKey());
            if (!one.tolerances.equals(first.tolerances)) {
                throw new IOException("[" + from.get(one.shard.index()) + "] was scored with tolerances of "
                        + one.tolerances + " mm, [" + from.get(shards.firstKey()) + "] of " + first.tolerances + " mm"
                        + "; score all shards with the same --tolerances");
            }
            if (!one.classNames.equals(first.classNames)) {
                throw new IOException("[" + from.get(one.shard.index()) + "] has the class names "
                        + one.names() + ", [" + from.get(shards.firstKey()) + "] " + first.names()
                        + "; score all shards again, with the same references");
            }
        }
    }

    private String names() {
        return classNames.map(Object::toString).orElse("of no dataset");
    }

    /**
     * Returns the scores where this is the only shard.
     *
     * @throws IOException if no class is there to score, or no case
     */
    public CaseScores scores() throws IOException {
        if (shard.count() != 1) {
            throw new IllegalStateException("shard " + shard + " is not all there is: gather the shards");
        }
        if (classes.isEmpty()) {
            throw new IOException(
                    "no reference holds a voxel above 0: there is nothing to score; give a dataset, or the classes");
        }
        if (dice.isEmpty()) {
            throw new IOException("no shard holds a score: there is no prediction of any case");
        }
        return new CaseScores(
                dice.keySet().stream().map(name -> score(name, classes)).toList());
    }

    /** Returns the classes that predictions hold and that are not scored: no reference holds them, or they were not asked for. */
    public SortedSet<Integer> unscored() {
        SortedSet<Integer> found = new TreeSet<>();
        dice.values().forEach(ofCase -> found.addAll(ofCase.keySet()));
        found.removeAll(classes);
        return found;
    }

    /**
     * Returns which classes of the predictions seem to be other ones of the references, by class of the predictions: in more than half of the
     * cases they lie on another one, which does not lie on itself.
     */
    public SortedMap<Integer, Integer> misnumbered() {
        return ClassMatches.misnumbered(matches.values());
    }

    /** Returns the score of a case; a class that it does not have has two empty masks. */
    private CaseScore score(String name, SortedSet<Integer> scored) {
        SortedMap<Integer, Double> diceOfCase = new TreeMap<>();
        SortedMap<Integer, ClassMeasures> measuresOfCase = new TreeMap<>();
        for (int cls : scored) {
            diceOfCase.put(cls, dice.get(name).getOrDefault(cls, 1.0));
            ClassMeasures measured = measures.get(name).get(cls);
            measuresOfCase.put(cls, measured == null ? ClassMeasures.bothEmpty(tolerances.of(cls)) : measured);
        }
        return new CaseScore(name, diceOfCase, Optional.of(measuresOfCase));
    }
}
