package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

class ArrivalTest {
    private static final Shape SHAPE = new Shape(5, 512, 512);

    private static final int HEADER_BYTES = 352;

    @TempDir
    Path folder;

    private final short[] voxels = new short[SHAPE.arrayLength()];
    private final List<Integer> told = new ArrayList<>();

    private Path scan() throws IOException {
        for (int i = 0; i < voxels.length; i++) {
            voxels[i] = (short) (1 + (i * 31L + i / 1000) % 2000);
        }
        Path file = folder.resolve("ct.nii.gz");
        Nifti.write(file, Volume.of(Grid.of(SHAPE, new Spacing(1, 1, 1)), voxels));
        return file;
    }

    /** Compares what is there each time with what was written. */
    private final class Listener implements Arrival {
        private short[] there;

        @Override
        public void begin(Volume volume) {
            assertThat(there).as("begun once").isNull();
            assertThat(volume.grid().shape()).isEqualTo(SHAPE);
            there = (short[]) volume.array();
            assertThat(there).containsOnly(0);
        }

        @Override
        public void come(int count) {
            assertThat(Arrays.mismatch(there, 0, count, voxels, 0, count)).isEqualTo(-1);
            told.add(count);
        }
    }

    @Test
    void voxelsAreThereWhenTheyAreSaidToHaveCome() throws IOException {
        Volume volume = Nifti.read(scan(), OptionalInt.empty(), new Listener());
        assertThat((short[]) volume.array()).isEqualTo(voxels);
        assertThat(told).isSorted().doesNotHaveDuplicates().hasSizeGreaterThan(2);
        assertThat(told.get(told.size() - 1)).isEqualTo(voxels.length);
    }

    @Test
    void aFileThatEndsTooEarlyHasComeSoFar() throws IOException {
        Path whole = scan();
        byte[] bytes = Files.readAllBytes(whole);
        Path half = folder.resolve("half.nii.gz");
        Files.write(half, Arrays.copyOf(bytes, bytes.length * 3 / 4));
        assertThatThrownBy(() -> Nifti.read(half, OptionalInt.empty(), new Listener()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("[half.nii.gz] offset ")
                .hasMessageContaining("truncated");
        assertThat(told).isNotEmpty();
        assertThat(told.get(told.size() - 1)).isLessThan(voxels.length);
    }

    /** What is wrong with a checksum is known when the last voxel has come. */
    @Test
    void aChecksumThatIsWrongIsAnErrorThoughAllHaveCome() throws IOException {
        Path file = scan();
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 8] ^= 1; // RFC 1952: CRC32 and size are the last eight bytes
        Files.write(file, bytes);
        assertThatThrownBy(() -> Nifti.read(file, OptionalInt.empty(), new Listener()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("[ct.nii.gz] ");
        assertThat(told.get(told.size() - 1)).isEqualTo(voxels.length);
    }

    /** Two volumes, the first the second's voxels backwards. */
    private Path twoVolumes() throws IOException {
        scan();
        Path one = folder.resolve("one.nii");
        Nifti.write(one, Volume.of(Grid.of(SHAPE, new Spacing(1, 1, 1)), voxels));
        byte[] bytes = Files.readAllBytes(one);
        ByteBuffer both = ByteBuffer.allocate(2 * bytes.length - HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        both.put(bytes, 0, HEADER_BYTES);
        both.putShort(40, (short) 4).putShort(48, (short) 2); // dim[0] and dim[4] of nifti1.h
        for (int i = voxels.length - 1; i >= 0; i--) {
            both.putShort(voxels[i]);
        }
        both.put(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES);
        Path file = folder.resolve("two.nii.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(both.array());
        }
        return file;
    }

    @Test
    void theVolumeThatIsNamedComes() throws IOException {
        assertThat(Nifti.read(twoVolumes(), OptionalInt.of(1), new Listener()).array())
                .isEqualTo(voxels);
        assertThat(told).isSorted().doesNotHaveDuplicates().hasSizeGreaterThan(2);
        assertThat(told.get(told.size() - 1)).isEqualTo(voxels.length);
    }
}
