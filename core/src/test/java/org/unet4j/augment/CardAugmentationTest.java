package org.unet4j.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.unet4j.Card;
import org.unet4j.torch.Device;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.torch.Torch;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/** A card augments as the processor does, but for rounding and for noise. */
@Tag("gpu")
class CardAugmentationTest {

    private static final Shape SOURCE = new Shape(40, 44, 48);
    private static final Shape PATCH = Shape.cube(24);
    private static final int SAMPLES = 24;

    private static Device card;

    @BeforeAll
    static void start() {
        card = Card.required();
        Torch.start(1, true); // with it, products need cuBLAS to be deterministic
    }

    private static Batch batch() {
        float[] voxels = new float[SAMPLES * SOURCE.arrayLength()];
        byte[] classes = new byte[voxels.length];
        for (int i = 0; i < voxels.length; i++) {
            int x = i % SOURCE.x();
            int y = i / SOURCE.x() % SOURCE.y();
            int z = i / (SOURCE.x() * SOURCE.y()) % SOURCE.z();
            voxels[i] = (float) (Math.sin(0.2 * x) * Math.cos(0.15 * y) + 0.02 * z);
            classes[i] = (byte) (voxels[i] > 0.8 ? 2 : voxels[i] > 0.3 ? 1 : 0);
        }
        return new Batch(
                Tensors.of(voxels, SAMPLES, 1, SOURCE.z(), SOURCE.y(), SOURCE.x()),
                Tensors.ofBytes(classes, SAMPLES, SOURCE.z(), SOURCE.y(), SOURCE.x()));
    }

    private static Batch onCard(Batch batch) {
        return new Batch(
                Tensors.to(batch.imageNCDHW(), card, ScalarType.Float),
                Tensors.to(batch.targetNDHW(), card, ScalarType.Byte));
    }

    /** All transforms but noise, on many samples: each is drawn for some of them. */
    @Test
    void imagesAndLabelsAreThoseOfTheProcessor() {
        Augmentation standard = Augmentation.standard(new Spacing(1, 1, 1), PATCH);
        Augmentation silent = new Augmentation(
                standard.rotation(),
                standard.scaling(),
                standard.elastic(),
                Augmentation.none().noise(),
                standard.blur(),
                standard.brightness(),
                standard.contrast(),
                standard.lowResolution(),
                standard.invertedGamma(),
                standard.gamma(),
                standard.mirroring());
        List<Long> seeds = LongStream.range(0, SAMPLES).boxed().toList();
        try (Scope scope = new Scope()) {
            Batch source = batch();
            Batch expected = silent.apply(source, PATCH, seeds);
            Batch found = silent.apply(onCard(source), PATCH, seeds);
            assertThat(found.imageNCDHW().is_cuda()).isTrue();
            assertThat(Card.difference(Tensors.toDoubles(found.imageNCDHW()), Tensors.toDoubles(expected.imageNCDHW())))
                    .isLessThan(1e-3);
            byte[] labels = Tensors.toBytes(expected.targetNDHW());
            byte[] others = Tensors.toBytes(found.targetNDHW());
            int same = 0;
            for (int i = 0; i < labels.length; i++) {
                same += labels[i] == others[i] ? 1 : 0;
            }
            // Places between two voxels are rounded either way.
            assertThat((double) same / labels.length).isGreaterThan(0.999);
        }
    }

    @Test
    void noiseHasItsDeviationAndFollowsItsSeed() {
        Noise noise = new Noise(1, new Range(0, 1));
        try (Scope scope = new Scope()) {
            Tensor nothing = Tensors.zeros(new long[] {1, 64, 64, 64}, ScalarType.Float, card);
            float[] first = Tensors.toFloats(noise.apply(new Noise.Draw(0.5, 3), nothing));
            assertThat(Tensors.toFloats(noise.apply(new Noise.Draw(0.5, 3), nothing)))
                    .isEqualTo(first);
            assertThat(Tensors.toFloats(noise.apply(new Noise.Draw(0.5, 4), nothing)))
                    .isNotEqualTo(first);
            double squares = 0;
            for (float value : first) {
                squares += (double) value * value;
            }
            // The deviation of n draws is off by 1 / sqrt(2 n), here 0.14 %: five times that.
            assertThat(Math.sqrt(squares / first.length)).isCloseTo(0.5, within(0.0035));
        }
    }
}
