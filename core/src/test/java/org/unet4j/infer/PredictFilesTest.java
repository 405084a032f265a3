package org.unet4j.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.unet4j.infer.PredictorWorld.CLASSES;
import static org.unet4j.infer.PredictorWorld.CPU;
import static org.unet4j.infer.PredictorWorld.SCAN;
import static org.unet4j.infer.PredictorWorld.grid;
import static org.unet4j.infer.PredictorWorld.plan;
import static org.unet4j.infer.PredictorWorld.scan;
import static org.unet4j.infer.PredictorWorld.spec;
import static org.unet4j.infer.PredictorWorld.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Nifti;
import org.unet4j.io.Progress;
import org.unet4j.io.Shard;
import org.unet4j.model.Network;
import org.unet4j.torch.OneThread;
import org.unet4j.torch.Precision;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Volume;

/** Scans in files, their labels in files. */
@ExtendWith(OneThread.class)
class PredictFilesTest {

    @TempDir
    Path folder;

    private Network network;

    @BeforeEach
    void buildNetwork() {
        network = spec(1).build(7);
    }

    @AfterEach
    void freeNetwork() {
        network.close();
    }

    private Predictor predictor(double spacing) {
        return Predictor.of(LibtorchEngine.of(network, 1, CLASSES, CPU, Precision.FP32), plan(1, spacing));
    }

    private Path write(String name, Volume volume) throws IOException {
        Path file = Files.createDirectories(folder.resolve("in")).resolve(name);
        Nifti.write(file, volume);
        return file;
    }

    /** A hundredfold resolution takes 5.6 GB; the scan beside it is as fine already. */
    @Test
    void aScanTooLargeForTheHeapStopsNoOther() throws IOException {
        assumeTrue(Runtime.getRuntime().maxMemory() < 5_000_000_000L, "skipped: the heap holds the scan");
        write("a.nii.gz", volume(grid(1), 1));
        write("b.nii.gz", volume(grid(0.01), 2));
        Predictions predictions = predictor(0.01)
                .predictFiles(List.of(folder.resolve("in")), folder.resolve("out"), Existing.FAIL, Progress.silent());
        assertThat(predictions.written()).containsExactly(folder.resolve("out/b.nii.gz"));
        assertThat(predictions.failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.reason())
                        .contains("a.nii.gz] needs more than the heap of")
                        .contains("UNET4J_JAVA_OPTS=-Xmx"));
    }

    @Test
    void aFolderThatCannotBeWrittenIsRefusedBeforeAnyScanIsSegmented() throws IOException {
        write("a.nii.gz", volume(grid(1), 1));
        Path file = Files.writeString(folder.resolve("file"), "x");
        List<String> heard = new ArrayList<>();
        assertThatThrownBy(() -> predictor(1)
                        .predictFiles(
                                List.of(folder.resolve("in")),
                                file,
                                Existing.OVERWRITE,
                                (what, done, total) -> heard.add(what)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no file can be written there");
        assertThat(heard).isEmpty();
    }

    /** A scan takes minutes where it is large: the networks' runs are heard, one by one, mirrored ones and those of each network too. */
    @Test
    void howFarAScanHasComeIsHeardWhileItIsSegmented() throws IOException {
        write("a.nii.gz", volume(grid(1), 1));
        write("b.nii.gz", volume(grid(1), 2));
        List<Progress.Part> parts = new ArrayList<>();
        List<Long> done = new ArrayList<>();
        Progress progress = new Progress() {
            @Override
            public void update(String what, long scans, long total) {}

            @Override
            public void update(String what, long scans, long total, Part next) {
                done.add(scans);
                parts.add(next);
            }
        };
        Predictor one = predictor(1);
        SlidingWindow mirrored = one.window().withMirroring(List.of(0, 2));
        Predictor.ensemble(List.of(one.withWindow(mirrored), predictor(1).withWindow(mirrored)))
                .predictFiles(List.of(folder.resolve("in")), folder.resolve("out"), Existing.FAIL, progress);
        long runs = 2 * 4 * one.window().windows(SCAN);
        assertThat(parts).hasSize((int) (2 * runs));
        for (int i = 0; i < parts.size(); i++) {
            boolean first = i < runs;
            assertThat(done.get(i)).isEqualTo(first ? 0 : 1);
            assertThat(parts.get(i)).isEqualTo(new Progress.Part(first ? "a" : "b", i % runs + 1, runs, "windows"));
        }
    }

    /** Nothing can be put where a folder with something in it stands: as on a full disk, every further scan would fail too. */
    @Test
    void labelsThatCannotBeWrittenAreNoFaultOfTheScan() throws IOException {
        write("a.nii.gz", volume(grid(1), 1));
        Path out = folder.resolve("out");
        Files.createDirectories(out.resolve("a.nii.gz/full"));
        assertThatThrownBy(() -> predictor(1)
                        .predictFiles(List.of(folder.resolve("in")), out, Existing.OVERWRITE, Progress.silent()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("[a.nii.gz] could not be written");
    }

    @Test
    void filesGetTheirScansNameAndGeometryAndABrokenScanStopsNoOther() throws IOException {
        Grid oblique = new Grid(
                SCAN, new Affine(0.8, -0.6, 0, -31.5, 0.6, 0.8, 0, 12.25, 0, 0, 1.5, 100)); // mm, a turned head
        Path first = write("a.nii.gz", volume(oblique, 1));
        Path broken = write("b.nii.gz", volume(grid(1), 2));
        Files.write(broken, new byte[] {1, 2, 3});
        write("c.nii", volume(grid(1), 3));
        Path out = folder.resolve("out");
        List<String> heard = new ArrayList<>();
        Predictions predictions = predictor(1)
                .predictFiles(
                        List.of(folder.resolve("in")),
                        out,
                        Existing.FAIL,
                        (what, done, total) -> heard.add(what + " " + done + "/" + total));
        assertThat(predictions.written()).containsExactly(out.resolve("a.nii.gz"), out.resolve("c.nii.gz"));
        assertThat(predictions.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.scan()).isEqualTo("b");
            assertThat(failure.reason()).contains("b.nii.gz");
        });
        assertThat(heard).containsExactly("segmenting 0/3", "segmenting 1/3", "segmenting 2/3", "segmenting 3/3");
        Labels written = Nifti.readLabels(out.resolve("a.nii.gz"));
        Scan scan = new Scan("a", List.of(Nifti.read(first)));
        assertThat(written.grid()).isEqualTo(scan.grid());
        assertThat(written.voxels().bytes())
                .isEqualTo(predictor(1).predict(scan).voxels().bytes());
        assertThat(Nifti.readHeader(out.resolve("a.nii.gz")).affine())
                .isEqualTo(Nifti.readHeader(first).affine());
    }

    @Test
    void labelsThatAreThereAreNeverReplacedUnasked() throws IOException {
        write("a.nii.gz", volume(grid(1), 1));
        write("b.nii.gz", volume(grid(1), 2));
        Path out = Files.createDirectories(folder.resolve("out"));
        Files.writeString(out.resolve("b.nii.gz"), "kept");
        List<Path> in = List.of(folder.resolve("in"));
        assertThatThrownBy(() -> predictor(1).predictFiles(in, out, Existing.FAIL, Progress.silent()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("b.nii.gz] is there already and nothing was written");
        assertThat(out.resolve("a.nii.gz")).doesNotExist();

        Predictions skipping = predictor(1).predictFiles(in, out, Existing.SKIP, Progress.silent());
        assertThat(skipping.skipped()).containsExactly(out.resolve("b.nii.gz"));
        assertThat(skipping.written()).containsExactly(out.resolve("a.nii.gz"));
        assertThat(out.resolve("b.nii.gz")).hasContent("kept");

        Predictions overwriting = predictor(1).predictFiles(in, out, Existing.OVERWRITE, Progress.silent());
        assertThat(overwriting.written()).hasSize(2);
        assertThat(Nifti.readLabels(out.resolve("b.nii.gz")).grid()).isEqualTo(grid(1));
    }

    @Test
    void shardsWriteEachItsScansIntoOneFolder() throws IOException {
        for (String name : List.of("c", "a", "b")) {
            write(name + ".nii.gz", volume(grid(1), 1));
        }
        List<Path> in = List.of(folder.resolve("in"));
        Path out = folder.resolve("out");
        Predictor predictor = predictor(1);
        assertThat(predictor
                        .predictFiles(
                                PredictionRequest.of(in, out)
                                        .withShard(new Shard(2, 2))
                                        .withExisting(Existing.FAIL),
                                Progress.silent())
                        .written())
                .containsExactly(out.resolve("b.nii.gz"));
        assertThat(predictor
                        .predictFiles(
                                PredictionRequest.of(in, out)
                                        .withShard(new Shard(1, 2))
                                        .withExisting(Existing.FAIL),
                                Progress.silent())
                        .written())
                .as("what the other shard wrote is none of its business")
                .containsExactly(out.resolve("a.nii.gz"), out.resolve("c.nii.gz"));
        assertThatThrownBy(() -> predictor.predictFiles(
                        PredictionRequest.of(in, out).withShard(new Shard(2, 2)).withExisting(Existing.FAIL),
                        Progress.silent()))
                .hasMessageContaining("b.nii.gz] is there already");
        assertThat(predictor
                        .predictFiles(
                                PredictionRequest.of(in, out)
                                        .withShard(new Shard(4, 4))
                                        .withExisting(Existing.FAIL),
                                Progress.silent())
                        .written())
                .isEmpty();
        assertThatThrownBy(() -> predictor.predictFiles(
                        PredictionRequest.of(in, folder.resolve("in"))
                                .withShard(new Shard(4, 4))
                                .withExisting(Existing.OVERWRITE),
                        Progress.silent()))
                .as("a scan of another shard")
                .hasMessageContaining("its labels would replace it");
        Path numbered = write("d_0000.nii.gz", volume(grid(1), 1));
        assertThatThrownBy(() -> predictor.predictFiles(
                        PredictionRequest.of(List.of(numbered), folder.resolve("in"))
                                .withShard(new Shard(1, 2))
                                .withExisting(Existing.FAIL),
                        Progress.silent()))
                .hasMessageContaining("other shards would take labels there for scans");
    }

    @Test
    void labelsNeverReplaceTheScan() throws IOException {
        Path scan = write("a.nii.gz", volume(grid(1), 1));
        byte[] before = Files.readAllBytes(scan);
        assertThatThrownBy(() -> predictor(1)
                        .predictFiles(
                                List.of(scan), folder.resolve("out/../in"), Existing.OVERWRITE, Progress.silent()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("its labels would replace it");
        assertThat(scan).hasBinaryContent(before);
    }

    @Test
    void aScanInSeveralFilesIsOneScanAndAMissingChannelIsNamed() throws IOException {
        write("p_0000.nii.gz", volume(grid(1), 1));
        write("p_0001.nii.gz", volume(grid(1), 2));
        write("q_0000.nii.gz", volume(grid(1), 1));
        try (Network two = spec(2).build(3)) {
            Predictions predictions = Predictor.of(LibtorchEngine.of(two, 2, CLASSES, CPU, Precision.FP32), plan(2, 1))
                    .predictFiles(
                            List.of(folder.resolve("in")), folder.resolve("out"), Existing.FAIL, Progress.silent());
            assertThat(predictions.written()).containsExactly(folder.resolve("out/p.nii.gz"));
            assertThat(predictions.failures())
                    .singleElement()
                    .satisfies(failure -> assertThat(failure.reason()).contains("q_0001.nii.gz] is missing"));
        }
    }
}
