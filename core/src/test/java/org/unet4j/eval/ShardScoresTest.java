package org.unet4j.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unet4j.io.Nifti;
import org.unet4j.io.Progress;
import org.unet4j.io.Shard;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/** Five cases of four voxels; class 2 is in one reference only, class 3 in one prediction only, and one case is empty. */
class ShardScoresTest {

    private static final Grid GRID = Grid.of(new Shape(1, 1, 4), new Spacing(1, 1, 1));

    @TempDir
    Path folder;

    @BeforeEach
    void writeCases() throws IOException {
        write("a", new byte[] {1, 1, 0, 0}, new byte[] {0, 1, 1, 0});
        write("b", new byte[] {0, 0, 0, 0}, new byte[] {0, 0, 0, 0});
        write("c", new byte[] {2, 0, 0, 1}, new byte[] {0, 0, 0, 1});
        write("d", new byte[] {2, 2, 0, 1}, new byte[] {2, 0, 1, 1});
        write("e", new byte[] {3, 1, 1, 1}, new byte[] {0, 1, 0, 1});
    }

    private void write(String name, byte[] predicted, byte[] wanted) throws IOException {
        Nifti.write(predictions().resolve(name + ".nii.gz"), new Labels(GRID, predicted));
        Nifti.write(references().resolve(name + ".nii.gz"), new Labels(GRID, wanted));
    }

    private Path predictions() {
        return folder.resolve("predictions");
    }

    private Path references() {
        return folder.resolve("references");
    }

    private Evaluation evaluation() {
        return Evaluation.of(predictions(), references());
    }

    private List<Path> shards(Evaluation evaluation, int count) throws IOException {
        List<Path> files = new ArrayList<>();
        for (int index = count; index >= 1; index--) {
            Path file = folder.resolve("shard-" + index + ".json");
            evaluation.run(new Shard(index, count), Progress.silent()).writeJson(file);
            files.add(file);
        }
        return files;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7})
    void shardsTogetherAreTheWhole(int count) throws IOException {
        CaseScores whole = evaluation().run(Progress.silent());
        assertThat(whole.classes()).containsExactly(1, 2);
        assertThat(whole.dice(2)).containsExactly(1, 1, 0, 2.0 / 3, 1);
        assertThat(whole.values(Metric.HD95_MM, 2))
                .containsExactly(Double.NaN, Double.NaN, Double.POSITIVE_INFINITY, 1, Double.NaN);
        assertThat(ShardScores.gather(shards(evaluation(), count)).scores()).isEqualTo(whole);
        Evaluation given = evaluation().withClasses(new TreeSet<>(Set.of(2, 3)));
        assertThat(ShardScores.gather(shards(given, count)).scores()).isEqualTo(given.run(Progress.silent()));
    }

    @Test
    void theSharesAreThoseOfTheReferencesWhateverIsPredictedYet() throws IOException {
        Files.delete(predictions().resolve("b.nii.gz"));
        assertThat(evaluation().run(new Shard(1, 2), Progress.silent()).dice()).containsOnlyKeys("a", "c", "e");
        assertThatExceptionOfType(EvaluationException.class)
                .isThrownBy(() -> evaluation().run(new Shard(2, 2), Progress.silent()))
                .withMessageContaining("b.nii.gz] has no prediction");
        Evaluation partial = evaluation().ofPredictedOnly();
        assertThat(ShardScores.gather(shards(partial, 2)).scores()).isEqualTo(partial.run(Progress.silent()));
    }

    @Test
    void shardsWithOtherTolerancesAreRejected() throws IOException {
        Path one = folder.resolve("one.json");
        Path two = folder.resolve("two.json");
        evaluation().run(new Shard(1, 2), Progress.silent()).writeJson(one);
        evaluation()
                .withTolerances(Tolerances.uniform(3))
                .run(new Shard(2, 2), Progress.silent())
                .writeJson(two);
        assertThatIOException()
                .isThrownBy(() -> ShardScores.gather(List.of(one, two)))
                .withMessageContaining("[" + two + "] was scored with tolerances of 3 mm, [" + one + "] of 1 mm;");
    }

    @Test
    void shardsWithOtherClassNamesAreRejected() throws IOException {
        Path one = folder.resolve("one.json");
        Path two = folder.resolve("two.json");
        evaluation().run(new Shard(1, 2), Progress.silent()).writeJson(one);
        evaluation()
                .run(new Shard(2, 2), Progress.silent())
                .named(new TreeMap<>(Map.of(0, "background", 1, "liver")))
                .writeJson(two);
        assertThatIOException()
                .isThrownBy(() -> ShardScores.gather(List.of(one, two)))
                .withMessageContaining("[" + two + "] has the class names {0=background, 1=liver}, [" + one
                        + "] of no dataset; score all shards again");
    }

    @Test
    void shardsThatAreMissingOrThereTwiceAreNamed() throws IOException {
        List<Path> files = shards(evaluation(), 4);
        Path copy = Files.copy(files.get(0), folder.resolve("copy.json"));
        assertThatIOException()
                .isThrownBy(() -> ShardScores.gather(List.of(files.get(0), copy, files.get(2))))
                .withMessageContaining("shard 4/4 is there twice: [" + files.get(0) + "] and [" + copy + "]")
                .withMessageContaining("shard 1/4 is missing")
                .withMessageContaining("shard 3/4 is missing");
    }

    @Test
    void shardsOfAnotherEvaluationAreNamed() throws IOException {
        Path three = folder.resolve("three.json");
        evaluation().run(new Shard(1, 3), Progress.silent()).writeJson(three);
        List<Path> files = shards(evaluation(), 2);
        assertThatIOException()
                .isThrownBy(() -> ShardScores.gather(List.of(files.get(0), three)))
                .withMessageContaining("three.json] is shard 1/3, [" + files.get(0) + "] is one of 2");
        write("aa", new byte[] {1, 0, 0, 0}, new byte[] {1, 0, 0, 0});
        evaluation().run(new Shard(1, 2), Progress.silent()).writeJson(files.get(1));
        assertThatIOException()
                .isThrownBy(() -> ShardScores.gather(files))
                .withMessageContaining("was taken from other references than the other shards");
        Files.delete(references().resolve("aa.nii.gz"));
        Files.delete(predictions().resolve("aa.nii.gz"));
        List<Path> before = shards(evaluation(), 2);
        write("f", new byte[] {1, 0, 0, 0}, new byte[] {1, 0, 0, 0}); // of the second shard
        evaluation().run(new Shard(1, 2), Progress.silent()).writeJson(before.get(1));
        assertThatIOException()
                .isThrownBy(() -> ShardScores.gather(before))
                .withMessageContaining("was taken from other references than the other shards");
    }

    @Test
    void nothingToScoreIsAnError() throws IOException {
        Files.delete(predictions().resolve("a.nii.gz"));
        Files.delete(predictions().resolve("c.nii.gz"));
        Files.delete(predictions().resolve("d.nii.gz"));
        Files.delete(predictions().resolve("e.nii.gz"));
        assertThatIOException()
                .isThrownBy(() -> ShardScores.gather(shards(evaluation().ofPredictedOnly(), 2))
                        .scores())
                .withMessageContaining("no reference holds a voxel above 0");
    }
}
