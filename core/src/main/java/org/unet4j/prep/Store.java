package org.unet4j.prep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.io.FolderLock;
import org.unet4j.io.Progress;
import org.unet4j.io.Shard;
import org.unet4j.io.Split;
import org.unet4j.io.Yaml;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Scan;

/**
 * A folder of prepared cases: {@code plan.yaml}, one flat file a case, and {@code store.yaml}, which is written last and lists
 * them. A store without it is unfinished and cannot be opened. All cases are mapped when the store is opened, so that it stays
 * what it was when another process prepares it anew. Any number of threads may read.
 */
public final class Store {

    private static final String PLAN = "plan.yaml";
    private static final String INDEX = "store.yaml";

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
     * the name, size and time of its files have changed; another patch, batch or topology changes no case.
     *
     * @param folder new, empty, or a store of the same dataset
     * @throws IOException if the folder holds something else or is being prepared by another process, or naming all cases
     *     that failed and why; the others are done and kept
     */
    public static Store prepare(Dataset dataset, Plan plan, Path folder, int threads, Progress progress)
            throws IOException {
        Survey.requireNoError(dataset.folder(), dataset.problems());
        requireOwn(folder, dataset.name());
        try (FolderLock lock = FolderLock.take(folder, "prepared")) {
            lock.removeUnfinished(folder);
            lock.remove(folder, CaseWriter::isUnfinished);
            StoreIndex wanted = StoreIndex.of(dataset, plan);
            requireSameOrigin(folder, wanted, dataset);
            List<Case> changed = changed(Shard.WHOLE, dataset, folder, wanted);
            if (!changed.isEmpty()
                    || !Files.exists(folder.resolve(INDEX))
                    || !index(folder).equals(wanted)) {
                Files.deleteIfExists(folder.resolve(INDEX));
                prepare(changed, plan, folder, wanted, threads, progress);
                lock.remove(folder, name -> isCase(name) && !wanted.cases().containsKey(idOf(name)));
            }
            replacePlan(folder, plan);
            if (!Files.exists(folder.resolve(INDEX))) {
                Yaml.write(folder.resolve(INDEX), wanted);
            }
        }
        return open(folder);
    }

    /**
     * Prepares a share of the labelled cases, sorted by identifier, and returns how many of them had to be; the others are kept
     * as by {@link #prepare}. Other processes may do the other shares, or this one, at the same time: each only adds whole cases,
     * and the first the plan. {@link #prepare} then finds the cases and finishes the store.
     *
     * @param fingerprint what the plan was derived from, to be written where no plan lies yet
     * @throws IOException as {@link #prepare}, and if the plan in the folder prepares cases otherwise
     */
    static int prepare(
            Shard shard,
            Dataset dataset,
            Plan plan,
            Optional<Fingerprint> fingerprint,
            Path folder,
            int threads,
            Progress progress)
            throws IOException {
        Survey.requireNoError(dataset.folder(), dataset.problems());
        requireOwn(folder, dataset.name());
        try (FolderLock lock = FolderLock.takeShared(folder, "prepared")) {
            StoreIndex wanted = StoreIndex.of(dataset, plan);
            requireSameOrigin(folder, wanted, dataset);
            if (!Files.exists(folder.resolve(PLAN))) {
                if (fingerprint.isPresent()) {
                    fingerprint.get().write(folder.resolve(Prepare.FINGERPRINT));
                }
                plan.write(folder.resolve(PLAN));
            }
            requireSamePreparation(folder, plan);
            List<Case> changed = changed(shard, dataset, folder, wanted);
            prepare(changed, plan, folder, wanted, threads, progress);
            requireSamePreparation(folder, plan); // Two that found no plan may have come with different ones.
            return changed.size();
        }
    }

    private static void requireSamePreparation(Path folder, Plan plan) throws IOException {
        if (!Plan.read(folder.resolve(PLAN)).preparationHash().equals(plan.preparationHash())) {
            throw new IOException(
                    "[" + folder.resolve(PLAN) + "] prepares cases otherwise than the plan of this shard,"
                            + " and shards replace no plan: delete it, give the same plan to all shards or choose another folder");
        }
    }

    private static void prepare(
            List<Case> changed, Plan plan, Path folder, StoreIndex wanted, int threads, Progress progress)
            throws IOException {
        new CasePool("preparing cases", threads, progress)
                .map(changed, c -> CaseMemory.toPrepare(c, plan), c -> write(c, plan, folder, wanted));
    }

    /** Writes the plan; one of a person's that differs stays beside it under a name with its hash. */
    private static void replacePlan(Path folder, Plan plan) throws IOException {
        Path file = folder.resolve(PLAN);
        if (Files.exists(file)) {
            Plan before = Plan.read(file);
            if (before.equals(plan)) {
                return;
            }
            Files.copy(file, kept(folder, before), StandardCopyOption.REPLACE_EXISTING);
        }
        plan.write(file);
    }

    /** Returns the plan that lies in {@code folder}, whether or not there is a finished store; nothing where there is none. */
    public static Optional<Plan> planIn(Path folder) throws IOException {
        Path file = folder.resolve(PLAN);
        return Files.exists(file) ? Optional.of(Plan.read(file)) : Optional.empty();
    }

    /** Returns where {@link #prepare} keeps a plan of the store in {@code folder} that another one replaced. */
    public static Path kept(Path folder, Plan replaced) {
        return folder.resolve("plan-" + replaced.hash() + ".yaml");
    }

    private static void requireOwn(Path folder, String dataset) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            throw new IOException("[" + folder + "] is a file; give a folder for the prepared cases");
        }
        if (!Files.exists(folder.resolve(INDEX))) {
            // An unfinished store has been locked. Others too call their files .case: without a lock nothing here is
            // ours.
            Optional<String> foreign = FolderLock.foreign(folder, name -> false);
            if (foreign.isPresent()
                    && FolderLock.wasTaken(folder)) { // In this order: another shard may begin just now.
                foreign = FolderLock.foreign(folder, Store::isOwn);
            }
            if (foreign.isPresent()) {
                throw new IOException("[" + folder + "] is not empty and holds no prepared cases, but " + foreign.get()
                        + "; give an empty or new folder");
            }
        }
        if (Files.exists(folder.resolve(PLAN))) {
            String other = Plan.read(folder.resolve(PLAN)).dataset();
            if (!other.equals(dataset)) {
                throw new IOException("[" + folder + "] holds the prepared dataset " + other + ", not " + dataset
                        + "; give another folder or delete this one");
            }
        }
    }

    private static boolean isOwn(String name) {
        return isCase(name)
                || CaseWriter.isUnfinished(name)
                || name.equals(Prepare.FINGERPRINT)
                || (name.startsWith("plan") && name.endsWith(".yaml"));
    }

    private static boolean isCase(String name) {
        return name.endsWith(CaseFormat.SUFFIX);
    }

    private static String idOf(String name) {
        return name.substring(0, name.length() - CaseFormat.SUFFIX.length());
    }

    /** Else the cases of one of two datasets in folders of the same name would be replaced by the other's. */
    private static void requireSameOrigin(Path folder, StoreIndex wanted, Dataset dataset) throws IOException {
        if (Files.exists(folder.resolve(INDEX)) && index(folder).isOfOtherData(wanted)) {
            throw new IOException("[" + folder + "] holds the prepared cases of a dataset " + dataset.name()
                    + " in another folder, with other files than " + dataset.folder()
                    + "; give another folder, or delete this one if the dataset was moved");
        }
    }

    private static List<Case> changed(Shard shard, Dataset dataset, Path folder, StoreIndex wanted) {
        Set<String> share = new HashSet<>(shard.of(List.copyOf(wanted.cases().keySet())));
        return dataset.training().stream()
                .filter(c -> share.contains(c.id()) && !isCurrent(folder, c.id(), wanted))
                .toList();
    }

    /** Returns the cases of the share that {@link #prepare} would prepare. */
    static List<Case> changed(Shard shard, Dataset dataset, Plan plan, Path folder) throws IOException {
        return changed(shard, dataset, folder, StoreIndex.of(dataset, plan));
    }

    private static boolean isCurrent(Path folder, String id, StoreIndex wanted) {
        Path file = folder.resolve(id + CaseFormat.SUFFIX);
        if (!Files.exists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            CaseFormat head = PreparedCase.head(file, channel);
            return head.planHash() == wanted.planHash() && head.sourceHash() == wanted.sourceHash(id);
        } catch (IOException damaged) {
            return false; // Cut short by a full disk or a power failure: prepared again.
        }
    }

    private static Path write(Case given, Plan plan, Path folder, StoreIndex wanted) throws IOException {
        Scan scan = given.readScan();
        Labels labels = given.readLabels(scan.grid());
        PreparedScan prepared = Preparation.apply(plan, scan, Optional.of(labels));
        ForegroundLists lists = ForegroundLists.of(prepared.labels().orElseThrow(), plan.classCount());
        Path file = folder.resolve(given.id() + CaseFormat.SUFFIX);
        CaseFormat format = new CaseFormat(
                plan.channels().size(),
                lists.counts(),
                wanted.planHash(),
                wanted.sourceHash(given.id()),
                prepared.recipe());
        try {
            CaseWriter.write(file, format, prepared, lists);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    /**
     * Opens a store that was prepared before.
     *
     * @throws IOException if the folder holds no finished store, its plan was edited since, or a case is missing, cut short or
     *     was prepared otherwise than the store says
     */
    public static Store open(Path folder) throws IOException {
        if (!Files.exists(folder.resolve(INDEX)) || !Files.exists(folder.resolve(PLAN))) {
            throw new IOException("[" + folder + "] holds no finished store of prepared cases; run prepare first");
        }
        Plan plan = Plan.read(folder.resolve(PLAN));
        StoreIndex index = index(folder);
        requireUnchanged(plan, index, folder);
        TreeMap<String, PreparedCase> cases = new TreeMap<>();
        for (String id : index.cases().keySet()) {
            Path file = folder.resolve(id + CaseFormat.SUFFIX);
            PreparedCase one = PreparedCase.open(id, file);
            if (!one.isOf(index.planHash(), index.sourceHash(id))) {
                throw new IOException(
                        "[" + file + "] was prepared by another plan or from other files than " + INDEX
                                + " says: another process is preparing the store or was stopped; wait for it or run prepare again");
            }
            cases.put(id, one);
        }
        return new Store(folder, plan, Collections.unmodifiableSortedMap(cases));
    }

    private static void requireUnchanged(Plan plan, StoreIndex index, Path folder) throws IOException {
        if (!plan.preparationHash().equals(index.preparation())) {
            throw new IOException("[" + folder.resolve(PLAN)
                    + "] was changed after the cases were prepared; run prepare to apply it");
        }
    }

    /**
     * Returns the finished store in {@code folder} if it was made from the dataset's labelled cases as their files are now, by
     * the plan that lies in it, and no case is missing or cut short; else nothing.
     *
     * @throws IOException if its plan was edited since so that the cases no longer fit it
     */
    public static Optional<Store> openIfCurrent(Dataset dataset, Path folder) throws IOException {
        if (!Files.exists(folder.resolve(INDEX)) || !Files.exists(folder.resolve(PLAN))) {
            return Optional.empty();
        }
        Plan plan = Plan.read(folder.resolve(PLAN));
        StoreIndex index = index(folder);
        requireUnchanged(plan, index, folder);
        StoreIndex wanted = StoreIndex.of(dataset, plan);
        return index.hasCasesOf(wanted)
                        && changed(Shard.WHOLE, dataset, folder, wanted).isEmpty()
                ? Optional.of(open(folder))
                : Optional.empty();
    }

    private static StoreIndex index(Path folder) throws IOException {
        return Yaml.read(folder.resolve(INDEX), StoreIndex.class);
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
