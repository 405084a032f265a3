package org.unet4j.prep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.io.Nifti;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

/** A process with a heap of 2 GB, as the launcher gives it, prepares CTs of 512 x 512 x 400 voxels. */
@Tag("slow")
class PreparationMemoryTest {

    private static final Shape SHAPE = new Shape(400, 512, 512);
    private static final int CASES = 3;

    @TempDir
    static Path folder;

    /** Prepares by the spacing of the arguments, and says what the process took. */
    static final class Prepare {
        public static void main(String[] arguments) throws IOException {
            Path folder = Path.of(arguments[0]);
            String[] mm = arguments[2].split("x");
            Spacing spacing =
                    new Spacing(Double.parseDouble(mm[0]), Double.parseDouble(mm[1]), Double.parseDouble(mm[2]));
            try {
                org.unet4j.prep.Prepare.by(
                        plan(spacing), dataset(folder), Path.of(arguments[1]), 2, (what, done, total) -> {});
                System.out.println("prepared");
            } catch (IOException e) {
                System.out.println(e.getMessage());
            }
            long heap = 0;
            for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
                heap += pool.getType() == MemoryType.HEAP ? pool.getPeakUsage().getUsed() : 0;
            }
            String resident = Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmHWM"))
                    .findFirst()
                    .orElseThrow();
            System.out.println("peak heap " + (heap >> 20) + " MiB, " + resident);
        }
    }

    private static Plan plan(Spacing spacing) {
        Plan plan = Worlds.plan();
        return new Plan(
                plan.dataset(),
                List.of(new Channel("CT", new Normalization.CtWindow(-160, 240, 40, 100))),
                plan.classes(),
                CropRule.BODY,
                spacing,
                plan.resampling(),
                plan.medianShape(),
                plan.budget(),
                plan.patch(),
                plan.batch(),
                plan.topology());
    }

    private static Dataset dataset(Path folder) {
        List<Case> cases = new ArrayList<>();
        for (int i = 0; i < CASES; i++) {
            cases.add(
                    new Case("ct_" + i, List.of(folder.resolve("ct.nii")), Optional.of(folder.resolve("labels.nii"))));
        }
        return new Dataset(
                "world", folder, List.of("CT"), new TreeMap<>(Worlds.plan().classes()), cases, List.of());
    }

    /** A body that fills most of the slice, in the scanner's order: left, posterior, superior. */
    @BeforeAll
    static void write() throws IOException {
        Grid grid = new Grid(SHAPE, new Affine(-0.8, 0, 0, 200, 0, -0.8, 0, 200, 0, 0, 1, -100));
        short[] voxels = new short[SHAPE.arrayLength()];
        byte[] labels = new byte[voxels.length];
        for (int z = 0, at = 0; z < SHAPE.z(); z++) {
            for (int y = 0; y < SHAPE.y(); y++) {
                for (int x = 0; x < SHAPE.x(); x++, at++) {
                    double v = (y - 256) / 240.0;
                    double w = (x - 256) / 250.0;
                    boolean body = v * v + w * w < 1;
                    voxels[at] = (short) (body ? (x * 31 + y * 17 + z * 7) % 200 - 100 : -1000);
                    labels[at] = (byte) (body && Math.abs(z - 200) < 40 && Math.abs(v) < 0.2 ? w < 0 ? 1 : 2 : 0);
                }
            }
        }
        Nifti.write(folder.resolve("ct.nii"), Volume.of(grid, voxels));
        Nifti.write(folder.resolve("labels.nii"), new Labels(grid, labels));
    }

    private static String prepare(String heap, String spacing) throws Exception {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + heap,
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Prepare.class.getName(),
                        folder.toString(),
                        folder.resolve("store-" + spacing + "-" + heap).toString(),
                        spacing))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
        System.out.println(spacing + " in " + heap + ":\n" + said);
        return said;
    }

    @Test
    void ofTheSameSpacing() throws Exception {
        assertThat(prepare("2g", "1x0.8x0.8")).contains("prepared\n");
    }

    @Test
    void whatDoesNotFitIsNamedWithItsNeedAndTheSetting() throws Exception {
        assertThat(prepare("500m", "2x1.5x1.5"))
                .contains(
                        "[ct_0] does not fit into Java's heap of ", "take about 757 MiB", "-Xmx2g", "UNET4J_JAVA_OPTS");
    }

    @Test
    void ofCoarserSpacing() throws Exception {
        assertThat(prepare("2g", "2x1.5x1.5")).contains("prepared\n");
    }

    @Test
    void ofAnotherSpacing() throws Exception {
        assertThat(prepare("2g", "1.5x0.75x0.75")).contains("prepared\n");
    }
}
