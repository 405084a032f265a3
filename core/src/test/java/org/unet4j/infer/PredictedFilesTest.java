package org.unet4j.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Nifti;
import org.unet4j.io.Progress;
import org.unet4j.io.Shard;
import org.unet4j.prep.TrainingRanges;
import org.unet4j.torch.Device;
import org.unet4j.torch.OneThread;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

/** What prediction leaves beside labels. */
@ExtendWith(OneThread.class)
class PredictedFilesTest {

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
        write("a.nii.gz", SavedRuns.ct(2, 0));
        write("b.nii.gz", SavedRuns.ct(1, 0));
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
        assertThat(entry.classes().orElseThrow())
                .isEqualTo(new TreeMap<>(Map.of(0, "background", 1, "front", 2, "back")));
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
        write("a.nii.gz", SavedRuns.ct(1, 0));
        predict(run, Shard.WHOLE, Existing.FAIL);
        Files.delete(folder.resolve("out/a.nii.gz"));
        Files.createDirectories(folder.resolve("out/a.nii.gz/full"));
        assertThatThrownBy(() -> predict(SavedRuns.write(folder, "other", 8, 1), Shard.WHOLE, Existing.OVERWRITE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("[a.nii.gz] could not be written");
        assertThat(Manifest.read(folder.resolve("out/manifest.json")).labels()).isEmpty();
    }

    @Test
    void aPictureShowsThreeSlicesWithOutlines() throws IOException {
        write("a.nii.gz", SavedRuns.ct(1, 0));
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
        write("coarse.nii.gz", SavedRuns.ct(5, 0));
        write("shifted.nii.gz", SavedRuns.ct(1, 1024));
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
        write("within.nii.gz", SavedRuns.ct(1.4, 0)); // at most 1.5 times finer or coarser than any
        write("fine.nii.gz", SavedRuns.ct(1.2, 0));
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
    void aPictureOfSomebodyElseIsNotReplaced() throws IOException {
        write("a.nii.gz", SavedRuns.ct(1, 0));
        Path picture =
                Files.writeString(Files.createDirectories(folder.resolve("out")).resolve("a.preview.png"), "mine");
        assertThatThrownBy(() -> predict(run, Shard.WHOLE, Existing.FAIL))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a.preview.png] is there already");
        assertThat(picture).hasContent("mine");
        assertThat(folder.resolve("out/a.nii.gz")).doesNotExist();
    }

    @Test
    void aScanThatIsBeingSegmentedElsewhereIsLeftToIt() throws IOException {
        write("a.nii.gz", SavedRuns.ct(2, 0));
        write("b.nii.gz", SavedRuns.ct(1, 0));
        Path out = Files.createDirectories(folder.resolve("out"));
        try (ScanClaim elsewhere = ScanClaim.take(out, "b").orElseThrow()) {
            assertThat(ScanClaim.take(out, "b")).isEmpty();
            assertThatThrownBy(() -> predict(run, Shard.WHOLE, Existing.OVERWRITE))
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "[" + out.resolve("b.nii.gz") + "] is being written by another process meanwhile, and was"
                                    + " left to it: stop one of the two, or give each its --shard, or both --existing skip,"
                                    + " with which they share the scans");
            assertThat(out.resolve("a.nii.gz")).exists();
            Predictions shared = predict(run, Shard.WHOLE, Existing.SKIP);
            assertThat(shared.written()).isEmpty();
            assertThat(shared.skipped()).containsExactly(out.resolve("a.nii.gz"), out.resolve("b.nii.gz"));
        }
        Files.createFile(out.resolve(".b.lock")); // as a process that was killed leaves it
        assertThat(predict(run, Shard.WHOLE, Existing.SKIP).written()).containsExactly(out.resolve("b.nii.gz"));
        assertThat(out.resolve(".b.lock")).doesNotExist();
        assertThat(Manifest.read(out.resolve("manifest.json")).labels()).hasSize(2);
    }
}
