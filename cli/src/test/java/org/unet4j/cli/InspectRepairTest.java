package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Json;
import org.unet4j.io.Nifti;
import org.unet4j.io.Phantom;
import org.unet4j.io.Progress;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Volume;

/** A phantom dataset with several kinds of damage, as a person meets it: refused, looked at, mended, used. */
class InspectRepairTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path dataset;

    @BeforeEach
    void makeDataset() throws IOException {
        dataset = folder.resolve("ct").toAbsolutePath();
        Phantom.write(dataset, Phantom.Settings.small(), 5, 3, Progress.silent());
    }

    private int run(Object... arguments) {
        out.reset();
        err.reset();
        return Main.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Stream.of(arguments).map(String::valueOf).toArray(String[]::new));
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private Path labels(int index) {
        return dataset.resolve("labelsTr/phantom_00" + index + ".nii.gz");
    }

    private Path image(int index) {
        return dataset.resolve("imagesTr/phantom_00" + index + ".nii.gz");
    }

    /** Writes the file again, uncompressed under its name, with bytes of its header changed. */
    private static void edit(Path file, Consumer<ByteBuffer> change) throws IOException {
        byte[] bytes;
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
            bytes = in.readAllBytes();
        }
        change.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        Files.write(file, bytes);
    }

    private void moveLabels(int index) throws IOException {
        Labels labels = Nifti.readLabels(labels(index));
        Affine lps = new Affine(-1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1, 0);
        Nifti.write(labels(index), new Labels(new Grid(labels.grid().shape(), lps), labels.bytes()));
    }

    private void breakWhatCanBeMended() throws IOException {
        moveLabels(0);
        Labels labels = Nifti.readLabels(labels(1));
        float[] floats = new float[labels.bytes().length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = labels.get(i);
        }
        Nifti.write(labels(1), Volume.of(labels.grid(), floats));
        edit(image(2), header -> header.putFloat(268, header.getFloat(268) + 40)); // The qform's origin.
        Files.write(dataset.resolve("imagesTr/._phantom_000.nii.gz"), new byte[4]);
        Path description = dataset.resolve("dataset.json");
        Files.writeString(
                description, Files.readString(description).replaceFirst("(\"numTraining\"\\s*:\\s*)\\d+", "$19"));
    }

    private Map<String, byte[]> contents() throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(dataset)) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                contents.put(dataset.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return contents;
    }

    @Test
    void aBrokenDatasetIsMendedInACopyThatIsCleanAndPrepared() throws IOException {
        breakWhatCanBeMended();
        Map<String, byte[]> before = contents();
        assertThat(run("inspect", dataset)).isEqualTo(Main.FAILED);
        assertThat(lines())
                .anyMatch(line ->
                        line.matches("problem {6}\\[.*labelsTr.phantom_000.nii.gz] labels lie up to .* mm away.*"))
                .anyMatch(line -> line.contains("phantom_001.nii.gz] labels are stored as float32, all whole numbers"))
                .anyMatch(line -> line.contains("phantom_002.nii.gz] qform and sform disagree by up to 40.0 mm"))
                .anyMatch(line -> line.contains("phantom_002.nii.gz] is not gzipped, but its name ends in .gz"))
                .anyMatch(line -> line.contains("1 ._ file (._phantom_000.nii.gz) of macOS"))
                .anyMatch(line -> line.contains("numTraining is 9, but there are 5"))
                .contains("6 problems")
                .endsWith("all can be mended in a copy: ./unet4j inspect " + dataset + " --repair " + dataset
                        + "-mended");

        Path mended = folder.resolve("ct-mended");
        assertThat(run("inspect", dataset, "--repair", mended)).isEqualTo(Main.DONE);
        assertThat(lines())
                .anyMatch(line -> line.startsWith("mended       [dataset.json] numTraining is 5, no longer 9"))
                .anyMatch(line ->
                        line.startsWith("mended       [labelsTr/phantom_000.nii.gz] takes the geometry of its image"))
                .anyMatch(line -> line.startsWith("mended       [labelsTr/phantom_001.nii.gz] is stored as uint8"))
                .anyMatch(
                        line -> line.startsWith("mended       [imagesTr/phantom_002.nii.gz] qform and sform disagree"))
                .contains("mended       [imagesTr/phantom_002.nii.gz] is gzipped, as its name says")
                .contains("copied       8 files as they are, 1 hidden left out")
                .endsWith("no problems");
        assertThat(contents()).containsExactlyEntriesOf(before);

        assertThat(run("inspect", mended)).isEqualTo(Main.DONE);
        assertThat(lines()).endsWith("no problems");
        assertThat(run("prepare", mended, "--out", folder.resolve("store"))).isEqualTo(Main.DONE);
        assertThat(run("inspect", dataset, "--repair", mended)).isEqualTo(Main.FAILED);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("ct-mended] is not empty; choose another folder");
    }

    @Test
    void whoeverMeetsAMismatchIsToldTheCommandThatMendsIt() throws IOException {
        moveLabels(0);
        String command = "./unet4j inspect " + dataset + " --repair " + dataset + "-mended";
        assertThat(run("prepare", dataset, "--out", folder.resolve("store"))).isEqualTo(Main.FAILED);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains(
                        "the dataset cannot be used: 1 problem",
                        "labels lie up to",
                        "all can be mended in a copy: " + command);
        assertThat(run("train", dataset, "--model", "unet", "--fold", "0", "--out", folder.resolve("run")))
                .isEqualTo(Main.FAILED);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains(command);
        assertThat(run("inspect", dataset, "--repair", dataset + "-mended")).isEqualTo(Main.DONE);
    }

    @Test
    void whatIsLeftForAPersonIsToldOfTheCopy() throws IOException {
        moveLabels(0);
        Labels labels = Nifti.readLabels(labels(1));
        int first = 0;
        while (labels.get(first) == 0) {
            first++;
        }
        labels.bytes()[first] = 9;
        Nifti.write(labels(1), labels);
        Path mended = folder.resolve("mended");
        assertThat(run("inspect", dataset, "--repair", mended, "--json")).isEqualTo(Main.FAILED);
        InspectCommand.DatasetReport report =
                Json.parse(dataset, out.toString(StandardCharsets.UTF_8), InspectCommand.DatasetReport.class);
        assertThat(report.repair().orElseThrow().changes())
                .singleElement()
                .satisfies(change -> assertThat(change.file()).isEqualTo("labelsTr/phantom_000.nii.gz"));
        assertThat(report.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem).contains("label 9 (1 voxels) is not in dataset.json"));
        assertThat(report.mendable()).isEmpty();
        assertThat(report.cases()).hasSize(6);
        assertThat(report.cases().get(1).voxels()).containsEntry(9, 1L);
    }

    @Test
    void aLabelMapIsComparedWithItsImageAndMended() throws IOException {
        moveLabels(0);
        assertThat(run("inspect", labels(0))).isEqualTo(Main.DONE);
        assertThat(run("inspect", labels(0), "--image", image(0))).isEqualTo(Main.FAILED);
        assertThat(lines()).anyMatch(line -> line.startsWith("problem      labels lie up to"));
        assertThat(lines()).endsWith("1 of them can be mended in a copy: --repair DIR");
        Path mended = folder.resolve("mended");
        assertThat(run("inspect", labels(0), "--image", image(0), "--repair", mended))
                .isEqualTo(Main.DONE);
        assertThat(lines())
                .anyMatch(line -> line.startsWith("mended       [phantom_000.nii.gz] takes the geometry of its image"))
                .endsWith("no problems");
        assertThat(run("inspect", mended.resolve("phantom_000.nii.gz"), "--image", image(0)))
                .isEqualTo(Main.DONE);
        assertThat(run("inspect", dataset, "--image", image(0))).isEqualTo(Main.USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("--image goes with a file");
    }

    @Test
    void aFilesJsonHasItsRepair() throws IOException {
        edit(image(0), header -> header.putFloat(268, header.getFloat(268) + 40));
        Path mended = folder.resolve("mended");
        assertThat(run("inspect", image(0), "--repair", mended, "--json")).isEqualTo(Main.DONE);
        InspectCommand.FileReport report =
                Json.parse(dataset, out.toString(StandardCharsets.UTF_8), InspectCommand.FileReport.class);
        assertThat(report.repair().folder()).isEqualTo(mended);
        assertThat(report.repair().changes()).hasSize(2);
        assertThat(report.inspection().problems()).isEmpty();
    }

    @Test
    void aDamagedFileIsNamed() throws IOException {
        Files.write(image(0), java.util.Arrays.copyOf(Files.readAllBytes(image(0)), 5000));
        assertThat(run("inspect", dataset)).isEqualTo(Main.FAILED);
        assertThat(lines()).anyMatch(line -> line.contains("phantom_000.nii.gz] ") && line.contains("it is truncated"));
        assertThat(run("inspect", image(0))).isEqualTo(Main.FAILED);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("it is truncated");
    }
}
