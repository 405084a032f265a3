package org.unet4j.prep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;

/**
 * What a store was made from.
 *
 * @param dataset name of the dataset
 * @param preparation {@link Plan#preparationHash()}
 * @param origin a hash of the dataset's folder, which tells datasets of one name apart and gives no path away; empty in
 *     stores of the first versions
 * @param cases each case's files, images first
 */
record StoreIndex(String dataset, String preparation, Optional<String> origin, SortedMap<String, List<Source>> cases) {

    /**
     * A file as it was when it was read. A file that was changed without another size or time counts as unchanged.
     *
     * @param file relative to the dataset's folder
     * @param bytes its size
     * @param modified its time, ISO 8601
     */
    record Source(String file, long bytes, String modified) {}

    private static final int HEX = 16;

    StoreIndex {
        cases = Collections.unmodifiableSortedMap(new TreeMap<>(cases));
        if (cases.isEmpty()) {
            throw new IllegalArgumentException(
                    "dataset " + dataset + " has no labelled case to prepare; check its labelsTr");
        }
    }

    /** Returns the index of the labelled cases as their files are now. */
    static StoreIndex of(Dataset dataset, Plan plan) throws IOException {
        TreeMap<String, List<Source>> cases = new TreeMap<>();
        for (Case given : dataset.training()) {
            if (given.labels().isPresent()) {
                List<Path> files = new ArrayList<>(given.images());
                files.add(given.labels().get());
                List<Source> sources = new ArrayList<>();
                for (Path file : files) {
                    sources.add(source(dataset.folder(), file));
                }
                cases.put(given.id(), List.copyOf(sources));
            }
        }
        return new StoreIndex(dataset.name(), plan.preparationHash(), Optional.of(origin(dataset.folder())), cases);
    }

    private static String origin(Path folder) throws IOException {
        Path real = Files.exists(folder)
                ? folder.toRealPath()
                : folder.toAbsolutePath().normalize();
        return Canonical.hash(real.toString());
    }

    /** Returns whether the cases are the same, wherever the dataset lies. */
    boolean hasCasesOf(StoreIndex other) {
        return dataset.equals(other.dataset) && preparation.equals(other.preparation) && cases.equals(other.cases);
    }

    /** Returns whether this is known to be of a dataset in another folder, and one with other files. */
    boolean isOfOtherData(StoreIndex other) {
        return origin.isPresent()
                && other.origin.isPresent()
                && !origin.equals(other.origin)
                && !cases.equals(other.cases);
    }

    private static Source source(Path folder, Path file) throws IOException {
        String name = folder.toAbsolutePath()
                .relativize(file.toAbsolutePath())
                .toString()
                .replace('\\', '/');
        return new Source(
                name, Files.size(file), Files.getLastModifiedTime(file).toString());
    }

    long planHash() {
        return Long.parseUnsignedLong(preparation, HEX);
    }

    long sourceHash(String id) {
        return Long.parseUnsignedLong(Canonical.hash(cases.get(id)), HEX);
    }
}
