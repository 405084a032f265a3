package org.unet4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.unet4j.io.Dataset;
import org.unet4j.prep.Store;

/** Where results go when {@code --out} does not say: under {@code work/} in the current folder. */
final class Workspace {
    private static final Path ROOT = Path.of("work");

    private Workspace() {}

    /** Returns the dataset's name in paths: that of its folder, which is unique where names in dataset.json are not. */
    static String nameOf(Dataset dataset) {
        return nameOf(dataset.folder());
    }

    /** Returns the name in paths of the dataset in {@code folder}, which need not exist yet. */
    static String nameOf(Path folder) {
        return folder.toAbsolutePath().normalize().getFileName().toString();
    }

    /** Returns the folder of the embedded synthetic dataset. */
    static Path phantom() {
        return ROOT.resolve("phantom");
    }

    /** Returns the folder of the synthetic scans of full size. */
    static Path fullPhantom() {
        return ROOT.resolve("phantom-full");
    }

    /** Returns the folder of the prepared cases of a dataset. */
    static Path prepared(String dataset) {
        return ROOT.resolve("prepared").resolve(dataset);
    }

    /** Returns all prepared datasets that can be opened; of one that is being prepared just now a report has no need. */
    static List<Store> stores() throws IOException {
        List<Store> stores = new ArrayList<>();
        Path all = ROOT.resolve("prepared");
        if (Files.isDirectory(all)) {
            try (Stream<Path> folders = Files.list(all)) {
                for (Path folder : folders.sorted().toList()) {
                    opened(folder).ifPresent(stores::add);
                }
            }
        }
        return stores;
    }

    private static Optional<Store> opened(Path folder) {
        try {
            return Optional.of(Store.open(folder));
        } catch (IOException unfinished) {
            return Optional.empty(); // Or no store at all.
        }
    }

    /** Returns the page about several trainings. */
    static Path report(String name) {
        return ROOT.resolve("report").resolve(name + ".html");
    }

    /** Returns the folder of one training. */
    static Path run(String dataset, String model, String fold) {
        return ROOT.resolve("runs").resolve(dataset + "-" + model + "-" + fold);
    }

    /** Returns the page that shows what augmentation makes of a case. */
    static Path augmentPreview(String dataset, String caseId) {
        return ROOT.resolve("augment-preview").resolve(dataset + "-" + caseId + ".html");
    }

    /** Returns the folder of one benchmark. */
    static Path benchmark(String dataset) {
        return ROOT.resolve("benchmark").resolve(dataset);
    }

    /** Returns the folder of one cross-validation. */
    static Path crossValidation(String dataset) {
        return ROOT.resolve("cross-validation").resolve(dataset);
    }

    /** Returns the folder of one measurement of throughput. */
    static Path throughput(String dataset) {
        return ROOT.resolve("throughput").resolve(dataset);
    }
}
