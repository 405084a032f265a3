package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.unet4j.Golden;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Volume;
import org.unet4j.volume.VoxelType;

/**
 * The NIfTI library's own tool opens what is written here and finds the same, and the other way round; skipped where there is
 * no nifti_tool (Debian: nifti-bin). Its checks are for NIfTI-1 alone.
 */
@Tag("interop")
class NiftiToolInteropTest {

    private static final String TOOL = "nifti_tool";
    /** Of numbers that the tool prints with six digits. */
    private static final double PRINTED_TOLERANCE = 1e-5;

    /** In mm: geometry has 32 bits, and the quaternion's first component is the root of a rounded difference. */
    private static final double GEOMETRY_TOLERANCE = 1e-4;

    /** In mm: the tool makes NIfTI-1 of NIfTI-2. */
    private static final double FLOAT_TOLERANCE = 1e-6;

    @TempDir
    Path folder;

    @BeforeAll
    static void findTool() throws IOException, InterruptedException {
        assumeTrue(Command.run(TOOL, "-ver").exit() == 0, "skipped: no nifti_tool here (Debian: nifti-bin)");
    }

    @ParameterizedTest
    @EnumSource(VoxelType.class)
    void theToolFindsTheSameInWhatIsWritten(VoxelType type) throws IOException, InterruptedException {
        Grid grid = new Grid(new Shape(3, 4, 5), NiftiInteropTest.OBLIQUE);
        Volume volume = new Volume(grid, type, NiftiInteropTest.voxels(type, 60), 0.5, 3);
        for (String name : List.of("ct.nii", "ct.nii.gz")) {
            Path file = folder.resolve(name);
            Nifti.write(file, volume);
            assertThat(tool("-check_hdr", "-infiles", file)).contains("header IS GOOD for file");
            assertThat(tool("-check_nim", "-infiles", file)).contains("nifti_image IS GOOD for file");
            assertThat(field("dim", file)).startsWith(3, 5, 4, 3);
            assertThat(field("scl_slope", file)).containsExactly(0.5);
            assertThat(field("scl_inter", file)).containsExactly(3);
            double[] affine = rows(NiftiInteropTest.OBLIQUE);
            assertThat(field("sto_xyz", file)).containsExactly(affine, within(GEOMETRY_TOLERANCE));
            assertThat(field("qto_xyz", file)).containsExactly(affine, within(GEOMETRY_TOLERANCE));
            if (type != VoxelType.UINT64) { // which the tool does not print
                assertStoredVoxels(voxels(file), volume);
            }
        }
    }

    private static void assertStoredVoxels(double[] printed, Volume volume) {
        assertThat(printed).hasSize(60);
        for (int i = 0; i < printed.length; i++) {
            double stored = volume.type().get(volume.array(), i);
            assertThat(printed[i]).isCloseTo(stored, within(PRINTED_TOLERANCE * Math.max(1, Math.abs(stored))));
        }
    }

    @Test
    void theToolOpensNifti2() throws IOException, InterruptedException {
        short[] voxels = new short[40_000];
        voxels[39_999] = 7;
        Path file = folder.resolve("long.nii.gz");
        Nifti.write(file, Volume.of(new Grid(new Shape(1, 1, 40_000), NiftiInteropTest.OBLIQUE), voxels));
        assertThat(field("dim", file)).startsWith(3, 40_000, 1, 1);
        assertThat(voxels(file)).hasSize(40_000).endsWith(0, 7);
    }

    @ParameterizedTest
    @MethodSource("org.unet4j.io.NiftiRewriteTest#files")
    void theToolFindsAllExtensionsInWhatIsRewritten(Path from) throws IOException, InterruptedException {
        Path copy = folder.resolve("copy.nii.gz");
        Nifti.rewrite(from, copy, Nifti.readHeader(from));
        assertThat(field("nvox", copy)).isEqualTo(field("nvox", from));
        assertThat(extensions(copy)).isEqualTo(extensions(from));
    }

    static Stream<Path> golden() {
        return NiftiGoldenTest.files().map(name -> Golden.path("nifti/" + name));
    }

    @ParameterizedTest
    @MethodSource("golden")
    void whatTheToolWritesIsRead(Path from) throws IOException, InterruptedException {
        NiftiHeader before = Nifti.readHeader(from);
        for (String name : List.of("copy.nii", "copy.nii.gz", "pair.hdr", "packed.hdr.gz")) {
            Path copy = folder.resolve(name);
            tool("-copy_im", "-prefix", copy, "-infiles", from);
            NiftiHeader after = Nifti.readHeader(copy);
            assertThat(after.isPair()).isEqualTo(name.contains("hdr"));
            assertThat(NiftiFormsTest.voxels(Nifti.readChannels(copy)))
                    .isEqualTo(NiftiFormsTest.voxels(Nifti.readChannels(from)));
            if (before.sform().code() != 0) {
                assertThat(rows(after.affine())).containsExactly(rows(before.affine()), within(FLOAT_TOLERANCE));
            }
        }
    }

    private static double[] rows(Affine affine) {
        return Arrays.stream(affine.toArray()).flatMapToDouble(Arrays::stream).toArray();
    }

    private static double[] field(String name, Path file) throws IOException, InterruptedException {
        String line = tool("-disp_nim", "-field", name, "-infiles", file)
                .lines()
                .filter(one -> one.strip().startsWith(name + " "))
                .findFirst()
                .orElseThrow();
        return Arrays.stream(line.strip().split("\\s+"))
                .skip(3) // name, offset, count
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    /** Returns the voxels as stored, x fastest. */
    private static double[] voxels(Path file) throws IOException, InterruptedException {
        return tool("-quiet", "-disp_ci", -1, -1, -1, 0, 0, 0, 0, "-dci_lines", "-infiles", file)
                .lines()
                .filter(line -> line.matches("\\s*[-+0-9.einf]+\\s*"))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    private static List<String> extensions(Path file) throws IOException, InterruptedException {
        return tool("-disp_exts", "-infiles", file)
                .lines()
                .filter(line -> line.contains("ecode"))
                .toList();
    }

    private static String tool(Object... arguments) throws IOException, InterruptedException {
        String[] command = Stream.concat(Stream.of(TOOL), Arrays.stream(arguments))
                .map(String::valueOf)
                .toArray(String[]::new);
        Command.Result result = Command.run(command);
        assertThat(result.exit())
                .as("%s: %s", String.join(" ", command), result.output())
                .isZero();
        return result.output();
    }
}
