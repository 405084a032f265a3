package org.unet4j.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.eval.CaseScore;
import org.unet4j.eval.ClassMeasures;

class PartialScoresTest {

    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsReadUntilItIsCleared() throws Exception {
        PartialScores partial = new PartialScores(folder.resolve("unet-seed1"));
        ClassMeasures measures = new ClassMeasures(0.3, 0.5, 0.5, 0, 0, Double.POSITIVE_INFINITY, 1, 0.7, 1);
        PartialScores.Scored scored = new PartialScores.Scored(
                new CaseScore("ball_4", new TreeMap<>(Map.of(1, 0.5)), Optional.of(new TreeMap<>(Map.of(1, measures)))),
                2.5);
        partial.write(scored);
        assertThat(partial.read("ball_4")).contains(scored);
        assertThat(partial.read("ball_5")).isEmpty();
        partial.clear();
        assertThat(partial.read("ball_4")).isEmpty();
        assertThat(folder.resolve("unet-seed1")).doesNotExist();
        partial.clear();
    }

    @Test
    void scoresByDiceAloneAreMadeAnew() throws Exception {
        PartialScores partial = new PartialScores(folder);
        partial.write(new PartialScores.Scored(new CaseScore("ball_4", new TreeMap<>(Map.of(1, 0.5))), 2.5));
        assertThat(partial.read("ball_4")).isEmpty();
    }

    @Test
    void theMostMemoryOfAllProcessesCounts() throws Exception {
        PartialScores partial = new PartialScores(folder);
        partial.add(new PartialScores.Memory(OptionalLong.of(7), OptionalLong.empty()));
        assertThat(partial.add(new PartialScores.Memory(OptionalLong.of(5), OptionalLong.of(3))))
                .isEqualTo(new PartialScores.Memory(OptionalLong.of(7), OptionalLong.of(3)));
    }
}
