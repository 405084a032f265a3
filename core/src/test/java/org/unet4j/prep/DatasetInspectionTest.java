package org.unet4j.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Problem;
import org.unet4j.io.Progress;

class DatasetInspectionTest {

    @TempDir
    Path folder;

    private RowWorld world;

    @BeforeEach
    void makeWorld() throws IOException {
        world = new RowWorld(folder);
    }

    /** All but the warnings that a row is too small for a scan. */
    private DatasetInspection inspection() throws IOException {
        DatasetInspection all = DatasetInspection.of(world.dataset(), 2, Progress.silent());
        List<Problem> grave = all.problems().stream()
                .filter(problem -> !problem.what().contains("too few for a scan"))
                .filter(problem -> !problem.what().startsWith("every voxel is"))
                .toList();
        return new DatasetInspection(all.contents(), all.cases(), grave);
    }

    @Test
    void theContentsAreThoseOfTheFilesAndNotOfTheCrop() throws IOException {
        world.labelled("one", 1, "##....", "12....");
        world.labelled("two", -1, "####..", "11....");
        world.labelled("three", -1, "####....", "1111....");
        Contents contents = inspection().contents().orElseThrow();
        assertThat(contents.cases()).isEqualTo(3);
        assertThat(contents.shape())
                .containsExactly(
                        new Contents.Spread(6, 6, 8), new Contents.Spread(1, 1, 1), new Contents.Spread(1, 1, 1));
        assertThat(contents.spacing())
                .containsExactly(
                        new Contents.Spread(10, 10, 10),
                        new Contents.Spread(20, 20, 20),
                        new Contents.Spread(50, 50, 50));
        assertThat(contents.orientations()).isEqualTo(Map.of("RAS", 1, "LAS", 2));
        assertThat(contents.channels()).singleElement().satisfies(ct -> {
            assertThat(ct.name()).isEqualTo("CT");
            assertThat(ct.min()).isEqualTo(RowWorld.AIR);
            assertThat(ct.max()).isEqualTo(RowWorld.TISSUE);
            assertThat(ct.mean()).as("10 of 20 voxels are air").isCloseTo(-480, within(1e-9));
        });
        assertThat(contents.classes().keySet()).containsExactly(1, 2);
        CaseContents two = inspection().cases().get(1);
        assertThat(two.id()).isEqualTo("two");
        assertThat(two.shape()).containsExactly(6, 1, 1);
        assertThat(two.spacing()).containsExactly(10.0, 20.0, 50.0);
        assertThat(two.orientation()).isEqualTo("LAS");
        assertThat(two.voxels()).isEqualTo(Map.of(0, 4L, 1, 2L));
        assertThat(two.volumesMl()).isEqualTo(Map.of(0, 40.0, 1, 20.0));
        assertThat(contents.classes().get(1))
                .isEqualTo(new Contents.Occurrence(
                        "bone",
                        3,
                        Optional.of(new Contents.Spread(1, 2, 4)),
                        Optional.of(new Contents.Spread(10, 20, 40))));
        assertThat(contents.classes().get(2))
                .as("over the cases that have it")
                .isEqualTo(new Contents.Occurrence(
                        "marrow",
                        1,
                        Optional.of(new Contents.Spread(1, 1, 1)),
                        Optional.of(new Contents.Spread(10, 10, 10))));
    }

    @Test
    void whatCannotBeReadIsAProblemAndTheOthersAreStillShown() throws IOException {
        world.labelled("one", 1, "##....", "11....");
        world.labelled("two", 1, "####..", "11....");
        Files.write(world.labelled.get(0).images().get(0), new byte[9]);
        DatasetInspection found = inspection();
        assertThat(found.problems()).singleElement().matches(Problem::isError);
        Contents contents = found.contents().orElseThrow();
        assertThat(contents.cases()).isEqualTo(1);
        assertThat(contents.classes().get(2))
                .isEqualTo(new Contents.Occurrence("marrow", 0, Optional.empty(), Optional.empty()));
        Files.write(world.labelled.get(1).labels().orElseThrow(), new byte[9]);
        assertThat(inspection().contents()).isEmpty();
    }

    @Test
    void unlabelledCasesAreLookedAtForProblemsOnly() throws IOException {
        world.labelled("one", 1, "##....", "12....");
        world.labelled("two", 1, "###...", "12....");
        DatasetInspection before = inspection();
        world.unlabelled("three", "#########");
        DatasetInspection after = inspection();
        assertThat(after.problems()).isEqualTo(before.problems());
        assertThat(after.contents()).isEqualTo(before.contents());
        assertThat(after.cases()).hasSize(3).startsWith(before.cases().toArray(CaseContents[]::new));
        assertThat(after.cases().get(2).voxels()).isEmpty();
        Files.write(world.unlabelled.get(0).images().get(0), new byte[9]);
        assertThat(inspection().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.file()).hasFileName("three.nii.gz"));
    }

    @Test
    void foregroundThatACropLosesIsTold() throws IOException {
        world.labelled("one", 1, "#####...###.", ".1.......12.");
        world.labelled("two", 1, "#####.......", ".12.........");
        assertThat(inspection().problems())
                .isEqualTo(Survey.of(world.dataset(), world.all(), 2, Progress.silent())
                        .problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.what()).startsWith("2 of 3 foreground voxels lie outside"));
    }
}
