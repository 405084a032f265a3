package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.augment.Augmentation;
import org.unet4j.infer.Predictor;
import org.unet4j.infer.Weights;
import org.unet4j.io.Nifti;
import org.unet4j.prep.Store;
import org.unet4j.torch.Device;
import org.unet4j.torch.OneThread;
import org.unet4j.torch.Precision;
import org.unet4j.volume.Scan;

/** What a processor with bf16 predicts, and one without, which computes in fp32. */
@ExtendWith(OneThread.class)
class PrecisionAgreementTest {

    @TempDir
    Path folder;

    @Test
    void labelsInBf16AreThoseInFp32InAtLeast999OfAThousandVoxels() throws IOException {
        Store store = TinyData.store(folder);
        Path run = folder.resolve("run");
        TinyRuns.train(
                TinyData.config(150)
                        .withLearningRate(0.01)
                        .withBatch(4)
                        .withValidateEvery(0)
                        .withAugmentation(Augmentation.none()),
                store,
                run,
                TrainListener.silent());
        long voxels = 0;
        long same = 0;
        long foreground = 0;
        try (Predictor exact = Predictor.load(run, Weights.LAST, Device.cpu(), Precision.FP32);
                Predictor rounded = Predictor.load(run, Weights.LAST, Device.cpu(), Precision.BF16)) {
            for (int i = 0; i < TinyData.CASES; i++) {
                Scan scan = new Scan("ball", List.of(Nifti.read(folder.resolve("raw/ball_" + i + ".nii"))));
                byte[] expected = exact.predict(scan).voxels().bytes();
                byte[] labels = rounded.predict(scan).voxels().bytes();
                for (int voxel = 0; voxel < labels.length; voxel++) {
                    voxels++;
                    same += labels[voxel] == expected[voxel] ? 1 : 0;
                    foreground += expected[voxel] > 0 ? 1 : 0;
                }
            }
        }
        assertThat(foreground).as("the network finds something").isGreaterThan(voxels / 50);
        assertThat((double) same / voxels).isGreaterThanOrEqualTo(0.999);
    }
}
