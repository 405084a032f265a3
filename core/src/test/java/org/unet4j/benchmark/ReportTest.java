package org.unet4j.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.eval.CaseScore;
import org.unet4j.io.Dataset;
import org.unet4j.io.Nifti;
import org.unet4j.prep.Store;
import org.unet4j.report.BenchmarkPage;
import org.unet4j.report.Failure;
import org.unet4j.torch.Device;
import org.unet4j.train.RunFolder;
import org.unet4j.train.Team;
import org.unet4j.train.TrainConfig;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

/** The page of a benchmark some of whose files are damaged or gone, with scores and curves that nobody measured. */
class ReportTest {

    private static final Run UNET = new Run("unet", 1);
    private static final Run RESUNET = new Run("resunet", 1);
    private static final String STEP = "{\"step\":%d,\"epoch\":0,\"seconds\":1.0,\"loss\":0.5,\"learningRate\":0.01,"
            + "\"gradientNorm\":1.0,\"voxelsPerSecond\":1.0,\"waitShare\":0.0,\"skipped\":false}\n";

    @TempDir
    Path folder;

    private Dataset dataset;
    private Store store;
    private BenchmarkFolder out;

    @BeforeEach
    void benchmark() throws IOException {
        dataset = Worlds.dataset(folder.resolve("Balls"));
        store = Worlds.store(dataset, folder.resolve("prepared"));
        out = new BenchmarkFolder(folder.resolve("out"));
        assertThat(lead(BenchmarkListener.silent())).isPresent();
    }

    private Optional<?> lead(BenchmarkListener listener) throws IOException {
        TrainConfig training = TrainConfig.defaults("unet", store.plan(), Device.cpu());
        return new Benchmark(
                        BenchmarkConfig.of(List.of("unet", "resunet"), "fold 0", training),
                        store,
                        dataset,
                        Worlds.SPLIT,
                        out.path(),
                        Device.cpu(),
                        "unet4j benchmark Balls")
                .lead(Team.alone(), listener, this::made);
    }

    private Optional<RunScores> made(Run run) throws IOException {
        RunFolder training = new RunFolder(out.run(run));
        Files.createDirectories(training.path());
        store.plan().write(training.plan());
        Files.writeString(training.metrics(), STEP.formatted(1) + STEP.formatted(2));
        List<CaseScore> cases = new ArrayList<>();
        for (String id : Worlds.SPLIT.validation()) {
            cases.add(new CaseScore(id, new TreeMap<>(Map.of(1, 0.75))));
            Path prediction = out.prediction(run, id);
            Files.createDirectories(prediction.getParent());
            Nifti.write(prediction, Nifti.readLabels(dataset.folder().resolve("labelsTr/" + id + ".nii.gz")));
        }
        OptionalLong none = OptionalLong.empty();
        return Optional.of(
                new RunScores(run.network(), run.seed(), cases, 1, 2, 3, 4, 0, 1, none, none, Worlds.PROVENANCE));
    }

    private BenchmarkPage page() throws IOException {
        return Report.of(out.path(), Optional.of(dataset));
    }

    private static List<String> leftOut(BenchmarkPage page) {
        return page.extras().failures().stream()
                .filter(Failure::leavesOut)
                .map(Failure::text)
                .toList();
    }

    @Test
    void wholeNothingIsLeftOut() throws IOException {
        BenchmarkPage page = page();
        assertThat(page.extras().failures()).isEmpty();
        assertThat(page.extras().loss()).hasSize(2);
        assertThat(page.extras().plan()).contains(store.plan());
    }

    @Test
    void damagedCurvesOfOneRunLeaveThoseOfTheOther() throws IOException {
        Files.write(new RunFolder(out.run(UNET)).metrics(), new byte[] {'{', (byte) 0xff, '\n'});
        BenchmarkPage page = page();
        assertThat(leftOut(page))
                .containsExactly(
                        "unet-seed1: its curves are left out: [metrics.jsonl] is no text in UTF-8: it is damaged");
        assertThat(page.extras().loss()).hasSize(1);
        assertThat(page.extras().pictures()).isNotEmpty();
        assertThat(page.html())
                .contains(">Failures<", "its curves are left out", "runs that cannot be read")
                .doesNotContain(folder.toString());
        Files.writeString(new RunFolder(out.run(UNET)).metrics(), STEP.formatted(1) + "\0\0\n");
        assertThat(leftOut(page())).hasSize(1).first().asString().contains("[metrics.jsonl] line 2 is no entry");
    }

    @Test
    void aDamagedPlanIsThatOfAnotherRun() throws IOException {
        Files.writeString(new RunFolder(out.run(UNET)).plan(), "patch: 7\n");
        BenchmarkPage page = page();
        assertThat(leftOut(page)).hasSize(1).first().asString().startsWith("unet-seed1: its plan is left out: [plan.");
        assertThat(page.extras().plan()).contains(store.plan());
        assertThat(page.extras().loss()).hasSize(2);
    }

    @Test
    void damagedScoresAndLabelMapsLeaveThePicturesOfTheOtherNetwork() throws IOException {
        Files.writeString(out.scores(UNET), "{");
        assertThat(leftOut(page())).isNotEmpty().allMatch(text -> text.contains("no picture: [scores/unet-seed1."));
        assertThat(page().extras().pictures().get(0).outlines())
                .extracting(outline -> outline.network())
                .containsExactly("resunet");
        for (String id : Worlds.SPLIT.validation()) {
            Files.write(out.prediction(RESUNET, id), new byte[5]);
        }
        assertThat(page().extras().pictures()).isEmpty();
        assertThat(page().html()).contains("no picture: ");
    }

    @Test
    void labelMapsOfOtherScansAreNoPictures() throws IOException {
        Grid grid = Grid.of(new Shape(2, 3, 4), new Spacing(1, 1, 1));
        List<Path> images = new ArrayList<>();
        for (String id : Worlds.SPLIT.validation()) {
            Path image = dataset.folder().resolve("imagesTr/" + id + ".nii.gz");
            Files.write(image, new byte[9]);
            images.add(image);
        }
        assertThat(leftOut(page())).isNotEmpty().allMatch(text -> text.startsWith("the dataset, ball_"));
        for (Path image : images) {
            Nifti.write(image, Volume.of(grid, new float[24]));
            Nifti.write(
                    dataset.folder().resolve("labelsTr").resolve(image.getFileName()), new Labels(grid, new byte[24]));
        }
        BenchmarkPage page = page();
        assertThat(leftOut(page))
                .hasSize(4)
                .allMatch(text -> text.contains("do not fit the scan's"))
                .contains("resunet-seed1, ball_5: no picture: labels of (20, 22, 24) do not fit the scan's (2, 3, 4)");
        assertThat(page.extras().pictures()).isEmpty();
        assertThat(page.extras().volumes()).isEmpty();
        Nifti.write(out.prediction(RESUNET, "ball_5"), new Labels(grid, new byte[24]));
        assertThat(page().extras().pictures()).hasSize(1);
        assertThat(page().extras().pictures().get(0).outlines())
                .extracting(outline -> outline.network())
                .containsExactly("resunet");
    }

    @Test
    void failuresOfPicturesNameTheFoldAsThoseOfCurvesDo() throws IOException {
        Files.writeString(new RunFolder(out.run(UNET)).metrics(), "no entry\n");
        Files.write(out.prediction(UNET, "ball_4"), new byte[5]);
        for (String name : List.of("runs", "scores", "predictions")) {
            Path moved = CrossValidation.fold(out.path(), 0).resolve(name);
            Files.createDirectories(moved.getParent());
            Files.move(out.path().resolve(name), moved);
        }
        Files.createDirectories(CrossValidation.fold(out.path(), 1));
        List<String> texts = leftOut(page());
        assertThat(texts).hasSize(2);
        assertThat(texts.get(0)).startsWith("unet-seed1, fold-0: its curves are left out: ");
        assertThat(texts.get(1)).startsWith("unet-seed1, fold-0, ball_4: no picture: [");
    }

    @Test
    void damagedResultsAreToldWithTheCommandThatMendsThemAndMissingOnesAsMissing() throws IOException {
        Files.writeString(out.results(), "{}");
        assertThatIOException()
                .isThrownBy(this::page)
                .withMessageContaining(out.results().toString())
                .withMessageEndingWith(
                        "; the command of the benchmark, given again, writes it anew from the scores of its runs");
        Files.delete(out.results());
        assertThatIOException()
                .isThrownBy(this::page)
                .isInstanceOf(FileNotFoundException.class)
                .withMessageEndingWith("there is no such file");
    }

    @Test
    void itIsKnownWhereTheDatasetLay() throws IOException {
        assertThat(out.openDataset()).isEqualTo(dataset);
        Path moved = Files.move(dataset.folder(), folder.resolve("moved"), StandardCopyOption.ATOMIC_MOVE);
        assertThatIOException()
                .isThrownBy(out::openDataset)
                .withMessage("the dataset is not in [" + dataset.folder() + "] any more");
        assertThat(Report.of(out.path(), Optional.of(Dataset.open(moved)))
                        .extras()
                        .pictures())
                .isNotEmpty();
        Path source = out.path().resolve("dataset.yaml");
        Files.writeString(source, "folder: \"a\\0b\"\n");
        assertThatIOException()
                .isThrownBy(out::openDataset)
                .withMessage("[" + source + "] key 'folder': is no path: Nul character not allowed");
        Files.writeString(source, "folder: \"\"\n");
        assertThatIOException()
                .isThrownBy(out::openDataset)
                .withMessage("[" + source + "] key 'folder': '' is no absolute path");
        Files.delete(source); // As earlier versions leave it.
        assertThatIOException().isThrownBy(out::openDataset).withMessage("where the dataset lay was not kept");
        assertThat(Report.of(out.path(), Optional.empty()).extras().failures()).isEmpty();
    }

    @Test
    void theEndOfABenchmarkTellsWhatItsPageLacks() throws IOException {
        Files.writeString(new RunFolder(out.run(RESUNET)).metrics(), "no entry\n");
        List<String> told = new ArrayList<>();
        lead(new BenchmarkListener() {
            @Override
            public void recovered(String what) {
                told.add(what);
            }
        });
        assertThat(told).hasSize(1);
        assertThat(told.get(0)).startsWith("report: resunet-seed1: its curves are left out: [metrics.jsonl] line 1");
    }
}
