package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.Golden;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Volume;
import org.unet4j.volume.VoxelType;

/** nibabel opens what is written here and finds the same; skipped where there is no nibabel (Debian: python3-nibabel). */
@Tag("interop")
class NiftiInteropTest {

    private static final int LINES = 6;

    /** A rotation by three angles and a spacing of 0.8 x 0.8 x 2.5 mm. */
    static final Affine OBLIQUE = new Affine(
            -0.749034703,
            0.25039345,
            0.398362696,
            200,
            0.231703579,
            0.755761981,
            -0.38448,
            -200,
            0.158935457,
            0.078274719,
            2.437925816,
            -120);

    /** Of an Analyze slope made of two ranges, 64 bits in memory and 32 in NIfTI-1. */
    private static final double FLOAT_TOLERANCE = 1e-7;

    private static final String DESCRIBE = """
            import sys, warnings
            warnings.simplefilter("error")
            import nibabel, numpy
            for file in sys.argv[1:]:
                image = nibabel.load(file)
                values = image.get_fdata()
                weights = numpy.arange(1, values.size + 1).reshape(values.shape, order="F") % 97
                print(*image.shape)
                nifti = "qform_code" in image.header
                codes = (int(image.header["qform_code"]), int(image.header["sform_code"])) if nifti else (0, None)
                print(image.get_data_dtype().name, *codes)
                print(*image.affine.ravel())
                print(*(image.get_qform() if nifti else image.affine).ravel())
                print((values * weights).sum())
                print(*[(int(one.get_code()), one.get_content()) for one in getattr(image.header, "extensions", [])])
            """;

    private static String python = "";

    @TempDir
    Path folder;

    @BeforeAll
    static void findNibabel() throws IOException, InterruptedException {
        python = Command.python("nibabel").orElse("");
        assumeTrue(!python.isEmpty(), "skipped: no python3 with nibabel here");
    }

    @Test
    void nibabelReadsTheSameVoxelsAndGeometry() throws Exception {
        List<Path> files = new ArrayList<>();
        List<Volume> volumes = new ArrayList<>();
        for (VoxelType type : VoxelType.values()) {
            Volume volume = new Volume(new Grid(new Shape(5, 6, 7), OBLIQUE), type, voxels(type, 210), 0.5, 3);
            Path file = folder.resolve(type + ".nii.gz");
            Nifti.write(file, volume);
            files.add(file);
            volumes.add(volume);
        }
        List<List<String>> described = describe(files);
        for (int i = 0; i < files.size(); i++) {
            List<String> lines = described.get(i);
            Volume volume = volumes.get(i);
            assertThat(lines.get(0)).isEqualTo("7 6 5");
            assertThat(lines.get(1)).isEqualTo(volume.type().label() + " 1 1");
            assertAffine(lines.get(2), Nifti.readHeader(files.get(i)).affine(), 1e-12);
            assertAffine(lines.get(3), OBLIQUE, 1e-4);
            double sum = 0;
            for (int voxel = 0; voxel < 210; voxel++) {
                sum += volume.get(voxel) * ((voxel + 1) % 97);
            }
            assertThat(Double.parseDouble(lines.get(4))).isCloseTo(sum, within(1e-9 * sum));
        }
    }

    @Test
    void nibabelReadsProbabilitiesFromZeroToOne() throws Exception {
        Grid grid = new Grid(new Shape(5, 6, 7), OBLIQUE);
        Path scan = folder.resolve("ct.nii");
        Nifti.write(scan, new Volume(grid, VoxelType.INT16, voxels(VoxelType.INT16, 210), 1, 0));
        Path file = ProbabilityFile.of(folder, "ct");
        int[] stored = {0, 1, 40_000, ProbabilityFile.ONE};
        ProbabilityFile.write(file, Nifti.readHeader(scan), 4, (cls, shares) -> {
            for (int i = 0; i < shares.length; i++) {
                shares[i] = (short) stored[(i + cls) % stored.length];
            }
        });
        List<List<String>> described = describe(List.of(scan, file));
        assertThat(described.get(1).get(0)).isEqualTo("7 6 5 4");
        assertThat(described.get(1).get(1)).isEqualTo("uint16 1 1");
        assertThat(described.get(1).subList(2, 4))
                .as("the scan's geometry to the last bit")
                .isEqualTo(described.get(0).subList(2, 4));
        double sum = 0;
        for (int i = 0; i < 4 * 210; i++) {
            sum += stored[(i % 210 + i / 210) % stored.length] / 65535.0 * ((i + 1) % 97);
        }
        // a slope of 32 bits
        assertThat(Double.parseDouble(described.get(1).get(4))).isCloseTo(sum, within(FLOAT_TOLERANCE * sum));
    }

    static Object voxels(VoxelType type, int count) {
        Object voxels = type.newArray(count);
        Random random = new Random(type.bytes());
        for (int i = 0; i < count; i++) {
            int value = random.nextInt(128);
            switch (type) {
                case INT8, UINT8 -> ((byte[]) voxels)[i] = (byte) value;
                case INT16, UINT16 -> ((short[]) voxels)[i] = (short) (value * 255);
                case INT32, UINT32 -> ((int[]) voxels)[i] = value * 1_000_000;
                case INT64, UINT64 -> ((long[]) voxels)[i] = value * 1_000_000L;
                case FLOAT32 -> ((float[]) voxels)[i] = value / 8f;
                case FLOAT64 -> ((double[]) voxels)[i] = value / 3.0;
            }
        }
        return voxels;
    }

    @Test
    void nibabelFindsAllInWhatIsRewritten() throws Exception {
        List<Path> originals = NiftiRewriteTest.files().toList();
        List<Path> copies = new ArrayList<>();
        for (Path from : originals) {
            Path copy = folder.resolve(copies.size() + ".nii.gz");
            Nifti.rewrite(from, copy, Nifti.readHeader(from));
            copies.add(copy);
        }
        List<List<String>> before = describe(originals);
        List<List<String>> after = describe(copies);
        for (int i = 0; i < originals.size(); i++) {
            assertRewritten(after.get(i), before.get(i));
        }
    }

    private static void assertRewritten(List<String> after, List<String> before) {
        assertThat(after.get(0)).isEqualTo(before.get(0));
        assertThat(after.get(2)).isEqualTo(before.get(2));
        double sum = Double.parseDouble(before.get(4));
        assertThat(Double.parseDouble(after.get(4))).isCloseTo(sum, within(FLOAT_TOLERANCE * Math.abs(sum)));
        assertThat(after.get(5)).isEqualTo(before.get(5));
        if (!before.get(1).endsWith("None")) { // which Analyze has instead of codes
            assertThat(after.get(1)).isEqualTo(before.get(1));
            assertThat(after.get(3)).isEqualTo(before.get(3));
        }
    }

    @Test
    void nibabelLaysLabelsOverTheScan() throws Exception {
        List<Path> scans = new ArrayList<>();
        List<Path> labels = new ArrayList<>();
        for (String name : NiftiGoldenTest.files().toList()) {
            Path scanFile = Golden.path("nifti/" + name);
            NiftiHeader scan = Nifti.readHeader(scanFile);
            Path file = folder.resolve(Nifti.stem(scanFile) + "_labels.nii.gz");
            Nifti.write(file, new Labels(scan.grid(), new byte[scan.shape().arrayLength()]), scan);
            scans.add(scanFile);
            labels.add(file);
        }
        List<List<String>> ofScans = describe(scans);
        List<List<String>> ofLabels = describe(labels);
        for (int i = 0; i < scans.size(); i++) {
            String scanCodes = ofScans.get(i).get(1);
            assertThat(ofLabels.get(i).get(1)).isEqualTo("uint8" + scanCodes.substring(scanCodes.indexOf(' ')));
            assertThat(ofLabels.get(i).subList(2, 4)).isEqualTo(ofScans.get(i).subList(2, 4));
        }
    }

    private static void assertAffine(String numbers, Affine expected, double tolerance) {
        double[] actual = Arrays.stream(numbers.split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        double[] flat = Arrays.stream(expected.toArray())
                .flatMapToDouble(Arrays::stream)
                .toArray();
        assertThat(actual).containsExactly(flat, within(tolerance));
    }

    private static List<List<String>> describe(List<Path> files) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(python, "-c", DESCRIBE));
        files.forEach(file -> command.add(file.toString()));
        Command.Result result = Command.run(command.toArray(String[]::new));
        assertThat(result.exit()).as(result.output()).isZero();
        List<String> lines = result.output().lines().toList();
        assertThat(lines).hasSize(files.size() * LINES);
        return IntStream.range(0, files.size())
                .mapToObj(i -> lines.subList(i * LINES, (i + 1) * LINES))
                .toList();
    }
}
