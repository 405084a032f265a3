package org.unet4j.prep;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;

/**
 * The files of a dataset's labelled cases as they are now, told apart by the SHA-256 of their bytes. That of a file which a
 * store has written down is taken from there where size and times are the same and cannot lie; any other is read.
 *
 * <p>This is how git knows what changed, its racy files included. Where a system keeps a time of change that nobody can set
 * (all but Windows), a copy of the same size that also kept the time of modification is noticed, and one in the second of the
 * preparation too; and a dataset that was copied with its times is read once and not prepared again. Any number of threads may ask.
 */
final class Sources {

    private static final Logger LOG = LoggerFactory.getLogger(Sources.class);

    private final Dataset dataset;
    private final Map<String, SourceFile> known = new HashMap<>();
    private final Instant written;
    private final Map<Path, SourceFile> read = new ConcurrentHashMap<>();
    private final AtomicBoolean told = new AtomicBoolean();

    /**
     * Makes them for a store.
     *
     * @param index what the store has written down; empty where there is no finished one
     * @param written when
     */
    Sources(Dataset dataset, Optional<StoreIndex> index, Instant written) {
        this.dataset = dataset;
        this.written = written;
        index.ifPresent(given ->
                given.cases().values().forEach(files -> files.forEach(source -> known.put(source.file(), source))));
    }

    Dataset dataset() {
        return dataset;
    }

    /** Returns the labelled cases. */
    List<Case> cases() {
        return dataset.training().stream().filter(c -> c.labels().isPresent()).toList();
    }

    /** Returns whether some file had to be read. */
    boolean wereRead() {
        return !read.isEmpty();
    }

    /** Returns the case's files as they are now, images first. */
    List<SourceFile> of(Case given) throws IOException {
        List<SourceFile> files = new ArrayList<>();
        for (Path file :
                Stream.concat(given.images().stream(), given.labels().stream()).toList()) {
            files.add(of(file));
        }
        return List.copyOf(files);
    }

    private SourceFile of(Path file) throws IOException {
        SourceFile now = SourceFile.unread(file, dataset.folder());
        SourceFile before = known.get(now.file());
        if (before != null && before.isSurely(now, written)) {
            return before;
        }
        SourceFile earlier = read.get(file);
        if (earlier != null && earlier.isSurely(now, Instant.MAX)) {
            return earlier;
        }
        if (before != null && told.compareAndSet(false, true)) {
            LOG.warn("files of {} have other times than when they were prepared: reading them to see", dataset.name());
        }
        SourceFile whole = now.read(file);
        read.put(file, whole);
        return whole;
    }

    /** Returns what a store of all cases writes down. */
    StoreIndex index(Plan plan) throws IOException {
        TreeMap<String, List<SourceFile>> cases = new TreeMap<>();
        for (Case given : cases()) {
            cases.put(given.id(), of(given));
        }
        return new StoreIndex(
                dataset.name(), plan.preparationHash(), Optional.of(StoreIndex.origin(dataset.folder())), cases);
    }
}
