package org.unet4j.prep;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.unet4j.io.Dataset;
import org.unet4j.io.FolderLock;
import org.unet4j.io.Yaml;

/**
 * What a store consists of, and where: the plan, one file a case, and the index, which is written last. A store without it is
 * unfinished.
 *
 * @param path the folder
 */
record StoreFolder(Path path) {

    private static final String PLAN = "plan.yaml";
    private static final String INDEX = "store.yaml";

    Path planFile() {
        return path.resolve(PLAN);
    }

    Path indexFile() {
        return path.resolve(INDEX);
    }

    Path caseFile(String id) {
        return path.resolve(id + CaseFormat.SUFFIX);
    }

    boolean isFinished() throws IOException {
        return index().isPresent() && Files.exists(planFile());
    }

    /** Returns the plan that lies there, whether or not there is a finished store; nothing where there is none. */
    Optional<Plan> plan() throws IOException {
        return Files.exists(planFile()) ? Optional.of(Plan.read(planFile())) : Optional.empty();
    }

    /** Returns what the store was made from; nothing where it is unfinished, or where the index is damaged and must be made anew. */
    Optional<StoreIndex> index() throws IOException {
        if (!Files.exists(indexFile())) {
            return Optional.empty();
        }
        try {
            return Optional.of(Yaml.read(indexFile(), StoreIndex.class));
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException damaged) {
            return Optional.empty();
        }
    }

    /** Returns the source files of the store's cases. */
    Sources sources(Dataset dataset) throws IOException {
        Instant written = Files.exists(indexFile())
                ? Files.getLastModifiedTime(indexFile()).toInstant()
                : Instant.MIN;
        return new Sources(dataset, index(), written);
    }

    /** Returns where a plan is kept that another one replaced. */
    Path kept(Plan replaced) {
        return path.resolve("plan-" + replaced.hash() + ".yaml");
    }

    /** Writes the plan; one of a person's that differs stays beside it under a name with its hash. */
    void replacePlan(Plan plan) throws IOException {
        Optional<Plan> before = plan();
        if (before.isPresent()) {
            if (before.get().equals(plan)) {
                return;
            }
            Files.copy(planFile(), kept(before.get()), StandardCopyOption.REPLACE_EXISTING);
        }
        plan.write(planFile());
    }

    /**
     * Checks that the folder, which need not exist, is empty or holds a store of {@code dataset}, finished or not.
     *
     * @throws IOException if it holds something else
     */
    void requireOwn(String dataset) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        if (!Files.isDirectory(path)) {
            throw new IOException("[" + path + "] is a file; give a folder for the prepared cases");
        }
        if (index().isEmpty()) {
            // An unfinished store has been locked. Others too call their files .case: without a lock nothing here is
            // ours.
            Optional<String> foreign = FolderLock.foreign(path, name -> false);
            if (foreign.isPresent() && FolderLock.wasTaken(path)) { // In this order: another shard may begin just now.
                foreign = FolderLock.foreign(path, StoreFolder::isOwn);
            }
            if (foreign.isPresent()) {
                throw new IOException("[" + path + "] is not empty and holds no prepared cases, but " + foreign.get()
                        + "; give an empty or new folder");
            }
        }
        Optional<String> other = plan().map(Plan::dataset);
        if (other.isPresent() && !other.get().equals(dataset)) {
            throw new IOException("[" + path + "] holds the prepared dataset " + other.get() + ", not " + dataset
                    + "; give another folder or delete this one");
        }
    }

    private static boolean isOwn(String name) {
        return isCase(name)
                || name.equals(INDEX)
                || CaseWriter.isUnfinished(name)
                || name.equals(Prepare.FINGERPRINT)
                || (name.startsWith("plan") && name.endsWith(".yaml"));
    }

    /** Returns the identifiers of all whole cases, sorted, whether or not the index has them. */
    List<String> casesThere() throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(StoreFolder::isCase)
                    .map(StoreFolder::idOf)
                    .sorted()
                    .toList();
        }
    }

    /** Returns whether a file of this name is a whole case. */
    static boolean isCase(String name) {
        return name.endsWith(CaseFormat.SUFFIX);
    }

    /** Returns the identifier of the case in a file of this name. */
    static String idOf(String name) {
        return name.substring(0, name.length() - CaseFormat.SUFFIX.length());
    }
}
