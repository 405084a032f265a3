package org.unet4j.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Nifti;
import org.unet4j.io.Progress;
import org.unet4j.model.ModelSpec;
import org.unet4j.model.Network;
import org.unet4j.prep.Budget;
import org.unet4j.prep.Channel;
import org.unet4j.prep.CropRule;
import org.unet4j.prep.Normalization;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Resampling;
import org.unet4j.prep.Topology;
import org.unet4j.torch.Device;
import org.unet4j.torch.OneThread;
import org.unet4j.torch.Precision;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

/** A time series and a network of one channel: which volume is meant is the person's to say. */
@ExtendWith(OneThread.class)
class PredictVolumeTest {

    private static final Grid GRID = Grid.of(new Shape(8, 9, 10), new Spacing(2, 1, 1));
    private static final Topology TOPOLOGY =
            new Topology(List.of(Shape.cube(1), Shape.cube(2)), List.of(Shape.cube(3), Shape.cube(3)), List.of(4, 8));

    @TempDir
    Path folder;

    private static Plan plan(String... channels) {
        return new Plan(
                "world",
                List.of(channels).stream()
                        .map(name -> new Channel(name, new Normalization.ZScore()))
                        .toList(),
                new TreeMap<>(Map.of(0, "background", 1, "organ")),
                CropRule.NONE,
                GRID.spacing(),
                Resampling.standard(),
                GRID.shape(),
                Budget.COMPACT,
                Shape.cube(8),
                2,
                TOPOLOGY);
    }

    private static Volume time(int number) {
        short[] voxels = new short[GRID.shape().arrayLength()];
        Random random = new Random(number);
        for (int i = 0; i < voxels.length; i++) {
            voxels[i] = (short) random.nextInt(1000);
        }
        return Volume.of(GRID, voxels);
    }

    /** Writes a file of four axes by hand: a header that counts them and the voxels of each volume in turn. */
    private Path series(String name, int volumes) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < volumes; i++) {
            Path one = folder.resolve("one.nii");
            Nifti.write(one, time(i));
            byte[] bytes = Files.readAllBytes(one);
            all.write(bytes, i == 0 ? 0 : 352, bytes.length - (i == 0 ? 0 : 352));
        }
        byte[] bytes = all.toByteArray();
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(40, (short) 4)
                .putShort(48, (short) volumes);
        return Files.write(Files.createDirectories(folder.resolve("in")).resolve(name), bytes);
    }

    private interface Use {
        Predictions of(Predictor predictor, List<Path> inputs, Path out) throws IOException;
    }

    private Predictions predict(Plan plan, Use use) throws IOException {
        try (Network network =
                ModelSpec.of("unet", plan.channels().size(), 2, TOPOLOGY).build(7)) {
            return use.of(
                    Predictor.of(
                            LibtorchEngine.of(network, plan.channels().size(), 2, Device.cpu(), Precision.FP32), plan),
                    List.of(folder.resolve("in")),
                    folder.resolve("out"));
        }
    }

    private Predictions predictVolume(int volume) throws IOException {
        return predict(
                plan("MRI"),
                (predictor, in, out) ->
                        predictor.predictFiles(PredictionRequest.of(in, out).withVolume(volume), Progress.silent()));
    }

    private Predictions predictFiles(Plan plan) throws IOException {
        return predict(plan, (predictor, in, out) -> predictor.predictFiles(in, out, Existing.FAIL, Progress.silent()));
    }

    @Test
    void theChosenVolumeIsSegmentedOnTheScansGridInSpace() throws IOException {
        series("bold.nii", 3);
        assertThat(predictVolume(2).written()).containsExactly(folder.resolve("out/bold.nii.gz"));
        Labels labels = Nifti.readLabels(folder.resolve("out/bold.nii.gz"));
        assertThat(labels.grid()).isEqualTo(GRID);
        try (Network network = ModelSpec.of("unet", 1, 2, TOPOLOGY).build(7)) {
            Predictor predictor =
                    Predictor.of(LibtorchEngine.of(network, 1, 2, Device.cpu(), Precision.FP32), plan("MRI"));
            assertThat(labels.voxels().bytes())
                    .isEqualTo(predictor
                            .predict(new Scan("bold", List.of(time(2))))
                            .voxels()
                            .bytes())
                    .isNotEqualTo(predictor
                            .predict(new Scan("bold", List.of(time(1))))
                            .voxels()
                            .bytes());
        }
    }

    @Test
    void aScanWithoutThatVolumeStopsNoOther() throws IOException {
        series("bold.nii", 3);
        Nifti.write(folder.resolve("in/t1.nii"), time(0));
        Predictions predictions = predictVolume(1);
        assertThat(predictions.written()).hasSize(1);
        assertThat(predictions.failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.reason())
                        .isEqualTo("[t1.nii] holds 1 volume (10 x 9 x 8) and none with number 1: they are counted from"
                                + " 0"));
    }

    @Test
    void whoDoesNotSayWhichIsToldHow() throws IOException {
        Path file = series("bold.nii", 3);
        assertThat(predictFiles(plan("MRI")).failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.reason())
                        .isEqualTo("[" + file + "] holds 3 volumes, the network takes one: say which with --volume 0 to"
                                + " 2, counted from 0"));
        assertThat(predictFiles(plan("T1", "T2")).failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.reason())
                        .startsWith("[" + file + "] holds 3 volumes, the network takes 2 channels [T1, T2]: give"));
        series("bold.nii", 2);
        assertThat(predictFiles(plan("T1", "T2")).written()).hasSize(1);
    }

    @Test
    void aNetworkOfSeveralChannelsHasNoUseForOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> predict(
                        plan("T1", "T2"),
                        (predictor, in, out) -> predictor.predictFiles(
                                PredictionRequest.of(in, out).withVolume(0), Progress.silent())))
                .withMessageStartingWith("--volume is for networks of one channel, and this one takes 2 [T1, T2]");
    }
}
