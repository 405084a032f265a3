package org.unet4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.unet4j.infer.Manifest;
import org.unet4j.io.Nifti;

/**
 * How the models of predictions call and number their classes, as the entries beside the label maps say.
 *
 * @param byFile the names of the numbers, of each label map whose entry tells them
 */
record PredictedClasses(SortedMap<Path, SortedMap<Integer, String>> byFile) {

    /** Returns those of a folder of label maps, or of one. */
    static PredictedClasses of(Path predictions) throws IOException {
        List<Path> files = List.of(predictions);
        if (Files.isDirectory(predictions)) {
            try (Stream<Path> all = Files.list(predictions)) {
                files = all.filter(Nifti::isNifti).sorted().toList();
            }
        }
        SortedMap<Path, SortedMap<Integer, String>> known = new TreeMap<>();
        for (Path file : files) {
            Manifest.entryOf(file).flatMap(Manifest.Entry::classes).ifPresent(classes -> known.put(file, classes));
        }
        return new PredictedClasses(known);
    }

    /**
     * Fails where a model gives a name of the dataset's to another number: what would be scored are different things.
     *
     * @param wanted the dataset's names by their numbers
     */
    void requireNumbersOf(SortedMap<Integer, String> wanted) throws IOException {
        Map<String, SortedSet<Integer>> numbers = new TreeMap<>(); // Several, where a dataset's names are alike.
        wanted.forEach((number, name) ->
                numbers.computeIfAbsent(key(name), any -> new TreeSet<>()).add(number));
        for (Map.Entry<Path, SortedMap<Integer, String>> file : byFile.entrySet()) {
            for (Map.Entry<Integer, String> cls : file.getValue().entrySet()) {
                SortedSet<Integer> number =
                        numbers.getOrDefault(key(cls.getValue()), new TreeSet<>(Set.of(cls.getKey())));
                if (!cls.getValue().isBlank() && !number.contains(cls.getKey())) {
                    throw new IOException("[" + file.getKey() + "] was predicted by a model whose class " + cls.getKey()
                            + " is " + cls.getValue() + ", which is " + number.first()
                            + " in the dataset of the references ("
                            + wanted
                            + "): score it against the dataset that it was trained for, or one numbered as that is");
                }
            }
        }
    }

    private static String key(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }

    /** Returns a model's name of a number that the dataset gives to another class, with that; empty where all names agree. */
    Optional<String> otherName(SortedMap<Integer, String> wanted) {
        return byFile.values().stream()
                .flatMap(classes -> classes.entrySet().stream())
                .filter(cls -> wanted.containsKey(cls.getKey())
                        && !wanted.get(cls.getKey()).equalsIgnoreCase(cls.getValue()))
                .findFirst()
                .map(cls -> "class " + cls.getKey() + " is " + cls.getValue() + " for the model and "
                        + wanted.get(cls.getKey()) + " in the dataset: are these the same?");
    }

    /** Returns whether it is known that every label map is numbered as the dataset is. */
    boolean areSure(SortedMap<Integer, String> wanted, int files) {
        return byFile.size() >= files && otherName(wanted).isEmpty();
    }
}
