package org.unet4j.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Json;

class ManifestTest {

    private static final Manifest.Entry ENTRY = new Manifest.Entry(
            List.of("abc"),
            "world",
            "1.0 abc",
            "engine",
            0.5,
            List.of(),
            new PostProcessing(new TreeMap<>()),
            Optional.empty(),
            1,
            Optional.of(new TreeMap<>(Map.of(0, "background", 1, "organ"))),
            new TreeMap<>(),
            List.of());

    @TempDir
    Path folder;

    private void write(String name) throws IOException {
        Json.write(Manifest.entryFile(folder, name), ENTRY);
        Files.writeString(folder.resolve(name + ".nii.gz"), "labels");
    }

    private Manifest gathered() throws IOException {
        return Manifest.read(folder.resolve("manifest.json"));
    }

    @Test
    void anEntryWithoutLabelsIsOfAProcessThatWasKilled() throws IOException {
        write("a");
        Json.write(Manifest.entryFile(folder, "b"), ENTRY);
        Manifest.gather(folder);
        assertThat(gathered().labels()).containsOnlyKeys("a.nii.gz");
        assertThat(gathered().labels().get("a.nii.gz")).isEqualTo(ENTRY);
    }

    @Test
    void anEntryOfAVersionThatKnewNoNumbersIsStillRead() throws IOException {
        write("a");
        Path file = Manifest.entryFile(folder, "a");
        String without = Files.readString(file).replaceFirst("(?s)\\s*\"classes\" : \\{\\s*\"0\".*?\\},", "");
        assertThat(without).doesNotContain("organ");
        Files.writeString(file, without);
        assertThat(Manifest.entryOf(folder.resolve("a.nii.gz")).orElseThrow().classes())
                .isEmpty();
        assertThat(Manifest.entryOf(folder.resolve("b.nii.gz"))).isEmpty();
    }

    @Test
    void nothingIsWrittenWhereThereIsNothingToSay() throws IOException {
        Manifest.gather(folder);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void labelsThatAreAboutToBeReplacedAreInNoManifest() throws IOException {
        write("a");
        Manifest.gather(folder);
        Manifest.remove(folder, "a");
        assertThat(folder.resolve("manifest.json")).doesNotExist();
        Manifest.gather(folder);
        assertThat(gathered().labels()).isEmpty();
    }

    /** Eight writers at once, as processes that share nothing but the folder: each gathers when it ends, while others add and replace. */
    @Test
    void whoeverGathersLastHasTheEntriesOfAll() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 10; round++) {
                List<Callable<Void>> writers = new ArrayList<>();
                for (int writer = 0; writer < 8; writer++) {
                    String prefix = round + "-" + writer + "-";
                    writers.add(() -> {
                        for (int i = 0; i < 5; i++) {
                            write(prefix + i);
                            Manifest.remove(folder, prefix + i);
                            write(prefix + i);
                        }
                        Manifest.gather(folder);
                        return null;
                    });
                }
                for (Future<Void> done : threads.invokeAll(writers)) {
                    done.get();
                }
                assertThat(gathered().labels()).hasSize((round + 1) * 8 * 5);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void anEntryOfSomebodyElseIsNamed() throws IOException {
        Files.writeString(folder.resolve("a.prediction.json"), "{\"other\": 1}");
        Files.writeString(folder.resolve("a.nii.gz"), "labels");
        assertThatThrownBy(() -> Manifest.gather(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a.prediction.json");
    }
}
