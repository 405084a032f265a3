package org.unet4j.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

class TrainingRangesTest {

    private static final Fingerprint FINGERPRINT = new Fingerprint(
            "world",
            List.of(
                    size("patient_1", new Spacing(2.5, 0.7, 0.9)),
                    size("patient_2", new Spacing(1, 0.8, 0.6)),
                    size("patient_3", new Spacing(7, 0.1, 3))),
            List.of(new Intensities(40, 30, -500, 900, 38, -96, 215)));

    @TempDir
    Path folder;

    private static Fingerprint.CaseSize size(String id, Spacing spacing) {
        return new Fingerprint.CaseSize(id, Shape.cube(9), spacing);
    }

    @Test
    void theyAreOfTheCasesThatAreLearntFromAndNameNone() throws IOException {
        TrainingRanges ranges = TrainingRanges.of(FINGERPRINT, List.of("patient_1", "patient_2", "unlabelled"))
                .orElseThrow();
        assertThat(ranges)
                .isEqualTo(new TrainingRanges(
                        2,
                        new Spacing(1, 0.7, 0.6),
                        new Spacing(2.5, 0.8, 0.9),
                        List.of(new TrainingRanges.Channel(-96, 215))));
        ranges.write(folder);
        assertThat(TrainingRanges.read(folder, Worlds.plan())).contains(ranges);
        assertThat(Files.readString(folder.resolve("ranges.yaml"))).doesNotContain("patient");
    }

    @Test
    void whereNothingIsKnownThereAreNone() throws IOException {
        assertThat(TrainingRanges.of(FINGERPRINT, List.of("somebody"))).isEmpty();
        assertThat(TrainingRanges.read(folder, Worlds.plan())).isEmpty();
    }

    @Test
    void rangesOfOtherChannelsAreRefused() throws IOException {
        TrainingRanges.Channel channel = new TrainingRanges.Channel(0, 1);
        new TrainingRanges(1, new Spacing(1, 1, 1), new Spacing(1, 1, 1), List.of(channel, channel)).write(folder);
        assertThatThrownBy(() -> TrainingRanges.read(folder, Worlds.plan()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ranges.yaml] has 2 channels, the plan beside it 1");
    }
}
