package org.unet4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.infer.Predictor;
import org.unet4j.io.Dataset;
import org.unet4j.io.Nifti;
import org.unet4j.io.Phantom;
import org.unet4j.io.Progress;
import org.unet4j.io.Split;
import org.unet4j.io.Splits;
import org.unet4j.prep.Budget;
import org.unet4j.prep.Prepare;
import org.unet4j.prep.Store;
import org.unet4j.torch.Device;
import org.unet4j.train.TrainConfig;
import org.unet4j.train.TrainListener;
import org.unet4j.train.TrainRequest;
import org.unet4j.train.Trainer;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Scan;

/** The README's example of the library, which is these lines, works. */
class ReadmeTest {
    @TempDir
    Path folder;

    @Test
    void theExampleOfTheReadmeRuns() throws IOException {
        Path dataset = folder.resolve("dataset");
        Phantom.write(dataset, Phantom.Settings.small(), 5, 1, Progress.silent());
        Path scan = dataset.resolve("imagesTr/phantom_000.nii.gz");
        Path labelled = folder.resolve("labels.nii.gz");
        int steps = 2;
        example(dataset, scan, labelled, steps, folder.resolve("prepared"), folder.resolve("run"));
        assertThat(Nifti.readHeader(labelled).grid())
                .isEqualTo(Nifti.readHeader(scan).grid());
    }

    private static void example(Path dataset, Path scan, Path labelled, int steps, Path prepared, Path run)
            throws IOException {
        // README: from here
        Device device = Device.best();
        Store store = Prepare.planned(Dataset.open(dataset), Budget.COMPACT, prepared, 2, Progress.silent());
        Split split = Splits.fiveFold(store.ids()).get(0);
        TrainConfig config =
                TrainConfig.defaults("attention-resunet", store.plan(), device).withSteps(steps);
        Trainer.train(TrainRequest.of(config, store, split, run, device, TrainListener.silent(), () -> false));
        try (Predictor predictor = Predictor.load(run, device)) {
            Labels labels = predictor.predict(new Scan("ct", Nifti.readChannels(scan)));
            Nifti.write(labelled, labels);
        }
        // README: to here
    }

    @Test
    void theReadmeShowsTheseLines() throws IOException {
        Path root = Path.of("").toAbsolutePath().getParent();
        String source = Files.readString(root.resolve("core/src/test/java/org/unet4j/ReadmeTest.java"));
        String between = source.split("// README: from here\n")[1].split("\n *// README: to here")[0];
        List<String> lines = between.lines().map(String::strip).toList();
        String readme = Files.readString(root.resolve("README.md"))
                .lines()
                .map(String::strip)
                .reduce("", (all, line) -> all + line + "\n");
        assertThat(readme).contains(String.join("\n", lines));
    }
}
