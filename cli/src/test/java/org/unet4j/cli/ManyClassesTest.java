package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Json;
import org.unet4j.io.Nifti;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Topology;
import org.unet4j.volume.Grid;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;
import org.unet4j.volume.VoxelType;

/** More classes than a byte holds, from files to scores. */
class ManyClassesTest {

    private static final int CLASSES = 300;
    private static final Grid GRID = Grid.of(new Shape(16, 20, 24), new Spacing(1, 1, 1));

    @TempDir
    Path folder;

    private String run(String... arguments) throws IOException, InterruptedException {
        Path err = folder.resolve("err.txt");
        int code = EndToEndTest.start(folder, folder.resolve("out.txt"), err, Main.class, arguments)
                .waitFor();
        assertThat(code).as("%s", Files.readString(err)).isEqualTo(Main.DONE);
        return Files.readString(folder.resolve("out.txt"));
    }

    /** Blocks of 2 x 2 x 2 voxels of a class each, from 0 to {@code most} - 1. */
    private static LabelArray blocks(int most) {
        LabelArray labels = LabelArray.background(GRID.shape().arrayLength(), CLASSES);
        for (int z = 0; z < 16; z++) {
            for (int y = 0; y < 20; y++) {
                for (int x = 0; x < 24; x++) {
                    int block = z / 2 * 120 + y / 2 * 12 + x / 2;
                    labels.set(GRID.shape().index(z, y, x), block % most);
                }
            }
        }
        return labels;
    }

    /** Intensity tells the class. One case has no class that takes two bytes. */
    private void dataset(Path data) throws IOException {
        LabelArray labels = blocks(CLASSES);
        float[] voxels = new float[labels.length()];
        for (int i = 0; i < voxels.length; i++) {
            voxels[i] = 1 + labels.get(i) + i % 7 * 0.01f;
        }
        TreeMap<String, String> names = new TreeMap<>();
        for (int cls = 0; cls < CLASSES; cls++) {
            names.put(Integer.toString(cls), cls == 0 ? "background" : "parcel " + cls);
        }
        for (String id : List.of("a", "b", "c", "d", "e")) {
            Nifti.write(data.resolve("imagesTr/" + id + ".nii.gz"), Volume.of(GRID, voxels));
            Nifti.write(
                    data.resolve("labelsTr/" + id + ".nii.gz"),
                    new Labels(GRID, id.equals("e") ? blocks(200) : labels));
        }
        Json.write(
                data.resolve("dataset.json"),
                Map.of(
                        "modality",
                        Map.of("0", "MRI"),
                        "labels",
                        names,
                        "training",
                        List.of("a", "b", "c", "d", "e").stream()
                                .map(id -> Map.of(
                                        "image",
                                        "./imagesTr/" + id + ".nii.gz",
                                        "label",
                                        "./labelsTr/" + id + ".nii.gz"))
                                .toList()));
    }

    @Test
    void threeHundredClassesArePreparedTrainedPredictedAndEvaluated() throws IOException, InterruptedException {
        dataset(folder.resolve("many"));
        run("prepare", "many");
        Plan derived = Plan.read(folder.resolve("work/prepared/many/plan.yaml"));
        assertThat(derived.classCount()).isEqualTo(CLASSES);
        Topology twoStages = new Topology(
                List.of(Shape.cube(1), Shape.cube(2)), List.of(Shape.cube(3), Shape.cube(3)), List.of(4, 8));
        derived.withTopology(twoStages).withPatch(Shape.cube(16)).withBatch(2).write(folder.resolve("small.yaml"));
        Files.writeString(folder.resolve("config.yaml"), "{numerics: {precision: fp32}}\n");
        List<String> train = List.of(
                "train",
                "many",
                "--model",
                "unet",
                "--fold",
                "0",
                "--steps",
                "2",
                "--plan",
                "small.yaml",
                "--config",
                "config.yaml",
                "--out",
                "run");
        run(train.toArray(String[]::new));
        run("predict", "run", "many/imagesTr/a.nii.gz", "--out", "predicted");
        Path predicted = folder.resolve("predicted/a.nii.gz");
        assertThat(Nifti.readHeader(predicted).type()).isEqualTo(VoxelType.UINT16);
        assertThat(Nifti.readLabels(predicted).grid()).isEqualTo(GRID);
        assertThat(run("evaluate", "predicted/a.nii.gz", "many/labelsTr/a.nii.gz")
                        .lines()
                        .filter(line -> line.matches("\\d+ +[01]\\.\\d{3} ± .*")))
                .hasSize(CLASSES - 1);
        assertThat(run("evaluate", "many/labelsTr", "many/labelsTr"))
                .contains("\n299 parcel 299   1.000 ± 0.000", "mean of 5 cases: Dice 1.0000");
    }
}
