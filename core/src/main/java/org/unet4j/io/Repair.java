package org.unet4j.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * What was changed in a mended copy of a dataset or of a file. Mended is what can be without guessing; all else, and every file
 * that needs nothing, is copied byte for byte. Inspecting the copy tells what is left for a person.
 *
 * @param folder where the copy lies
 * @param changes what was changed, in the order of the files' names
 * @param copied how many files were copied as they are; a pair of .hdr and .img counts as one
 * @param skipped how many hidden files, such as macOS's {@code ._*}, were left out
 */
public record Repair(Path folder, List<Change> changes, int copied, int skipped) {

    /**
     * Something that was changed in a copy.
     *
     * @param file its path in the copy, with slashes
     * @param what what was changed and why
     */
    public record Change(String file, String what) {}

    private record Work(List<Path> images, Optional<Path> labels) {}

    public Repair {
        changes = List.copyOf(changes);
    }

    /** Returns the command that mends some of {@code problems} in a copy of the dataset in {@code folder}; empty if it mends none. */
    public static Optional<String> advice(Path folder, Collection<Problem> problems) {
        long mendable = problems.stream().filter(Problem::isMendable).count();
        if (mendable == 0) {
            return Optional.empty();
        }
        String path = folder.toString();
        String copy = path + "-mended";
        boolean isPlain = path.matches("[\\w./:\\\\-]+");
        return Optional.of((mendable == problems.size() ? "all" : mendable + " of " + problems.size())
                + " can be mended in a copy: ./unet4j inspect "
                + (isPlain ? path + " --repair " + copy : "\"" + path + "\" --repair \"" + copy + "\""));
    }

    /**
     * Writes a mended copy of a dataset, with everything that lies in its folder: a label map with its image's shape and another
     * place takes the image's geometry; labels stored as floating-point or scaled numbers that are whole become uint8, or uint16 above 255; a
     * qform or pixdim that contradicts the sform is derived from it; files that are not compressed as their names say are;
     * {@code dataset.json} counts what is there, lists nothing twice, and names files as they are called.
     *
     * @param target must not exist or be empty, and not lie in the dataset's folder; appears whole
     * @throws IOException if there is something in {@code target}, or reading or writing fails; damaged files are copied
     */
    public static Repair of(Dataset dataset, Path target, int threads, Progress progress) throws IOException {
        Path source = dataset.folder();
        requireApart(source, target);
        List<Work> work = work(dataset);
        List<Path> others = new ArrayList<>();
        int skipped = 0;
        Set<Path> inCases = new HashSet<>();
        Set<Path> withPartners = new HashSet<>();
        for (Work one : work) {
            inCases.addAll(one.images());
            one.labels().ifPresent(inCases::add);
        }
        for (Path file : inCases) {
            withPartners.addAll(NiftiFiles.all(file));
        }
        for (Path file : files(source)) {
            if (isHidden(source.relativize(file))) {
                skipped++;
            } else if (!withPartners.contains(file) && !file.equals(source.resolve(Dataset.DESCRIPTION))) {
                others.add(file);
            }
        }
        List<Change> changes = new ArrayList<>();
        AtomicFolder.write(target, partial -> changes.addAll(copy(dataset, work, others, partial, threads, progress)));
        int all = inCases.size() + others.size() + 1;
        int changed = (int) changes.stream().map(Change::file).distinct().count();
        return new Repair(target, changes, all - changed, skipped);
    }

    /**
     * Writes a mended copy of one file into a folder, under its own name. A label map can be told by {@code image}, whose shape
     * it must have; without it the file is taken for an image.
     *
     * @param target must not exist or be empty
     * @throws IOException if there is something in {@code target}, or the file cannot be read or the copy written
     */
    public static Repair of(Path file, Optional<Path> image, Path target) throws IOException {
        if (!NiftiFiles.isNamed(file)) {
            throw new IOException("[" + file.getFileName()
                    + "] is not named as a scan (.nii or .nii.gz, or .hdr and .img):" + " rename or convert it first");
        }
        String name = file.getFileName().toString();
        for (Path one : NiftiFiles.all(file)) {
            FileBytes.requireFile(one.getFileName().toString(), one);
        }
        List<Change> changes = new ArrayList<>();
        AtomicFolder.write(target, partial -> {
            Path copy = partial.resolve(name);
            List<String> changed =
                    image.isPresent() ? FileRepair.labels(file, copy, image) : FileRepair.image(file, copy);
            changed.forEach(what -> changes.add(new Change(name, what)));
        });
        return new Repair(target, changes, changes.isEmpty() ? 1 : 0, 0);
    }

    private static void requireApart(Path source, Path target) throws IOException {
        AtomicFolder.requireFree(target);
        Path existing = target.toAbsolutePath().normalize();
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing.toRealPath().startsWith(source)) {
            throw new IOException("[" + target + "] lies in the dataset's folder; choose one outside of it");
        }
    }

    /** Returns the files of each case; one that several cases name belongs to the first. */
    private static List<Work> work(Dataset dataset) throws IOException {
        Set<Path> taken = new HashSet<>();
        List<Work> work = new ArrayList<>();
        List<Case> cases = Stream.concat(dataset.training().stream(), dataset.test().stream())
                .toList();
        for (Case one : cases) {
            for (Path file : one.files()) {
                if (!file.startsWith(dataset.folder())) {
                    throw new IOException("[" + file + "] lies outside the dataset's folder; copy it there and correct "
                            + Dataset.DESCRIPTION + " first");
                }
            }
            List<Path> images = one.images().stream().filter(taken::add).toList();
            Optional<Path> labels = one.labels().filter(taken::add);
            if (!images.isEmpty()) {
                work.add(new Work(images, labels));
            }
        }
        return work;
    }

    private static List<Change> copy(
            Dataset dataset, List<Work> work, List<Path> others, Path partial, int threads, Progress progress)
            throws IOException {
        Path source = dataset.folder();
        List<Change> changes = new ArrayList<>();
        AtomicInteger done = new AtomicInteger();
        try {
            List<List<Change>> byCase = InOrder.map(work, threads, one -> {
                List<Change> changed = mend(one, source, partial);
                progress.update("mending cases", done.incrementAndGet(), work.size());
                return changed;
            });
            for (Path file : others) {
                Path to = partial.resolve(source.relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
            DescriptionRepair.write(dataset, partial.resolve(Dataset.DESCRIPTION))
                    .forEach(what -> changes.add(new Change(Dataset.DESCRIPTION, what)));
            byCase.forEach(changes::addAll);
            return changes;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static List<Change> mend(Work work, Path source, Path target) {
        List<Change> changes = new ArrayList<>();
        try {
            for (Path image : work.images()) {
                add(changes, source, image, FileRepair.image(image, target.resolve(source.relativize(image))));
            }
            if (work.labels().isPresent()) {
                Path labels = work.labels().get();
                Path image = target.resolve(source.relativize(work.images().get(0)));
                Path copy = target.resolve(source.relativize(labels));
                add(changes, source, labels, FileRepair.labels(labels, copy, Optional.of(image)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return changes;
    }

    private static void add(List<Change> changes, Path source, Path file, List<String> what) {
        String name = source.relativize(file).toString().replace('\\', '/');
        what.forEach(one -> changes.add(new Change(name, one)));
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            return tree.filter(Files::isRegularFile).sorted().toList();
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof FileSystemLoopException loop) {
                throw new IOException(
                        "[" + loop.getFile() + "] is a link to a folder that it lies in: a copy of it would never end;"
                                + " remove the link",
                        loop);
            }
            throw e.getCause();
        }
    }

    private static boolean isHidden(Path relative) {
        for (Path name : relative) {
            if (name.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }
}
