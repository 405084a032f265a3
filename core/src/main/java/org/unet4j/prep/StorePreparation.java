package org.unet4j.prep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.io.FolderLock;
import org.unet4j.io.Progress;
import org.unet4j.io.Shard;
import org.unet4j.io.Yaml;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Scan;

/** One preparation of a dataset's labelled cases for the store in a folder: what must be done, and doing it. */
final class StorePreparation {

    private static final String LOCKED = "prepared";

    private final StoreFolder folder;
    private final Sources sources;
    private final int threads;
    private final Progress progress;

    StorePreparation(Dataset dataset, Path folder, int threads, Progress progress) throws IOException {
        this.folder = new StoreFolder(folder);
        this.sources = this.folder.sources(dataset);
        this.threads = threads;
        this.progress = progress;
    }

    /** Returns the cases of the share that would be prepared. */
    List<Case> changed(Shard shard, Plan plan) throws IOException {
        Set<String> share = new HashSet<>(shard.of(ids().stream().sorted().toList()));
        List<Case> changed = new ArrayList<>();
        for (Case given : sources.cases()) {
            if (share.contains(given.id()) && !isCurrent(given, plan)) {
                changed.add(given);
            }
        }
        return changed;
    }

    /** Prepares by {@code plan}, as {@link Store#prepare} says. */
    Store whole(Plan plan) throws IOException {
        requireUsable();
        try (FolderLock lock = FolderLock.take(folder.path(), LOCKED)) {
            lock.removeUnfinished(folder.path());
            lock.remove(folder.path(), CaseWriter::isUnfinished);
            requireSameOrigin(plan);
            Set<String> ids = ids();
            List<Case> changed = changed(Shard.WHOLE, plan);
            Optional<StoreIndex> before = folder.index();
            boolean sameCases = before.isPresent()
                    && before.get().cases().keySet().equals(ids)
                    && before.get().preparation().equals(plan.preparationHash());
            if (!changed.isEmpty() || !sameCases) {
                Files.deleteIfExists(folder.indexFile());
                prepare(changed, plan);
                lock.remove(folder.path(), name -> StoreFolder.isCase(name) && !ids.contains(StoreFolder.idOf(name)));
            }
            folder.replacePlan(plan);
            StoreIndex wanted = sources.index(plan);
            if (sources.wereRead() || !folder.index().equals(Optional.of(wanted))) {
                Yaml.write(folder.indexFile(), wanted); // With its time: what was read need not be read again.
            }
        }
        return Store.open(folder.path());
    }

    /**
     * Prepares a share of the labelled cases, sorted by identifier, and returns how many of them had to be; the others are kept
     * as by {@link #whole}. Other processes may do the other shares, or this one, at the same time: each only adds whole cases,
     * and the first the plan. {@link #whole} then finds the cases and finishes the store.
     *
     * @param fingerprint what the plan was derived from, to be written where no plan lies yet
     * @throws IOException as {@link Store#prepare}, and if the plan in the folder prepares cases otherwise
     */
    int share(Shard shard, Plan plan, Optional<Fingerprint> fingerprint) throws IOException {
        requireUsable();
        try (FolderLock lock = FolderLock.takeShared(folder.path(), LOCKED)) {
            requireSameOrigin(plan);
            if (!Files.exists(folder.planFile())) {
                if (fingerprint.isPresent()) {
                    fingerprint.get().write(folder.path().resolve(Prepare.FINGERPRINT));
                }
                plan.write(folder.planFile());
            }
            requireSamePreparation(plan);
            List<Case> changed = changed(shard, plan);
            prepare(changed, plan);
            requireSamePreparation(plan); // Two that found no plan may have come with different ones.
            return changed.size();
        }
    }

    /**
     * Returns the finished store if it was made from the labelled cases as their files are now, by the plan that lies in it, and
     * no case is missing or cut short; else nothing.
     *
     * @throws IOException if its plan was edited since so that the cases no longer fit it
     */
    Optional<Store> current() throws IOException {
        if (!folder.isFinished()) {
            return Optional.empty();
        }
        Plan plan = folder.plan().orElseThrow();
        StoreIndex index = folder.index().orElseThrow();
        Store.requireUnchanged(plan, index, folder);
        boolean current = index.dataset().equals(sources.dataset().name())
                && index.cases().keySet().equals(ids())
                && changed(Shard.WHOLE, plan).isEmpty();
        if (!current) {
            return Optional.empty();
        }
        return Optional.of(sources.wereRead() ? whole(plan) : Store.open(folder.path()));
    }

    private Set<String> ids() {
        return sources.cases().stream().map(Case::id).collect(Collectors.toSet());
    }

    private void requireUsable() throws IOException {
        Dataset dataset = sources.dataset();
        Survey.requireNoError(dataset.folder(), dataset.problems());
        if (sources.cases().isEmpty()) {
            throw new IllegalArgumentException(
                    "dataset " + dataset.name() + " has no labelled case to prepare; check its labelsTr");
        }
        folder.requireOwn(dataset.name());
    }

    /** Else the cases of one of two datasets in folders of the same name would be replaced by the other's. */
    private void requireSameOrigin(Plan plan) throws IOException {
        Dataset dataset = sources.dataset();
        Optional<StoreIndex> before = folder.index();
        Optional<String> origin = before.flatMap(StoreIndex::origin);
        if (origin.isPresent()
                && !origin.get().equals(StoreIndex.origin(dataset.folder()))
                && !before.get().hasBytesOf(sources.index(plan))) {
            throw new IOException("[" + folder.path() + "] holds the prepared cases of a dataset " + dataset.name()
                    + " in another folder, with other files than " + dataset.folder()
                    + "; give another folder, or delete this one if the dataset was moved");
        }
    }

    private void requireSamePreparation(Plan plan) throws IOException {
        if (!Plan.read(folder.planFile()).preparationHash().equals(plan.preparationHash())) {
            throw new IOException(
                    "[" + folder.planFile() + "] prepares cases otherwise than the plan of this shard,"
                            + " and shards replace no plan: delete it, give the same plan to all shards or choose another folder");
        }
    }

    private boolean isCurrent(Case given, Plan plan) throws IOException {
        Path file = folder.caseFile(given.id());
        CaseFormat head;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            head = PreparedCase.head(file, channel);
        } catch (IOException absentOrDamaged) {
            return false; // Cut short by a full disk or a power failure, or of another version: prepared again.
        }
        return head.planHash() == StoreIndex.planHash(plan.preparationHash())
                && head.sourceHash() == StoreIndex.sourceHash(sources.of(given));
    }

    private void prepare(List<Case> changed, Plan plan) throws IOException {
        new CasePool("preparing cases", threads, progress)
                .map(changed, c -> CaseMemory.toPrepare(c, plan), c -> write(c, plan));
    }

    private Path write(Case given, Plan plan) throws IOException {
        List<SourceFile> files = sources.of(given);
        Scan scan = given.readScan();
        Labels labels = given.readLabels(scan.grid());
        if (!sources.of(given).equals(files)) {
            throw new IOException("its files were changed while they were read; run prepare again once they rest");
        }
        PreparedScan prepared = Preparation.apply(plan, scan, Optional.of(labels));
        for (int channel = 0; channel < plan.channels().size(); channel++) {
            HalfPrecision.requireFinite(prepared.channels().get(channel), channel);
        }
        ForegroundLists lists = ForegroundLists.of(prepared.labels().orElseThrow(), plan.classCount());
        CaseFormat format = new CaseFormat(
                plan.channels().size(),
                lists.counts(),
                StoreIndex.planHash(plan.preparationHash()),
                StoreIndex.sourceHash(files),
                prepared.recipe());
        Path file = folder.caseFile(given.id());
        try {
            CaseWriter.write(file, format, prepared, lists);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }
}
