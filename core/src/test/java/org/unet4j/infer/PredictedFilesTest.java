package org.unet4j.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
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
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Nifti;
import org.unet4j.io.Progress;
import org.unet4j.io.Shard;
import org.unet4j.io.Yaml;
import org.unet4j.model.ModelFile;
import org.unet4j.model.ModelSpec;
import org.unet4j.model.Network;
import org.unet4j.prep.Budget;
import org.unet4j.prep.Channel;
import org.unet4j.prep.CropRule;
import org.unet4j.prep.Normalization;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Resampling;
import org.unet4j.prep.Topology;
import org.unet4j.prep.TrainingRanges;
import org.unet4j.torch.Device;
import org.unet4j.torch.OneThread;
import org.unet4j.torch.Precision;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

/** What prediction leaves beside labels, and models in one file. */
@ExtendWith(OneThread.class)
class PredictedFilesTest {

    private static final Shape SCAN = new Shape(10, 14, 12);

    @TempDir
    Path folder;

    private Path run;

    @BeforeEach
    void saveARun() throws IOException {
        run = run("run", 7, 1);
    }

    private static Topology topology() {
        return new Topology(
                List.of(Shape.cube(1), Shape.cube(2)), List.of(Shape.cube(3), Shape.cube(3)), List.of(4, 8));
    }

    private Path run(String name, long seed, double spacing) throws IOException {
        Path made = Files.createDirectories(folder.resolve(name));
        Plan plan = new Plan(
                "world",
                List.of(new Channel("CT", new Normalization.CtWindow(-160, 240, 40, 100))),
                new TreeMap<>(Map.of(0, "background", 1, "front", 2, "back")),
                CropRule.NONE,
                new Spacing(spacing, spacing, spacing),
                Resampling.standard(),
                SCAN,
                Budget.COMPACT,
                Shape.cube(8),
                2,
                topology());
        plan.write(made.resolve("plan.yaml"));
        ModelSpec spec = ModelSpec.of("unet", 1, 3, topology());
        try (Network network = spec.build(seed)) {
            ModelFile.save(made.resolve("last.safetensors"), network, spec, plan);
        }
        return made;
    }

    /** A CT of a few tissues between air, stored as scanners do. */
    private static Volume ct(double spacing, int rescale) {
        short[] voxels = new short[SCAN.arrayLength()];
        for (int i = 0; i < voxels.length; i++) {
            int x = i % SCAN.x();
            voxels[i] = (short) ((x < 3 ? -1000 : 37 * i % 300 - 100) + rescale);
        }
        return Volume.of(Grid.of(SCAN, new Spacing(spacing, spacing, spacing)), voxels);
    }

    private Path write(String name, Volume volume) throws IOException {
        Path file = Files.createDirectories(folder.resolve("in")).resolve(name);
        Nifti.write(file, volume);
        return file;
    }

    private Predictions predict(Path model, Shard shard, Existing existing) throws IOException {
        try (Predictor predictor = Predictor.load(model, Device.cpu())) {
            return predictor.predictFiles(
                    PredictionRequest.of(List.of(folder.resolve("in")), folder.resolve("out"))
                            .withShard(shard)
                            .withExisting(existing),
                    Progress.silent());
        }
    }

    @Test
    void theManifestSaysWhatLabelsWereMadeWithAndHowMuchThereIs() throws IOException {
        write("a.nii.gz", ct(2, 0));
        write("b.nii.gz", ct(1, 0));
        predict(run, Shard.WHOLE, Existing.FAIL);
        Manifest manifest = Manifest.read(folder.resolve("out/manifest.json"));
        assertThat(manifest.labels()).containsOnlyKeys("a.nii.gz", "b.nii.gz");
        Manifest.Entry entry = manifest.labels().get("a.nii.gz");
        long[] counts = Nifti.readLabels(folder.resolve("out/a.nii.gz")).counts();
        assertThat(counts[1] + counts[2]).isPositive();
        assertThat(entry.volumesMl().get("front")).isCloseTo(counts[1] * 0.008, within(1e-9)); // 2 mm cubes
        assertThat(entry.volumesMl().get("back")).isCloseTo(counts[2] * 0.008, within(1e-9));
        assertThat(entry.weightsSha256()).containsExactly(ModelPackage.sha256(run.resolve("last.safetensors")));
        assertThat(entry.engine()).contains("libtorch").contains("CPU");
        assertThat(entry.dataset()).isEqualTo("world");
        assertThat(entry.warnings()).isEmpty();
        assertThat(Files.readString(folder.resolve("out/manifest.json")))
                .doesNotContain(folder.toString())
                .doesNotContain("imagesTr");

        Files.delete(folder.resolve("out/b.nii.gz"));
        Predictions again = predict(run, Shard.WHOLE, Existing.SKIP);
        assertThat(again.written()).containsExactly(folder.resolve("out/b.nii.gz"));
        assertThat(Manifest.read(folder.resolve("out/manifest.json")).labels().get("a.nii.gz"))
                .as("what was skipped keeps its entry")
                .isEqualTo(entry);
        predict(run, new Shard(2, 2), Existing.OVERWRITE);
        assertThat(Manifest.read(folder.resolve("out/manifest.json")).labels())
                .as("shards gather all there is")
                .containsOnlyKeys("a.nii.gz", "b.nii.gz");
    }

    @Test
    void labelsThatCannotBeReplacedHaveNoEntryThatWouldBeWrong() throws IOException {
        write("a.nii.gz", ct(1, 0));
        predict(run, Shard.WHOLE, Existing.FAIL);
        Files.delete(folder.resolve("out/a.nii.gz"));
        Files.createDirectories(folder.resolve("out/a.nii.gz/full"));
        assertThatThrownBy(() -> predict(run("other", 8, 1), Shard.WHOLE, Existing.OVERWRITE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("[a.nii.gz] could not be written");
        assertThat(Manifest.read(folder.resolve("out/manifest.json")).labels()).isEmpty();
    }

    @Test
    void aPictureShowsThreeSlicesWithOutlines() throws IOException {
        write("a.nii.gz", ct(1, 0));
        predict(run, Shard.WHOLE, Existing.FAIL);
        BufferedImage picture = ImageIO.read(folder.resolve("out/a.preview.png").toFile());
        assertThat(picture.getWidth()).isEqualTo(12 + 12 + 14);
        assertThat(picture.getHeight()).isEqualTo(14);
        int coloured = 0;
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                int rgb = picture.getRGB(x, y);
                coloured += (rgb & 0xff) != (rgb >> 8 & 0xff) || (rgb & 0xff) != (rgb >> 16 & 0xff) ? 1 : 0;
            }
        }
        assertThat(coloured).isPositive();
    }

    @Test
    void scansUnlikeThoseOfTheTrainingAreSegmentedWithAWarningInNumbers() throws IOException {
        write("coarse.nii.gz", ct(5, 0));
        write("shifted.nii.gz", ct(1, 1024));
        Predictions predictions = predict(run, Shard.WHOLE, Existing.FAIL);
        assertThat(predictions.written()).hasSize(2);
        assertThat(predictions.warnings())
                .filteredOn(warning -> warning.scan().equals("coarse"))
                .hasSize(3)
                .allSatisfy(warning ->
                        assertThat(warning.text()).contains("5.00 mm").contains("learnt at 1.00 mm"));
        assertThat(predictions.warnings())
                .filteredOn(warning -> warning.scan().equals("shifted"))
                .singleElement()
                .satisfies(warning -> assertThat(warning.text())
                        .contains("from 24 to")
                        .contains("-160 to 240 HU")
                        .contains("Hounsfield"));
        assertThat(Manifest.read(folder.resolve("out/manifest.json"))
                        .labels()
                        .get("coarse.nii.gz")
                        .warnings())
                .hasSize(3);
    }

    @Test
    void rangesOfTheTrainingCasesGoWithTheWeightsAndWarn() throws IOException {
        new TrainingRanges(
                        41, new Spacing(2, 1, 1), new Spacing(4, 1, 1), List.of(new TrainingRanges.Channel(-160, 240)))
                .write(run);
        Path file = folder.resolve("world.u4j");
        ModelPackage.write(run, Weights.LAST, "x", file);
        write("within.nii.gz", ct(1.4, 0)); // at most 1.5 times finer or coarser than any
        write("fine.nii.gz", ct(1.2, 0));
        for (Path model : List.of(run, file)) {
            assertThat(predict(model, Shard.WHOLE, Existing.OVERWRITE).warnings())
                    .singleElement()
                    .satisfies(warning -> {
                        assertThat(warning.scan()).isEqualTo("fine");
                        assertThat(warning.text())
                                .isEqualTo("its voxels are 1.20 mm along z; those of the 41 training cases are 2.00 to"
                                        + " 4.00 mm: check the header's spacing, and the labels");
                    });
        }
    }

    @Test
    void aPackagePredictsAsItsRunAndNamesNoCase() throws IOException {
        Path file = folder.resolve("pancreas.u4j");
        Files.writeString(run.resolve("split.json"), "{\"training\": [\"patient_42\"]}");
        ModelPackage.write(run, Weights.LAST, "Research only.", file);
        write("a.nii.gz", ct(1, 0));
        Scan scan = new Scan("a", List.of(ct(1, 0)));
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

    @Test
    void postProcessingBesideTheWeightsIsAppliedAndPacked() throws IOException {
        Scan scan = new Scan("a", List.of(ct(1, 0)));
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
    void aPictureOfSomebodyElseIsNotReplaced() throws IOException {
        write("a.nii.gz", ct(1, 0));
        Path picture =
                Files.writeString(Files.createDirectories(folder.resolve("out")).resolve("a.preview.png"), "mine");
        assertThatThrownBy(() -> predict(run, Shard.WHOLE, Existing.FAIL))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a.preview.png] is there already");
        assertThat(picture).hasContent("mine");
        assertThat(folder.resolve("out/a.nii.gz")).doesNotExist();
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

        Path other = run("other", 8, 1);
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

    @Test
    void anEnsembleOfOneNetworkTwiceIsThatNetwork() throws IOException {
        Scan scan = new Scan("a", List.of(ct(1, 0)));
        try (Predictor once = Predictor.load(run, Device.cpu());
                Predictor twice = Predictor.ensemble(
                        List.of(Predictor.load(run, Device.cpu()), Predictor.load(run, Device.cpu())));
                Predictor mixed = Predictor.ensemble(
                        List.of(Predictor.load(run, Device.cpu()), Predictor.load(run("other", 8, 1), Device.cpu())))) {
            byte[] labels = once.predict(scan).voxels().bytes();
            assertThat(twice.predict(scan).voxels().bytes()).isEqualTo(labels);
            assertThat(mixed.predict(scan).voxels().bytes()).isNotEqualTo(labels);
            assertThat(mixed.weightsSha256()).hasSize(2).doesNotHaveDuplicates();
        }
        Path coarse = run("coarse", 7, 3);
        try (Predictor first = Predictor.load(run, Device.cpu());
                Predictor second = Predictor.load(coarse, Device.cpu())) {
            assertThatThrownBy(() -> Predictor.ensemble(List.of(first, second)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("must prepare scans in the same way");
        }
    }

    @Test
    void weightsThatChangeWhileNetworksTakeTurnsAreNoticed() throws IOException {
        Scan scan = new Scan("a", List.of(ct(1, 0)));
        Path other = run("other", 8, 1);
        Path third = run("third", 9, 1);
        try (Predictor turns = Predictor.ensembleOneAtATime(
                List.of(() -> Predictor.load(run, Device.cpu()), () -> Predictor.load(other, Device.cpu())))) {
            byte[] labels = turns.predict(scan).voxels().bytes();
            assertThat(turns.predict(scan).voxels().bytes()).isEqualTo(labels);
            Files.copy(
                    third.resolve("last.safetensors"),
                    other.resolve("last.safetensors"),
                    StandardCopyOption.REPLACE_EXISTING);
            write("a.nii.gz", ct(1, 0));
            assertThatThrownBy(() -> turns.predictFiles(
                            List.of(folder.resolve("in")), folder.resolve("out"), Existing.FAIL, Progress.silent()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("have changed since the prediction began");
        }
    }

    @Test
    void severalThreadsGetWhatOneGets() throws Exception {
        Scan scan = new Scan("a", List.of(ct(1, 0)));
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
}
