package org.unet4j.prep;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.unet4j.io.Dataset;
import org.unet4j.io.FolderLock;
import org.unet4j.io.Progress;
import org.unet4j.io.Split;

/**
 * A folder of prepared cases: {@code plan.yaml}, one flat file a case, and {@code store.yaml}, which is written last and lists
 * them. A store without it is unfinished and cannot be opened. All cases are mapped when the store is opened, so that it stays
 * what it was when another process prepares it anew. Any number of threads may read.
 */
public final class Store {

    private final Path folder;
    private final Plan plan;
    private final SortedMap<String, PreparedCase> cases;

    private Store(Path folder, Plan plan, SortedMap<String, PreparedCase> cases) {
        this.folder = folder;
        this.plan = plan;
        this.cases = cases;
    }

    /**
     * Prepares the labelled cases of a dataset and returns the store. A case is kept when neither what the plan does to scans nor
     * the bytes of its files have changed ({@link Sources} says how that is told); another patch, batch or topology changes no case.
     *
     * @param folder new, empty, or a store of the same dataset
     * @throws IOException if the folder holds something else or is being prepared by another process, or naming all cases
     *     that failed and why; the others are done and kept
     */
    public static Store prepare(Dataset dataset, Plan plan, Path folder, int threads, Progress progress)
            throws IOException {
        return new StorePreparation(dataset, folder, threads, progress).whole(plan);
    }

    /**
     * Deletes the prepared cases in {@code folder} whose bytes are not those that were written, so that {@link #prepare} prepares
     * them again, and returns their identifiers, sorted. Every case is read whole.
     *
     * @throws IOException if the folder is being prepared by another process
     */
    public static List<String> removeDamaged(Path folder, Progress progress) throws IOException {
        StoreFolder store = new StoreFolder(folder);
        List<String> damaged = new ArrayList<>();
        if (!FolderLock.wasTaken(folder) || store.plan().isEmpty()) {
            return damaged;
        }
        try (FolderLock lock = FolderLock.take(folder, "prepared")) {
            List<String> ids = store.casesThere();
            for (int i = 0; i < ids.size(); i++) {
                Path file = store.caseFile(ids.get(i));
                try {
                    PreparedCase.open(ids.get(i), file).verify();
                } catch (IOException e) {
                    damaged.add(ids.get(i));
                }
                progress.update("checking prepared cases", i + 1, ids.size());
            }
            lock.remove(folder, name -> StoreFolder.isCase(name) && damaged.contains(StoreFolder.idOf(name)));
        }
        return damaged;
    }

    /** Returns the plan that lies in {@code folder}, whether or not there is a finished store; nothing where there is none. */
    public static Optional<Plan> planIn(Path folder) throws IOException {
        return new StoreFolder(folder).plan();
    }

    /** Returns where {@link #prepare} keeps a plan of the store in {@code folder} that another one replaced. */
    public static Path kept(Path folder, Plan replaced) {
        return new StoreFolder(folder).kept(replaced);
    }

    /**
     * Opens a store that was prepared before.
     *
     * @throws IOException if the folder holds no finished store, its plan was edited since, or a case is missing, cut short or
     *     was prepared otherwise than the store says
     */
    public static Store open(Path folder) throws IOException {
        StoreFolder store = new StoreFolder(folder);
        if (!store.isFinished()) {
            throw new IOException("[" + folder + "] holds no finished store of prepared cases; run prepare first");
        }
        Plan plan = store.plan().orElseThrow();
        StoreIndex index = store.index().orElseThrow();
        requireUnchanged(plan, index, store);
        long planHash = StoreIndex.planHash(index.preparation());
        TreeMap<String, PreparedCase> cases = new TreeMap<>();
        for (String id : index.cases().keySet()) {
            Path file = store.caseFile(id);
            PreparedCase one = PreparedCase.open(id, file);
            if (!one.isOf(planHash, StoreIndex.sourceHash(index.cases().get(id)))) {
                throw new IOException(
                        "[" + file + "] was prepared by another plan or from other files than the store says:"
                                + " another process is preparing the store or was stopped; wait for it or run prepare again");
            }
            cases.put(id, one);
        }
        return new Store(folder, plan, Collections.unmodifiableSortedMap(cases));
    }

    /** Fails where the plan in the folder is no longer the one that the cases were prepared by. */
    static void requireUnchanged(Plan plan, StoreIndex index, StoreFolder folder) throws IOException {
        if (!plan.preparationHash().equals(index.preparation())) {
            throw new IOException(
                    "[" + folder.planFile() + "] was changed after the cases were prepared; run prepare to apply it");
        }
    }

    /**
     * Returns the finished store in {@code folder} if it was made from the dataset's labelled cases as their files are now, by
     * the plan that lies in it, and no case is missing or cut short; else nothing.
     *
     * @throws IOException if its plan was edited since so that the cases no longer fit it
     */
    public static Optional<Store> openIfCurrent(Dataset dataset, Path folder) throws IOException {
        return new StorePreparation(dataset, folder, 1, Progress.silent()).current();
    }

    /** Returns the identifiers of all cases, sorted. */
    public List<String> ids() {
        return List.copyOf(cases.keySet());
    }

    /**
     * Returns a case.
     *
     * @throws IllegalArgumentException if the store has no such case
     */
    public PreparedCase get(String id) {
        PreparedCase found = cases.get(id);
        if (found == null) {
            throw new IllegalArgumentException("[" + folder + "] holds no case '" + id + "'; it has " + cases.size()
                    + " cases, such as '" + cases.firstKey() + "'");
        }
        return found;
    }

    /**
     * Returns 16 hexadecimal digits that change with the voxels or labels of a case of {@code split}; the order of cases does not
     * matter.
     *
     * @throws IOException if a case's file is missing
     */
    public String contentHash(Split split) throws IOException {
        TreeMap<String, Long> checksums = new TreeMap<>();
        for (String id : Stream.concat(split.training().stream(), split.validation().stream())
                .toList()) {
            checksums.put(id, (long) get(id).checksum());
        }
        return Canonical.hash(checksums);
    }

    /**
     * Returns the same cases under another plan: one that differs in patch, batch or topology. Nothing is written.
     *
     * @throws IllegalArgumentException if the cases would have to be prepared otherwise
     */
    public Store withPlan(Plan other) {
        if (!other.preparationHash().equals(plan.preparationHash())) {
            throw new IllegalArgumentException(
                    "[" + folder + "] was prepared by a plan that differs in more than patch,"
                            + " batch or topology; prepare the cases by this one");
        }
        return new Store(folder, other, cases);
    }

    /** Returns the plan by which the cases were prepared. */
    public Plan plan() {
        return plan;
    }

    /** Returns the folder. */
    public Path folder() {
        return folder;
    }
}
