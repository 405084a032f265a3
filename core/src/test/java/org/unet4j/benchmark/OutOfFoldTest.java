package org.unet4j.benchmark;

import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.eval.CaseScore;
import org.unet4j.eval.Tolerances;
import org.unet4j.io.Case;
import org.unet4j.io.Nifti;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

/** Four voxels of two classes. */
class OutOfFoldTest {

    private static final Grid GRID = Grid.of(new Shape(1, 1, 4), new Spacing(1, 1, 1));

    @TempDir
    Path folder;

    @Test
    void theClassThatDiffersIsTheOneThatIsTold() throws IOException {
        Path image = folder.resolve("image.nii");
        Path reference = folder.resolve("reference.nii");
        Path prediction = folder.resolve("prediction.nii");
        Labels truth = new Labels(GRID, new byte[] {1, 2, 2, 0});
        Nifti.write(image, Volume.of(GRID, new float[] {1, 2, 3, 4}));
        Nifti.write(reference, truth);
        Nifti.write(prediction, new Labels(GRID, new byte[] {1, 2, 0, 0})); // Dice of class 2 is 2 / 3
        OutOfFold one = new OutOfFold(
                0,
                new Case("a", List.of(image), Optional.of(reference)),
                prediction,
                CaseScore.of("a", truth, truth, Set.of(1, 2), Tolerances.ONE_MM),
                folder);
        assertThatIOException()
                .isThrownBy(one::look)
                .withMessageContaining("is not the label map that was scored: Dice is 0.666")
                .withMessageContaining(" for class 2 and was 1.0;");
    }
}
