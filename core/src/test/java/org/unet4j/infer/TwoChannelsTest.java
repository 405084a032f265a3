package org.unet4j.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.unet4j.prep.Budget;
import org.unet4j.prep.Channel;
import org.unet4j.prep.CropRule;
import org.unet4j.prep.Normalization;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Resampling;
import org.unet4j.prep.Topology;
import org.unet4j.prep.TrainingRanges;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

/** Channels that are no CT, of which each is compared with its own range. */
class TwoChannelsTest {

    private static final Shape SCAN = new Shape(10, 14, 12);

    @Test
    void otherChannelsThanCtAreComparedWithWhatWasLabelled() {
        TrainingRanges ranges = new TrainingRanges(
                5,
                new Spacing(1, 1, 1),
                new Spacing(1, 1, 1),
                List.of(new TrainingRanges.Channel(0, 0), new TrainingRanges.Channel(100, 900)));
        Grid grid = Grid.of(SCAN, new Spacing(1, 1, 1));
        short[] voxels = new short[SCAN.arrayLength()];
        for (int i = 0; i < voxels.length; i++) {
            voxels[i] = (short) (i % 7);
        }
        Scan scan = new Scan("mr", List.of(Volume.of(grid, voxels), Volume.of(grid, voxels)));
        assertThat(ScanCheck.warnings(twoChannels("T1", "T2"), Optional.of(ranges), scan))
                .containsExactly(
                        "its values of channel T2 go from 0 to 6, 0.0 % of them from 100 to 900, where what was"
                                + " labelled in training lies: check that it is stored as those scans were");
        assertThat(ScanCheck.warnings(twoChannels("T1", "T2"), Optional.empty(), scan))
                .isEmpty();
    }

    @Test
    void networksThatTakeTheSameChannelsInAnotherOrderAreNoEnsemble() {
        try (Predictor first = Predictor.of(new ConvolutionEngine(1, 2, 3), twoChannels("T1", "T2"));
                Predictor second = Predictor.of(new ConvolutionEngine(1, 2, 3), twoChannels("T2", "T1"))) {
            assertThatThrownBy(() -> Predictor.ensemble(List.of(first, second)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[T2, T1], the first [T1, T2]");
        }
    }

    private static Plan twoChannels(String first, String second) {
        Normalization mr = new Normalization.ZScore();
        return new Plan(
                "world",
                List.of(new Channel(first, mr), new Channel(second, mr)),
                new TreeMap<>(Map.of(0, "background", 1, "front", 2, "back")),
                CropRule.NONE,
                new Spacing(1, 1, 1),
                Resampling.standard(),
                SCAN,
                Budget.COMPACT,
                Shape.cube(8),
                2,
                new Topology(
                        List.of(Shape.cube(1), Shape.cube(2)), List.of(Shape.cube(3), Shape.cube(3)), List.of(4, 8)));
    }
}
