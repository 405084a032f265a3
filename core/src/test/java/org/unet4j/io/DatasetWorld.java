package org.unet4j.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

/** A small dataset being written, in one layout or another. */
final class DatasetWorld {

    static final Grid GRID = Grid.of(new Shape(2, 3, 4), new Spacing(2, 1, 1));

    final Path folder;

    DatasetWorld(Path parent) throws IOException {
        folder = Files.createDirectory(parent.resolve("Task99_Test")).toRealPath();
        for (String name : List.of("imagesTr", "labelsTr", "imagesTs")) {
            Files.createDirectory(folder.resolve(name));
        }
    }

    /** Writes an image of the given first voxels, zeros, and a last voxel of one: what is all zero is warned of. */
    void image(String name, Grid grid, float... first) throws IOException {
        float[] voxels = Arrays.copyOf(first, grid.shape().arrayLength());
        if (first.length < voxels.length) {
            voxels[voxels.length - 1] = 1;
        }
        Nifti.write(folder.resolve(name), Volume.of(grid, voxels));
    }

    void label(String name, Grid grid, int... first) throws IOException {
        byte[] classes = new byte[grid.shape().arrayLength()];
        for (int i = 0; i < first.length; i++) {
            classes[i] = (byte) first[i];
        }
        Nifti.write(folder.resolve(name), new Labels(grid, classes));
    }

    void pair(String id) throws IOException {
        image("imagesTr/" + id + ".nii.gz", GRID, 1);
        label("labelsTr/" + id + ".nii.gz", GRID, 1, 2);
    }

    static String entry(String id) {
        return "{\"image\": \"./imagesTr/" + id + ".nii.gz\", \"label\": \"./labelsTr/" + id + ".nii.gz\"}";
    }

    /** A description as the Decathlon has it, spelling mistakes and all. */
    void decathlon(int announced, String... entries) throws IOException {
        describe("{\"name\": \"Test\", \"relase\": \"1.0\", \"tensorImageSize\": \"3D\", \"modality\": {\"0\": \"CT\"},"
                + " \"labels\": {\"0\": \"background\", \"1\": \"pancreas\", \"2\": \"tumour\"}, \"numTraining\": "
                + announced
                + ", \"numTest\": 1, \"training\": [" + String.join(", ", entries)
                + "], \"test\": [\"./imagesTs/t.nii.gz\"]}");
    }

    void describe(String json) throws IOException {
        Files.writeString(folder.resolve("dataset.json"), json);
    }

    void decathlonOfTwo() throws IOException {
        pair("a");
        pair("b");
        image("imagesTs/t.nii.gz", GRID);
        decathlon(2, entry("b"), entry("a"));
    }

    List<Problem> problems() throws IOException {
        return problems(Dataset.open(folder));
    }

    /** Returns what is wrong with the files of all cases, each read. */
    static List<Problem> problems(Dataset dataset) {
        return dataset.check(Stream.concat(dataset.training().stream(), dataset.test().stream())
                .map(one -> CaseFindings.of(dataset, one))
                .toList());
    }
}
