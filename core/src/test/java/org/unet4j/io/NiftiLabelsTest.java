package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Label maps are read from any type that holds whole numbers of one byte. */
class NiftiLabelsTest {

    @TempDir
    Path folder;

    @Test
    void labelsMustBeWholeNumbersOfOneByte() throws IOException {
        assertThatIOException()
                .isThrownBy(() -> Nifti.readLabels(write("seg.nii", NiftiBytes.nifti1())))
                .withMessageContaining(
                        "[seg.nii] voxel x 0, y 0, z 0 holds -5.0; labels must be whole numbers from 0 to 255");
        byte[] half = NiftiBytes.with(NiftiBytes.nifti1(), b -> {
            b.putFloat(112, 0.5f);
            b.putFloat(116, 10);
        });
        assertThatIOException()
                .isThrownBy(() -> Nifti.readLabels(write("seg.nii", half)))
                .withMessageContaining("voxel x 0, y 0, z 0 holds 7.5");
        byte[] tooLarge = NiftiBytes.with(NiftiBytes.nifti1(), b -> {
            b.putFloat(112, 1);
            b.putFloat(116, 240);
        });
        assertThatIOException()
                .isThrownBy(() -> Nifti.readLabels(write("seg.nii", tooLarge)))
                .withMessageContaining("voxel x 1, y 1, z 3 holds 256.0");
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

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }
}
