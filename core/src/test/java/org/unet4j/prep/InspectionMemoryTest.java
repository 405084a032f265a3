package org.unet4j.prep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Dataset;
import org.unet4j.io.Nifti;
import org.unet4j.io.Progress;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

/** A process with a heap of 64 MB looks at CTs of 800 MB each, with their labels. */
@Tag("slow")
class InspectionMemoryTest {

    private static final int Z = 800;
    private static final int XY = 512;

    @TempDir
    Path folder;

    static final class Inspect {
        public static void main(String[] arguments) throws IOException {
            DatasetInspection found = DatasetInspection.of(Dataset.open(Path.of(arguments[0])), 2, Progress.silent());
            System.out.println("problems " + found.problems());
            System.out.println("voxels " + found.cases().get(1).voxels());
            System.out.println("values " + found.contents().orElseThrow().channels());
        }
    }

    /** Fills one slice. */
    private interface Slice {
        void fill(ByteBuffer slice, int z);
    }

    /** Writes slice by slice, since the test has no room for a whole scan either. */
    private static void write(Path file, int datatype, int bytes, Slice slice) throws IOException {
        Path one = file.resolveSibling("one.nii");
        Nifti.write(one, Volume.of(Grid.of(new Shape(1, 1, 1), new Spacing(0.8, 0.8, 0.8)), new short[1]));
        ByteBuffer header = ByteBuffer.wrap(Files.readAllBytes(one), 0, 352).order(ByteOrder.LITTLE_ENDIAN);
        header.putShort(42, (short) XY).putShort(44, (short) XY).putShort(46, (short) Z);
        header.putShort(70, (short) datatype).putShort(72, (short) (bytes * Byte.SIZE));
        Files.delete(one);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file), 1 << 16) {
            {
                def.setLevel(Deflater.BEST_SPEED);
            }
        }) {
            out.write(header.array(), 0, 352);
            ByteBuffer voxels = ByteBuffer.allocate(XY * XY * bytes).order(ByteOrder.LITTLE_ENDIAN);
            for (int z = 0; z < Z; z++) {
                slice.fill(voxels.clear(), z);
                out.write(voxels.array());
            }
        }
    }

    private static boolean isWithin(int i, int radius) {
        int x = i % XY - XY / 2;
        int y = i / XY - XY / 2;
        return x * x + y * y < radius * radius;
    }

    @Test
    void memoryDoesNotGrowWithTheScan() throws Exception {
        Files.createDirectories(folder.resolve("imagesTr"));
        Files.createDirectories(folder.resolve("labelsTr"));
        for (String id : List.of("a", "b")) {
            float air = id.equals("a") ? -1000 : -1024;
            write(folder.resolve("imagesTr/" + id + ".nii.gz"), 16, Float.BYTES, (slice, z) -> {
                for (int i = 0; i < XY * XY; i++) {
                    slice.putFloat(isWithin(i, 200) ? 40 + z % 5 : air);
                }
            });
            write(folder.resolve("labelsTr/" + id + ".nii.gz"), 2, 1, (slice, z) -> {
                for (int i = 0; i < XY * XY; i++) {
                    slice.put((byte) (z < 100 && isWithin(i, 30) ? 1 : 0));
                }
            });
        }
        Files.writeString(
                folder.resolve(Dataset.DESCRIPTION),
                "{\"modality\": {\"0\": \"CT\"}, \"labels\": {\"0\": \"background\", \"1\": \"organ\"}, \"training\": ["
                        + "{\"image\": \"imagesTr/a.nii.gz\", \"label\": \"labelsTr/a.nii.gz\"},"
                        + "{\"image\": \"imagesTr/b.nii.gz\", \"label\": \"labelsTr/b.nii.gz\"}]}");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Inspect.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int organ = 0;
        for (int i = 0; i < XY * XY; i++) {
            organ += isWithin(i, 30) ? 100 : 0;
        }
        assertThat(process.waitFor()).as(printed).isZero();
        assertThat(printed).contains("problems []").contains("1=" + organ + "}").contains("min=-1024.0, max=44.0");
    }
}
