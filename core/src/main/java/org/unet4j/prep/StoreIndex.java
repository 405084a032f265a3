package org.unet4j.prep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a store was made from.
 *
 * @param dataset name of the dataset
 * @param preparation {@link Plan#preparationHash()}
 * @param origin a hash of the dataset's folder, which tells datasets of one name apart and gives no path away; empty in
 *     stores of the first versions
 * @param cases each case's files, images first
 */
record StoreIndex(
        String dataset, String preparation, Optional<String> origin, SortedMap<String, List<SourceFile>> cases) {

    private static final int HEX = 16;

    StoreIndex {
        cases = Collections.unmodifiableSortedMap(new TreeMap<>(cases));
        if (cases.isEmpty()) {
            throw new IllegalArgumentException(
                    "dataset " + dataset + " has no labelled case to prepare; check its labelsTr");
        }
    }

    /** Returns whether both have the same cases with the same bytes, wherever they lie. */
    boolean hasBytesOf(StoreIndex other) {
        return cases.keySet().equals(other.cases.keySet())
                && cases.keySet().stream().allMatch(id -> sourceHash(cases.get(id)) == sourceHash(other.cases.get(id)));
    }

    /** Returns the hash of the path of {@code folder}. */
    static String origin(Path folder) throws IOException {
        Path real = Files.exists(folder)
                ? folder.toRealPath()
                : folder.toAbsolutePath().normalize();
        return Canonical.hash(real.toString());
    }

    /** Returns what a prepared case says of the plan that it was prepared by. */
    static long planHash(String preparation) {
        return Long.parseUnsignedLong(preparation, HEX);
    }

    /** Returns what a prepared case says of the bytes that it was prepared from; where they lay and when does not matter. */
    static long sourceHash(List<SourceFile> files) {
        return Long.parseUnsignedLong(
                Canonical.hash(files.stream().map(SourceFile::sha256).toList()), HEX);
    }
}
