package org.unet4j.infer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unet4j.Card;
import org.unet4j.model.Network;
import org.unet4j.torch.Device;
import org.unet4j.torch.Precision;
import org.unet4j.torch.Torch;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/** A scan segmented on a card and on the processor. */
@Tag("gpu")
class CardPredictionTest {

    private static final Grid GRID = Grid.of(new Shape(20, 24, 22), new Spacing(1, 1, 1));

    private static Device card;

    @BeforeAll
    static void start() {
        card = Card.required();
        Torch.start(2, true);
    }

    private static Labels labels(Device device, Precision precision) {
        try (Network network = PredictorWorld.spec(1).build(5)) {
            network.to(device);
            LibtorchEngine engine = LibtorchEngine.of(network, 1, PredictorWorld.CLASSES, device, precision);
            try (Predictor predictor = Predictor.of(engine, PredictorWorld.plan(1, 1))) {
                return predictor.predict(PredictorWorld.scan(GRID));
            }
        }
    }

    /** An untrained network on noise is unsure everywhere: a trained one agrees on more. */
    @ParameterizedTest
    @CsvSource({"FP32, 0.999", "TF32, 0.98", "BF16, 0.9", "FP16, 0.98"})
    void labelsAreThoseOfTheProcessorInFloat32(Precision precision, double least) {
        Labels expected = labels(Device.cpu(), Precision.FP32);
        Labels found = labels(card, precision);
        long[] counts = expected.counts();
        assertThat(counts.length).isGreaterThan(1);
        int voxels = GRID.shape().arrayLength();
        assertThat(counts[0]).as("background").isLessThan(voxels);
        int same = 0;
        for (int i = 0; i < voxels; i++) {
            same += found.get(i) == expected.get(i) ? 1 : 0;
        }
        assertThat((double) same / voxels).isGreaterThanOrEqualTo(least);
    }
}
