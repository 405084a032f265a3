package org.unet4j.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Nifti;
import org.unet4j.io.Progress;
import org.unet4j.io.Shard;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/** Worlds of four voxels in a row. */
class EvaluationTest {

    private static final Grid GRID = Grid.of(new Shape(1, 1, 4), new Spacing(1, 1, 1));

    @TempDir
    Path folder;

    private Path predictions;
    private Path references;

    @BeforeEach
    void folders() throws IOException {
        predictions = Files.createDirectory(folder.resolve("predictions"));
        references = Files.createDirectory(folder.resolve("references"));
    }

    private static void write(Path file, Grid grid, int... classes) throws IOException {
        byte[] bytes = new byte[classes.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) classes[i];
        }
        Nifti.write(file, new Labels(grid, bytes));
    }

    private Evaluation evaluation() {
        return Evaluation.of(predictions, references);
    }

    private static SortedSet<Integer> classes(Integer... classes) {
        return new TreeSet<>(List.of(classes));
    }

    @Test
    void filesMatchByNameWithoutEnding() throws Exception {
        write(predictions.resolve("a.nii.gz"), GRID, 1, 1, 0, 0);
        write(references.resolve("a.nii"), GRID, 0, 1, 1, 0);
        write(predictions.resolve("b.nii"), GRID, 0, 0, 2, 2);
        write(references.resolve("b.nii.gz"), GRID, 0, 0, 2, 2);
        Files.writeString(references.resolve("._a.nii.gz"), "left by macOS");
        Files.writeString(predictions.resolve("readme.txt"), "not a scan");
        CaseScores scores = evaluation().withThreads(2).run(Progress.silent());
        assertThat(scores.cases()).extracting(CaseScore::caseId).containsExactly("a", "b");
        assertThat(scores.dice(1)).containsExactly(0.5, 1);
        assertThat(scores.dice(2)).as("both empty, then equal").containsExactly(1, 1);
    }

    @Test
    void twoFilesMatchWhateverTheirNames() throws Exception {
        write(folder.resolve("mine.nii.gz"), GRID, 1, 0, 0, 0);
        write(folder.resolve("theirs.nii.gz"), GRID, 1, 0, 0, 0);
        CaseScores scores = Evaluation.of(folder.resolve("mine.nii.gz"), folder.resolve("theirs.nii.gz"))
                .run(Progress.silent());
        assertThat(scores.meanDice()).isEqualTo(1);
    }

    @Test
    void oneFileIsLookedUpInTheFolderOfReferences() throws Exception {
        write(predictions.resolve("a.nii.gz"), GRID, 1, 0, 0, 0);
        write(references.resolve("a.nii.gz"), GRID, 1, 0, 0, 0);
        write(references.resolve("b.nii.gz"), GRID, 1, 0, 0, 0);
        CaseScores scores =
                Evaluation.of(predictions.resolve("a.nii.gz"), references).run(Progress.silent());
        assertThat(scores.cases()).hasSize(1);
    }

    @Test
    void givenClassesAreScoredAlsoWhereNoReferenceHasThem() throws Exception {
        write(predictions.resolve("a.nii.gz"), GRID, 1, 3, 0, 0);
        write(references.resolve("a.nii.gz"), GRID, 1, 0, 0, 0);
        CaseScores scores = evaluation().withClasses(classes(0, 1, 2, 3)).run(Progress.silent());
        assertThat(scores.cases().get(0).dice())
                .containsOnlyKeys(1, 2, 3)
                .containsEntry(2, 1.0)
                .containsEntry(3, 0.0);
    }

    @Test
    void classesThatTheDatasetDoesNotHaveAreErrors() throws Exception {
        write(predictions.resolve("a.nii.gz"), GRID, 1, 3, 0, 0);
        write(references.resolve("a.nii.gz"), GRID, 1, 0, 0, 0);
        write(predictions.resolve("b.nii.gz"), GRID, 1, 0, 0, 0);
        write(references.resolve("b.nii.gz"), GRID, 1, 0, 7, 0);
        Evaluation known = evaluation().ofKnown(classes(0, 1, 2));
        assertThatExceptionOfType(EvaluationException.class)
                .isThrownBy(() -> known.run(Progress.silent()))
                .satisfies(e -> assertThat(e.problems())
                        .extracting(problem -> problem.file())
                        .containsExactly(predictions.resolve("a.nii.gz"), references.resolve("b.nii.gz")))
                .withMessageContaining("holds class 3, but the dataset's classes are [0, 1, 2]: its model")
                .withMessageContaining("holds class 7, but the dataset's classes are [0, 1, 2]; inspect");
        assertThat(evaluation().run(Shard.WHOLE, Progress.silent()).unscored()).containsExactly(3);
        assertThat(evaluation()
                        .ofKnown(classes(0, 1, 3, 7))
                        .run(Progress.silent())
                        .classes())
                .containsExactly(1, 3, 7);
    }

    @Test
    void tolerancesAreOfTheClass() throws Exception {
        write(predictions.resolve("a.nii.gz"), GRID, 1, 2, 0, 0);
        write(references.resolve("a.nii.gz"), GRID, 0, 1, 2, 0);
        CaseScores scores =
                evaluation().withTolerances(Tolerances.parse("1=1,2=0.5")).run(Progress.silent());
        assertThat(scores.values(Metric.NSD, 1)).containsExactly(1);
        assertThat(scores.values(Metric.NSD, 2)[0]).isLessThan(1);
        assertThat(scores.toleranceMm(2)).hasValue(0.5);
    }

    @Test
    void everythingMissingIsNamedAtOnce() throws Exception {
        write(predictions.resolve("a.nii.gz"), GRID, 1, 0, 0, 0);
        write(references.resolve("b.nii.gz"), GRID, 1, 0, 0, 0);
        write(references.resolve("c.nii.gz"), GRID, 1, 0, 0, 0);
        assertThatExceptionOfType(EvaluationException.class)
                .isThrownBy(() -> evaluation().run(Progress.silent()))
                .as("nothing is called alike: that is one mistake")
                .withMessageContaining("has no file that is called as one in " + references
                        + " is: a.nii.gz here, b.nii.gz there; predict scans");
        write(predictions.resolve("d.nii.gz"), GRID, 1, 0, 0, 0);
        write(references.resolve("d.nii.gz"), GRID, 1, 0, 0, 0);
        assertThatExceptionOfType(EvaluationException.class)
                .isThrownBy(() -> evaluation().run(Progress.silent()))
                .satisfies(e -> assertThat(e.problems()).hasSize(3))
                .withMessageContaining("[a.nii.gz] has no reference")
                .withMessageContaining("[b.nii.gz] has no prediction")
                .withMessageContaining("[c.nii.gz] has no prediction");
    }

    @Test
    void partOfTheReferencesCanBeScoredWhenAskedFor() throws Exception {
        write(predictions.resolve("a.nii.gz"), GRID, 1, 0, 0, 0);
        write(references.resolve("a.nii.gz"), GRID, 1, 0, 0, 0);
        write(references.resolve("b.nii.gz"), GRID, 1, 0, 0, 0);
        assertThat(evaluation().ofPredictedOnly().run(Progress.silent()).cases())
                .extracting(CaseScore::caseId)
                .containsExactly("a");
    }

    @Test
    void everyMismatchedPairIsNamedAtOnce() throws Exception {
        write(references.resolve("a.nii.gz"), GRID, 1, 0, 0, 0);
        write(predictions.resolve("a.nii.gz"), Grid.of(new Shape(1, 1, 3), new Spacing(1, 1, 1)), 1, 0, 0);
        write(references.resolve("b.nii.gz"), GRID, 1, 0, 0, 0);
        write(predictions.resolve("b.nii.gz"), Grid.of(new Shape(1, 1, 4), new Spacing(1, 1, 1.1)), 1, 0, 0, 0);
        write(references.resolve("c.nii.gz"), GRID, 1, 0, 0, 0);
        Files.write(predictions.resolve("c.nii.gz"), new byte[0]);
        assertThatExceptionOfType(EvaluationException.class)
                .isThrownBy(() -> evaluation().run(Progress.silent()))
                .satisfies(e -> assertThat(e.problems()).hasSize(3))
                .withMessageContaining("[a.nii.gz] has shape (1, 1, 3) (z, y, x), its reference (1, 1, 4)")
                .withMessageContaining("[b.nii.gz] lies elsewhere")
                .withMessageContaining("[c.nii.gz]");
    }

    @Test
    void sameCaseInTwoFilesIsAnError() throws Exception {
        write(predictions.resolve("a.nii.gz"), GRID, 1, 0, 0, 0);
        write(predictions.resolve("a.nii"), GRID, 1, 0, 0, 0);
        write(references.resolve("a.nii"), GRID, 1, 0, 0, 0);
        assertThatExceptionOfType(EvaluationException.class)
                .isThrownBy(() -> evaluation().run(Progress.silent()))
                .withMessageContaining("same case as a.nii");
    }

    @Test
    void foldersWithoutScansAndPathsThatAreNoneAreErrors() throws Exception {
        assertThatExceptionOfType(EvaluationException.class)
                .isThrownBy(() -> evaluation().run(Progress.silent()))
                .withMessageContaining("[predictions] holds no .nii or .nii.gz file")
                .withMessageContaining("[references] holds no .nii or .nii.gz file");
        assertThatExceptionOfType(EvaluationException.class)
                .isThrownBy(() ->
                        Evaluation.of(folder.resolve("nowhere"), references).run(Progress.silent()))
                .withMessageContaining("[nowhere] is no folder and no file");
    }

    @Test
    void referencesWithoutForegroundNeedClasses() throws Exception {
        write(predictions.resolve("a.nii.gz"), GRID, 0, 0, 0, 0);
        write(references.resolve("a.nii.gz"), GRID, 0, 0, 0, 0);
        assertThatIOException()
                .isThrownBy(() -> evaluation().run(Progress.silent()))
                .withMessageContaining("nothing to score");
        assertThat(evaluation().withClasses(classes(1)).run(Progress.silent()).meanDice())
                .isEqualTo(1);
    }

    @Test
    void longListsOfProblemsAreCutInTheMessage() throws Exception {
        write(predictions.resolve("z.nii.gz"), GRID, 0, 0, 0, 0);
        write(predictions.resolve("case0.nii.gz"), GRID, 0, 0, 0, 0);
        for (int i = 0; i < 31; i++) {
            write(references.resolve("case" + i + ".nii.gz"), GRID, 0, 0, 0, 0);
        }
        assertThatExceptionOfType(EvaluationException.class)
                .isThrownBy(() -> evaluation().run(Progress.silent()))
                .satisfies(e -> assertThat(e.problems()).hasSize(31))
                .withMessageEndingWith("and 11 more");
    }

    @Test
    void progressEndsWithTheLastCase() throws Exception {
        write(predictions.resolve("a.nii.gz"), GRID, 1, 0, 0, 0);
        write(references.resolve("a.nii.gz"), GRID, 1, 0, 0, 0);
        StringBuilder heard = new StringBuilder();
        evaluation().run((what, done, total) -> heard.append(done).append('/').append(total));
        assertThat(heard).hasToString("1/1");
    }

    @Test
    void valuesOutOfRangeAreRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> evaluation().withThreads(0))
                .withMessageContaining("threads 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> evaluation().withClasses(classes(65_536)))
                .withMessageContaining("class 65536");
    }
}
