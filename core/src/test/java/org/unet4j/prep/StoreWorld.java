package org.unet4j.prep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;

/** A dataset of four cases on disk, and a folder for its store. */
final class StoreWorld {

    final Path data;
    final Path folder;
    Dataset dataset;

    StoreWorld(Path temporary) throws IOException {
        data = temporary.resolve("data");
        folder = temporary.resolve("store");
        dataset = Worlds.dataset(data, 4);
    }

    /** Returns how many cases were prepared. */
    int prepare(Plan plan) throws IOException {
        AtomicInteger count = new AtomicInteger();
        Store.prepare(dataset, plan, folder, 2, (what, done, total) -> count.incrementAndGet());
        return count.get();
    }

    /** Leaves the dataset with these cases only. */
    void keep(List<Case> cases) {
        dataset = new Dataset(
                dataset.name(), dataset.folder(), dataset.channelNames(), dataset.classes(), cases, List.of());
    }

    List<String> files() throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    Path caseFile(int number) {
        return folder.resolve("case_" + number + ".case");
    }
}
