package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.unet4j.volume.Grid;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;
import org.unet4j.volume.VoxelType;

/** Label maps are read from any type that holds whole numbers of two bytes. */
class NiftiLabelsTest {

    @TempDir
    Path folder;

    @Test
    void labelsMustBeWholeNumbersOfTwoBytes() throws IOException {
        assertThatIOException()
                .isThrownBy(() -> Nifti.readLabels(write("seg.nii", NiftiBytes.nifti1())))
                .withMessageContaining(
                        "[seg.nii] voxel x 0, y 0, z 0 holds -5.0; labels must be whole numbers from 0 to 65535");
        byte[] half = NiftiBytes.with(NiftiBytes.nifti1(), b -> {
            b.putFloat(112, 0.5f);
            b.putFloat(116, 10);
        });
        assertThatIOException()
                .isThrownBy(() -> Nifti.readLabels(write("seg.nii", half)))
                .withMessageContaining("voxel x 0, y 0, z 0 holds 7.5");
        byte[] tooLarge = NiftiBytes.with(NiftiBytes.nifti1(), b -> {
            b.putFloat(112, 1);
            b.putFloat(116, 65_520);
        });
        assertThatIOException()
                .isThrownBy(() -> Nifti.readLabels(write("seg.nii", tooLarge)))
                .withMessageContaining("voxel x 1, y 1, z 3 holds 65536.0");
    }

    @Test
    void labelsOfAnyTypeAreRead() throws IOException {
        byte[] shifted = NiftiBytes.with(NiftiBytes.nifti1(), b -> {
            b.putFloat(112, 1);
            b.putFloat(116, 232);
            b.putShort(352 + 2 * 23, (short) 23);
        });
        assertThat(Nifti.readLabels(write("seg.nii", shifted)).get(23)).isEqualTo(255);
        byte[] floats = NiftiBytes.with(Arrays.copyOf(NiftiBytes.nifti1(), 352 + 96), b -> {
            b.putShort(70, (short) 16);
            for (int i = 0; i < 24; i++) {
                b.putFloat(352 + 4 * i, i * 1.00001f);
            }
        });
        assertThat(Nifti.readLabels(write("seg.nii", floats)).get(23)).isEqualTo(23);
    }

    /** As nibabel 5 writes int16, uint16, int32 and float32 label maps of FreeSurfer's numbers. */
    @ParameterizedTest
    @EnumSource(
            value = VoxelType.class,
            names = {"INT16", "UINT16", "INT32", "FLOAT32"})
    void classesAbove255AreReadFromAnyTypeAndWrittenAsShorts(VoxelType type) throws IOException {
        int[] numbers = {0, 3, 255, 256, 1002, 12_175, 32_767, 2};
        Grid grid = Grid.of(Shape.cube(2), new Spacing(1, 2, 3));
        Object array = type.newArray(numbers.length);
        for (int i = 0; i < numbers.length; i++) {
            Array.set(
                    array,
                    i,
                    array instanceof short[]
                            ? (Object) (short) numbers[i]
                            : array instanceof float[] ? (Object) (float) numbers[i] : (Object) numbers[i]);
        }
        Path file = folder.resolve("numbers.nii.gz");
        Nifti.write(file, new Volume(grid, type, array, 1, 0));
        Labels read = Nifti.readLabels(file);
        Path again = folder.resolve("again.nii");
        Nifti.write(again, read);
        assertThat(Nifti.readHeader(again).type()).isEqualTo(VoxelType.UINT16);
        Path likeIt = folder.resolve("like-it.nii");
        Nifti.write(likeIt, read, Nifti.readHeader(file));
        assertThat(Nifti.readHeader(likeIt).type()).isEqualTo(VoxelType.UINT16);
        for (Labels labels : List.of(read, Nifti.readLabels(again), Nifti.readLabels(likeIt))) {
            assertThat(labels.voxels().isWide()).isTrue();
            assertThat(IntStream.range(0, numbers.length).map(labels::get).toArray())
                    .isEqualTo(numbers);
        }
    }

    @Test
    void theHighestClassOfTwoBytesIsItself() throws IOException {
        Grid grid = Grid.of(new Shape(1, 1, 2), new Spacing(1, 1, 1));
        Path file = folder.resolve("highest.nii");
        Nifti.write(file, new Labels(grid, LabelArray.of(new short[] {-1, 255})));
        Labels read = Nifti.readLabels(file);
        assertThat(read.get(0)).isEqualTo(65_535);
        assertThat(read.get(1)).isEqualTo(255);
        assertThat(Nifti.read(file).get(0)).isEqualTo(65_535);
    }

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }
}
