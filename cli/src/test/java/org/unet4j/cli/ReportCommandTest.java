package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a person gets a page of what they trained. */
class ReportCommandTest {
    @TempDir
    static Path folder;

    private final Path out = folder.resolve("out.txt");
    private final Path err = folder.resolve("err.txt");

    @BeforeAll
    static void train() throws IOException, InterruptedException {
        TinyPhantoms.prepare(folder);
        Files.writeString(
                folder.resolve("config.yaml"), "steps: 2\nmachine: {checkpointEvery: 2}\nvalidation: {every: 0}\n");
        Files.createDirectories(folder.resolve("raw"));
        assertThat(start(
                        "train",
                        "ct",
                        "--model",
                        "unet",
                        "--fold",
                        "0",
                        "--plan",
                        "small.yaml",
                        "--config",
                        "config.yaml",
                        "--out",
                        "unet"))
                .isEqualTo(Main.DONE);
        assertThat(start(
                        "benchmark",
                        "ct",
                        "--models",
                        "unet,resunet",
                        "--plan",
                        "small.yaml",
                        "--config",
                        "config.yaml",
                        "--out",
                        "compared"))
                .isEqualTo(Main.DONE);
        Files.createDirectories(folder.resolve("bench"));
        Files.writeString(folder.resolve("bench/benchmark.yaml"), "dataset: ct\n");
        Files.createDirectories(folder.resolve("ended"));
        Files.writeString(folder.resolve("ended/results.json"), "{}");
    }

    private static int start(String... arguments) throws IOException, InterruptedException {
        return EndToEndTest.start(folder, folder.resolve("out.txt"), folder.resolve("err.txt"), Main.class, arguments)
                .waitFor();
    }

    private int report(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("report"));
        command.addAll(List.of(arguments));
        return start(command.toArray(String[]::new));
    }

    private static String page(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    @Test
    void aTrainingLeavesAPageThatTheCommandMakesAnew() throws IOException, InterruptedException {
        String left = page("unet/report.html");
        assertThat(left)
                .contains("unet learned from 4 cases of", "for 2 steps", "On one validation case")
                .contains("unet4j train ct --model unet --fold 0 --config config.yaml --plan small.yaml")
                .contains("id=\"slice0\"", "Spacing of slices (z)", "Volume of each class");
        assertThat(report("unet")).isEqualTo(Main.DONE);
        assertThat(out).content().isEqualTo("wrote " + Path.of("unet/report.html") + System.lineSeparator());
        assertThat(page("unet/report.html")).isEqualTo(left);
    }

    @Test
    void aPageToPassOnHasNoImages() throws IOException, InterruptedException {
        assertThat(report("unet", "--no-images", "--out", "passed-on.html")).isEqualTo(Main.DONE);
        assertThat(err).content().isEmpty();
        assertThat(page("passed-on.html"))
                .contains("unet learned from 4 cases of")
                .doesNotContain("id=\"slice0\"", "data:image/png")
                .hasSizeLessThan(page("unet/report.html").length() / 2);
        assertThat(report("unet", "--no-images", "--dataset", "ct")).isEqualTo(Main.USAGE);
        assertThat(err).content().contains("give one of the two");
    }

    /** The same run twice: its scores differ from its own by nothing. */
    @Test
    void trainingsStandSideBySide() throws IOException, InterruptedException {
        assertThat(report("unet", "unet", "--dataset", "ct")).isEqualTo(Main.DONE);
        String name = Files.readString(out).strip().substring("wrote ".length());
        assertThat(name).startsWith(Path.of("work/report/unet-unet-").toString());
        assertThat(page(name))
                .contains("2 runs side by side: unet, unet (2).", "On the same one validation case", "id=\"slice0\"");
    }

    @Test
    void pagesOfOtherTrainingsHaveOtherNames() {
        String one = ReportCommand.name(List.of(Path.of("a"), Path.of("b")));
        assertThat(one).startsWith("a-b-").isEqualTo(ReportCommand.name(List.of(Path.of("./a"), Path.of("b"))));
        assertThat(ReportCommand.name(List.of(Path.of("a"), Path.of("c")))).isNotEqualTo(one);
        assertThat(ReportCommand.name(List.of(Path.of("a"), Path.of("elsewhere/b"))))
                .startsWith("a-b-")
                .isNotEqualTo(one);
        assertThat(ReportCommand.name(Collections.nCopies(99, Path.of("a long name"))))
                .hasSizeLessThan(100);
    }

    @Test
    void whatIsWrongIsSaidInOneLine() throws IOException, InterruptedException {
        assertThat(report("raw")).isEqualTo(Main.FAILED);
        assertThat(err)
                .content()
                .startsWith("unet4j: [raw] holds no benchmark, no cross-validation that is finished and no training");
        assertThat(report("elsewhere")).isEqualTo(Main.FAILED);
        assertThat(err).content().startsWith("unet4j: [elsewhere] is not a folder");
        assertThat(report("bench")).isEqualTo(Main.FAILED);
        assertThat(err).content().startsWith("unet4j: [bench] holds a benchmark that is not finished");
        assertThat(report("unet", "ended")).isEqualTo(Main.USAGE);
        assertThat(err).content().startsWith("unet4j: [ended] holds a benchmark, which is reported alone");
        assertThat(report("unet", "--dataset", "nowhere")).isEqualTo(Main.FAILED);
        assertThat(err).content().startsWith("unet4j: [nowhere] does not exist");
        Files.writeString(folder.resolve("mine.html"), "<p>of a person</p>");
        assertThat(report("unet", "--out", "mine.html")).isEqualTo(Main.FAILED);
        assertThat(err).content().contains("mine.html] already exists: it is no report of unet4j and stays as it is");
        assertThat(folder.resolve("mine.html")).content().isEqualTo("<p>of a person</p>");
    }

    /** Where the dataset lies is known; a run that is damaged, and a dataset that was moved, cost the page what they had and no more. */
    @Test
    void aBenchmarkIsReportedAsFarAsItIsThere() throws IOException, InterruptedException {
        String left = page("compared/report.html");
        assertThat(left.contains("data:image/png")).isTrue();
        assertThat(report("compared")).isEqualTo(Main.DONE);
        assertThat(err).content().isEmpty();
        assertThat(page("compared/report.html").equals(left)).as("made anew").isTrue();
        assertThat(report("compared", "--no-images")).isEqualTo(Main.DONE);
        assertThat(err).content().isEmpty();
        assertThat(page("compared/report.html").contains("data:image/png")).isFalse();

        Path metrics = folder.resolve("compared/runs/unet-seed1/metrics.jsonl");
        byte[] curves = Files.readAllBytes(metrics);
        Files.writeString(metrics, "{\n");
        Files.move(folder.resolve("ct"), folder.resolve("ct-moved"));
        try {
            assertThat(report("compared")).isEqualTo(Main.PARTLY);
            assertThat(err)
                    .content()
                    .contains("no pictures: the dataset is not in [")
                    .contains("ct] any more; --dataset DATASET says where it is")
                    .contains("unet4j: unet-seed1: its curves are left out: [metrics.jsonl] line 1 is no entry");
            assertThat(page("compared/report.html").contains("its curves are left out: "))
                    .isTrue();
            assertThat(report("compared", "--dataset", "ct-moved", "--json")).isEqualTo(Main.PARTLY);
            assertThat(out).content().contains("\"leftOut\":[\"unet-seed1: its curves");
            assertThat(page("compared/report.html").contains("data:image/png")).isTrue();
        } finally {
            Files.move(folder.resolve("ct-moved"), folder.resolve("ct"));
            Files.write(metrics, curves);
        }
    }

    /** Whoever deletes predictions is told why there are no pictures; where they are damaged the failures say so, and nothing else. */
    @Test
    void predictionsThatAreGoneAreNoneThatAreDamaged() throws IOException, InterruptedException {
        Path predictions = folder.resolve("compared/predictions");
        Path kept = Files.move(predictions, folder.resolve("kept"));
        try {
            assertThat(report("compared")).isEqualTo(Main.DONE);
            assertThat(err).content().contains("no pictures: no prediction is left of a case of ");
            try (Stream<Path> files = Files.walk(kept)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path damaged = predictions.resolve(kept.relativize(file));
                    Files.createDirectories(damaged.getParent());
                    Files.write(damaged, new byte[5]);
                }
            }
            assertThat(report("compared")).isEqualTo(Main.PARTLY);
            assertThat(err)
                    .content()
                    .contains("unet4j: unet-seed1, ", ": no picture: [")
                    .doesNotContain("no pictures");
            assertThat(page("compared/report.html").contains("data:image/png")).isFalse();
        } finally {
            try (Stream<Path> files = Files.walk(predictions)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
            Files.move(kept, predictions);
        }
    }

    @Test
    void aDatasetWhosePathIsNoneCostsThePicturesOnly() throws IOException, InterruptedException {
        Path source = folder.resolve("compared/dataset.yaml");
        String whole = Files.readString(source);
        Files.writeString(source, "folder: \"a\\0b\"\n");
        try {
            assertThat(report("compared", "--out", "without.html")).isEqualTo(Main.DONE);
            assertThat(err)
                    .content()
                    .contains("no pictures: [" + Path.of("compared/dataset.yaml") + "] key 'folder': is no path")
                    .contains("--dataset DATASET says where it is");
            assertThat(page("without.html").contains("data:image/png")).isFalse();
        } finally {
            Files.writeString(source, whole);
        }
    }

    /** The page is the least of a training: where it cannot be written the training has ended well all the same. */
    @Test
    void aTrainingWhosePageCannotBeWrittenHasEndedWell() throws IOException, InterruptedException {
        Path page = folder.resolve("unet/report.html");
        String ours = Files.readString(page);
        Files.writeString(page, "<p>of a person</p>");
        assertThat(start("train", "ct", "--model", "unet", "--fold", "0", "--resume", "--steps", "2", "--out", "unet"))
                .isEqualTo(Main.DONE);
        assertThat(out).content().contains("trained 2 steps");
        assertThat(err).content().contains("no report of the run could be written", "`report unet` tries again");
        assertThat(page).content().isEqualTo("<p>of a person</p>");
        Files.writeString(page, ours);
    }
}
