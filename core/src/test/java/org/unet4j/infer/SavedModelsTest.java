package org.unet4j.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Nifti;
import org.unet4j.io.Progress;
import org.unet4j.io.Yaml;
import org.unet4j.torch.Device;
import org.unet4j.torch.OneThread;
import org.unet4j.torch.Precision;
import org.unet4j.torch.Provenance;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Volume;

/** Models as people keep and give them: runs, packages, several together. */
@ExtendWith(OneThread.class)
class SavedModelsTest {

    @TempDir
    Path folder;

    private Path run;

    @BeforeEach
    void saveARun() throws IOException {
        run = SavedRuns.write(folder, "run", 7, 1);
    }

    private Path write(String name, Volume volume) throws IOException {
        Path file = Files.createDirectories(folder.resolve("in")).resolve(name);
        Nifti.write(file, volume);
        return file;
    }

    @Test
    void aPackagePredictsAsItsRunAndNamesNoCase() throws IOException {
        Path file = folder.resolve("pancreas.u4j");
        Files.writeString(run.resolve("split.json"), "{\"training\": [\"patient_42\"]}");
        ModelPackage.write(run, Weights.LAST, "Research only.", file);
        write("a.nii.gz", SavedRuns.ct(1, 0));
        Scan scan = new Scan("a", List.of(SavedRuns.ct(1, 0)));
        byte[] expected;
        try (Predictor predictor = Predictor.load(run, Device.cpu())) {
            expected = predictor.predict(scan).voxels().bytes();
        }
        try (Predictor predictor = Predictor.load(file, Device.cpu())) {
            assertThat(predictor.predict(scan).voxels().bytes()).isEqualTo(expected);
            assertThat(predictor.weightsSha256()).containsExactly(ModelPackage.sha256(run.resolve("last.safetensors")));
        }
        List<String> names = ModelPackage.open(file, unpacked -> {
            try (var files = Files.list(unpacked)) {
                return files.map(path -> path.getFileName().toString()).sorted().toList();
            }
        });
        assertThat(names).containsExactly("contents.json", "last.safetensors", "plan.yaml");
        assertThatThrownBy(() -> ModelPackage.write(run, Weights.LAST, "x", file))
                .hasMessageContaining("is there already");
        assertThatThrownBy(() -> ModelPackage.write(run, Weights.BEST, "x", folder.resolve("b.u4j")))
                .hasMessageContaining("holds no best.safetensors");
    }

    /** Names of folders may be those of a study or a clinic. */
    @Test
    void aPackageSaysWhatMadeItAndNotWhatAPersonTyped() throws IOException {
        Provenance made = new Provenance("0.1.0", "abc1234", "17", "Linux", "a processor", "2.10.0", 0, "CPU", 2);
        Path file = folder.resolve("m.u4j");
        Yaml.write(
                run.resolve("provenance.yaml"),
                made.with(Optional.of("unet4j train ../clinic/smith_study --model unet --fold 0")));
        ModelPackage.write(run, Weights.LAST, "x", file);
        String packed = ModelPackage.open(file, unpacked -> Files.readString(unpacked.resolve("provenance.yaml")));
        assertThat(packed).doesNotContain("smith_study");
        assertThat(Yaml.parse(file, packed, Provenance.class)).isEqualTo(made);
    }

    @Test
    void postProcessingBesideTheWeightsIsAppliedAndPacked() throws IOException {
        Scan scan = new Scan("a", List.of(SavedRuns.ct(1, 0)));
        PostProcessing largest = new PostProcessing(new TreeMap<>(Map.of(
                1, new PostProcessing.Rule(true, 0, false),
                2, new PostProcessing.Rule(true, 0, false))));
        Labels raw;
        try (Predictor predictor = Predictor.load(run, Device.cpu())) {
            raw = predictor.predict(scan);
        }
        byte[] expected = largest.apply(raw).voxels().bytes();
        assertThat(expected).isNotEqualTo(raw.voxels().bytes());
        Yaml.write(run.resolve("postprocessing.yaml"), largest);
        Path file = folder.resolve("post.u4j");
        ModelPackage.write(run, Weights.LAST, "x", file);
        for (Path model : List.of(run, file)) {
            try (Predictor predictor = Predictor.load(model, Device.cpu())) {
                assertThat(predictor.postProcessing()).isEqualTo(largest);
                assertThat(predictor.predict(scan).voxels().bytes()).isEqualTo(expected);
            }
        }
    }

    @Test
    void postProcessingOfClassesThatTheNetworkDoesNotHaveIsRefused() throws IOException {
        Yaml.write(
                run.resolve("postprocessing.yaml"),
                new PostProcessing(new TreeMap<>(Map.of(7, new PostProcessing.Rule(true, 0, false)))));
        assertThatThrownBy(() -> Predictor.load(run, Device.cpu()))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("postprocessing.yaml] names classes [7]; the network's are [1, 2]");
        assertThatThrownBy(() -> ModelPackage.write(run, Weights.LAST, "x", folder.resolve("m.u4j")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("names classes [7]");
        assertThat(folder.resolve("m.u4j")).doesNotExist();
    }

    @Test
    void packagesThatAreDamagedChangedOrOfAnotherFormatAreRefused() throws IOException {
        Path file = folder.resolve("m.u4j");
        ModelPackage.write(run, Weights.LAST, "x", file);
        byte[] bytes = Files.readAllBytes(file);
        Path bad = folder.resolve("bad.u4j");
        Files.write(bad, Arrays.copyOf(bytes, bytes.length / 2));
        assertThatThrownBy(() -> Predictor.load(bad, Device.cpu()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("bad.u4j] is no package of unet4j, or damaged");
        Files.write(bad, new byte[0]);
        assertThatThrownBy(() -> Predictor.load(bad, Device.cpu())).isInstanceOf(IOException.class);

        Path other = SavedRuns.write(folder, "other", 8, 1);
        Path otherFile = folder.resolve("other.u4j");
        ModelPackage.write(other, Weights.LAST, "x", otherFile);
        rewrite(file, bad, "last.safetensors", Files.readAllBytes(other.resolve("last.safetensors")));
        assertThatThrownBy(() -> Predictor.load(bad, Device.cpu()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("was changed after it was made: last.safetensors");
        rewrite(file, bad, "contents.json", "{\"format\":2,\"new\":1}".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> Predictor.load(bad, Device.cpu()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("of another format")
                .hasMessageContaining("use the one that wrote it");
    }

    @Test
    void anEnsembleOfOneNetworkTwiceIsThatNetwork() throws IOException {
        Scan scan = new Scan("a", List.of(SavedRuns.ct(1, 0)));
        try (Predictor once = Predictor.load(run, Device.cpu());
                Predictor twice = Predictor.ensemble(
                        List.of(Predictor.load(run, Device.cpu()), Predictor.load(run, Device.cpu())));
                Predictor mixed = Predictor.ensemble(List.of(
                        Predictor.load(run, Device.cpu()),
                        Predictor.load(SavedRuns.write(folder, "other", 8, 1), Device.cpu())))) {
            byte[] labels = once.predict(scan).voxels().bytes();
            assertThat(twice.predict(scan).voxels().bytes()).isEqualTo(labels);
            assertThat(mixed.predict(scan).voxels().bytes()).isNotEqualTo(labels);
            assertThat(mixed.weightsSha256()).hasSize(2).doesNotHaveDuplicates();
        }
        Path coarse = SavedRuns.write(folder, "coarse", 7, 3);
        try (Predictor first = Predictor.load(run, Device.cpu());
                Predictor second = Predictor.load(coarse, Device.cpu())) {
            assertThatThrownBy(() -> Predictor.ensemble(List.of(first, second)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("must prepare scans in the same way");
        }
    }

    @Test
    void weightsThatChangeWhileNetworksTakeTurnsAreNoticed() throws IOException {
        Scan scan = new Scan("a", List.of(SavedRuns.ct(1, 0)));
        Path other = SavedRuns.write(folder, "other", 8, 1);
        Path third = SavedRuns.write(folder, "third", 9, 1);
        try (Predictor turns = Predictor.ensembleOneAtATime(
                List.of(() -> Predictor.load(run, Device.cpu()), () -> Predictor.load(other, Device.cpu())))) {
            byte[] labels = turns.predict(scan).voxels().bytes();
            assertThat(turns.predict(scan).voxels().bytes()).isEqualTo(labels);
            Files.copy(
                    third.resolve("last.safetensors"),
                    other.resolve("last.safetensors"),
                    StandardCopyOption.REPLACE_EXISTING);
            write("a.nii.gz", SavedRuns.ct(1, 0));
            assertThatThrownBy(() -> turns.predictFiles(
                            List.of(folder.resolve("in")), folder.resolve("out"), Existing.FAIL, Progress.silent()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("have changed since the prediction began");
        }
    }

    @Test
    void severalThreadsGetWhatOneGets() throws Exception {
        Scan scan = new Scan("a", List.of(SavedRuns.ct(1, 0)));
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try (Predictor predictor = Predictor.load(run, Weights.LAST, Device.cpu(), Precision.FP32)) {
            byte[] expected = predictor.predict(scan).voxels().bytes();
            List<Callable<byte[]>> work = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                work.add(() -> predictor.predict(scan).voxels().bytes());
            }
            for (Future<byte[]> result : threads.invokeAll(work)) {
                assertThat(result.get()).isEqualTo(expected);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void rewrite(Path from, Path to, String name, byte[] content) throws IOException {
        try (var in = new ZipFile(from.toFile());
                var out = new ZipOutputStream(Files.newOutputStream(to))) {
            for (var entry : Collections.list(in.entries())) {
                out.putNextEntry(new ZipEntry(entry.getName()));
                out.write(
                        entry.getName().equals(name)
                                ? content
                                : in.getInputStream(entry).readAllBytes());
                out.closeEntry();
            }
        }
    }
}
