package org.unet4j.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.unet4j.torch.OneThread;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

@ExtendWith(OneThread.class)
class AugmentationTest {

    private static final Spacing CUBIC = new Spacing(1, 1, 1);
    private static final Shape PATCH = new Shape(12, 16, 14);
    private static final Augmentation STANDARD = Augmentation.standard(CUBIC, PATCH);

    private static Batch batch(long seed, int samples, Shape shape) {
        Tensor image = Worlds.random(seed, 2 * samples, shape).reshape(samples, 2, shape.z(), shape.y(), shape.x());
        Tensor target =
                image.select(1, 0).gt(new org.bytedeco.pytorch.Scalar(0.3f)).to(ScalarType.Byte);
        return new Batch(image, target);
    }

    private static Batch only(Batch batch, int n) {
        return new Batch(batch.imageNCDHW().narrow(0, n, 1), batch.targetNDHW().narrow(0, n, 1));
    }

    @Test
    void aSampleDependsOnItsOwnSeedAlone() {
        try (Scope scope = new Scope()) {
            List<Long> seeds = LongStream.range(0, 24).boxed().toList();
            Batch source = batch(1, seeds.size(), STANDARD.sourceShape(PATCH));
            Batch together = STANDARD.apply(source, PATCH, seeds);
            int threads = torch.get_num_threads();
            torch.set_num_threads(threads == 1 ? 2 : 1);
            int resampled = 0;
            for (int n = 0; n < seeds.size(); n++) {
                Batch alone = STANDARD.apply(only(source, n), PATCH, List.of(seeds.get(n)));
                assertThat(Tensors.toFloats(alone.imageNCDHW()))
                        .isEqualTo(Tensors.toFloats(together.imageNCDHW().select(0, n)));
                assertThat(Tensors.toBytes(alone.targetNDHW()))
                        .isEqualTo(Tensors.toBytes(together.targetNDHW().select(0, n)));
                resampled += STANDARD.sample(seeds.get(n), 2).resamples() ? 1 : 0;
            }
            torch.set_num_threads(threads);
            assertThat(resampled).isBetween(1, seeds.size() - 1); // else this showed too little
        }
    }

    @Test
    void theResultOutlivesTheCallInTheShapeOfThePatch() {
        try (Scope scope = new Scope()) {
            Batch result = STANDARD.apply(batch(2, 3, STANDARD.sourceShape(PATCH)), PATCH, List.of(1L, 2L, 3L));
            assertThat(Tensors.shape(result.imageNCDHW())).containsExactly(3, 2, 12, 16, 14);
            assertThat(Tensors.shape(result.targetNDHW())).containsExactly(3, 12, 16, 14);
            assertThat(result.imageNCDHW().scalar_type().intern()).isEqualTo(ScalarType.Float);
            assertThat(result.targetNDHW().scalar_type().intern()).isEqualTo(ScalarType.Byte);
            assertThat(Tensors.toFloats(result.imageNCDHW())).doesNotContain(Float.NaN);
        }
    }

    @Test
    void lightAugmentationChangesIntensitiesAndNeverLabelsOrPlaces() {
        try (Scope scope = new Scope()) {
            Augmentation light = Augmentation.light();
            assertThat(light.sourceShape(PATCH)).isEqualTo(PATCH);
            Batch source = batch(5, 8, PATCH);
            Batch result =
                    light.apply(source, PATCH, LongStream.range(0, 8).boxed().toList());
            assertThat(Tensors.toBytes(result.targetNDHW())).isEqualTo(Tensors.toBytes(source.targetNDHW()));
            assertThat(Tensors.toFloats(result.imageNCDHW())).isNotEqualTo(Tensors.toFloats(source.imageNCDHW()));
        }
    }

    @Test
    void noAugmentationIsTheMiddleBitForBit() {
        try (Scope scope = new Scope()) {
            Batch source = batch(3, 2, new Shape(15, 16, 19)); // margins that are odd, none and odd
            Batch result = Augmentation.none().apply(source, PATCH, List.of(1L, 2L));
            Tensor expected =
                    source.imageNCDHW().narrow(2, 1, 12).narrow(3, 0, 16).narrow(4, 2, 14);
            assertThat(Tensors.toFloats(result.imageNCDHW())).isEqualTo(Tensors.toFloats(expected));
            assertThat(Tensors.toBytes(result.targetNDHW()))
                    .isEqualTo(Tensors.toBytes(source.targetNDHW()
                            .narrow(1, 1, 12)
                            .narrow(2, 0, 16)
                            .narrow(3, 2, 14)));
        }
    }

    @Test
    void noAugmentationNeedsNoMoreThanThePatch() {
        assertThat(Augmentation.none().sourceShape(PATCH)).isEqualTo(PATCH);
    }

    @Test
    void turnsScalesAndBendsAreOneResampling() {
        try (Scope scope = new Scope()) {
            // resampled twice, a checkerboard of single voxels would fade; one quarter turn and its way back do not
            Batch source = batch(4, 1, Shape.cube(16));
            Draws draws = STANDARD.sample(0, 2);
            Draws quarter = new Draws(
                    new Rotation.Draw(90, 0, 0),
                    Scaling.Draw.IDENTITY,
                    Elastic.Draw.IDENTITY,
                    Noise.Draw.IDENTITY,
                    Blur.Draw.IDENTITY,
                    Brightness.Draw.IDENTITY,
                    Contrast.Draw.IDENTITY,
                    LowResolution.Draw.IDENTITY,
                    Gamma.Draw.IDENTITY,
                    Gamma.Draw.IDENTITY,
                    new Mirroring.Draw(List.of(1)));
            assertThat(quarter.resamples()).isTrue();
            assertThat(draws).isNotEqualTo(quarter);
            Batch turned = STANDARD.applyDraws(source, Shape.cube(16), List.of(quarter));
            Tensor expected = source.targetNDHW().transpose(2, 3);
            assertThat(Tensors.toBytes(turned.targetNDHW())).isEqualTo(Tensors.toBytes(expected));
        }
    }

    @Test
    void mirroringWithinTheResamplingFlipsWhatItGives() {
        try (Scope scope = new Scope()) {
            Batch source = batch(6, 1, STANDARD.sourceShape(PATCH));
            int resampled = 0;
            for (long seed = 0; seed < 12; seed++) {
                Draws moved = spatialPart(STANDARD.sample(seed, 2), List.of());
                Draws mirrored = spatialPart(moved, List.of(0, 2));
                resampled += moved.resamples() ? 1 : 0;
                Batch expected = STANDARD.applyDraws(source, PATCH, List.of(moved));
                Batch found = STANDARD.applyDraws(source, PATCH, List.of(mirrored));
                assertThat(Tensors.toFloats(found.imageNCDHW()))
                        .isEqualTo(Tensors.toFloats(expected.imageNCDHW().flip(2, 4)));
                assertThat(Tensors.toBytes(found.targetNDHW()))
                        .isEqualTo(Tensors.toBytes(expected.targetNDHW().flip(1, 3)));
            }
            assertThat(resampled).isBetween(1, 11);
        }
    }

    private static Draws spatialPart(Draws draws, List<Integer> mirrored) {
        Draws none = Augmentation.none().sample(0, 0);
        return new Draws(
                draws.rotation(),
                draws.scaling(),
                draws.elastic(),
                none.noise(),
                none.blur(),
                none.brightness(),
                none.contrast(),
                none.lowResolution(),
                none.invertedGamma(),
                none.gamma(),
                new Mirroring.Draw(mirrored));
    }

    @Test
    void croppingWithinTheResamplingIsCroppingFirst() {
        try (Scope scope = new Scope()) {
            // what lies farther out than any voxel is taken from may be anything
            Batch small = batch(7, 1, new Shape(15, 17, 16));
            Batch padded = new Batch(
                    torch.constant_pad_nd(small.imageNCDHW(), new long[] {4, 5, 3, 2, 6, 6}),
                    torch.constant_pad_nd(small.targetNDHW(), new long[] {4, 5, 3, 2, 6, 6}));
            Draws turned = spatialPart(
                    new Draws(
                            new Rotation.Draw(10, 5, -5),
                            new Scaling.Draw(1.3, 1.2, 1.4),
                            Elastic.Draw.IDENTITY,
                            Noise.Draw.IDENTITY,
                            Blur.Draw.IDENTITY,
                            Brightness.Draw.IDENTITY,
                            Contrast.Draw.IDENTITY,
                            LowResolution.Draw.IDENTITY,
                            Gamma.Draw.IDENTITY,
                            Gamma.Draw.IDENTITY,
                            Mirroring.Draw.IDENTITY),
                    List.of());
            Batch expected = STANDARD.applyDraws(small, PATCH, List.of(turned));
            Batch found = STANDARD.applyDraws(padded, PATCH, List.of(turned));
            assertThat(Tensors.toFloats(found.imageNCDHW()))
                    .containsExactly(Tensors.toFloats(expected.imageNCDHW()), within(1e-5f));
            assertThat(Tensors.toBytes(found.targetNDHW())).isEqualTo(Tensors.toBytes(expected.targetNDHW()));
        }
    }

    @Test
    void theSourceHasRoomForTurnsAboutEachAxisAndForShrinking() {
        try (Scope scope = new Scope()) {
            Shape source = STANDARD.sourceShape(PATCH);
            Tensor ones = torch.ones(1, 1, source.z(), source.y(), source.x());
            Tensor target = torch.ones(1, source.z(), source.y(), source.x());
            for (double[] degrees : new double[][] {{30, 0, 0}, {-30, 0, 0}, {0, 30, 0}, {0, 0, -30}}) {
                Draws identity = Augmentation.none().sample(1, 1);
                Draws draws = new Draws(
                        new Rotation.Draw(degrees[0], degrees[1], degrees[2]),
                        new Scaling.Draw(0.851, 0.851, 0.851),
                        identity.elastic(),
                        identity.noise(),
                        identity.blur(),
                        identity.brightness(),
                        identity.contrast(),
                        identity.lowResolution(),
                        identity.invertedGamma(),
                        identity.gamma(),
                        identity.mirroring());
                Batch result = STANDARD.applyDraws(new Batch(ones, target), PATCH, List.of(draws));
                for (float value : Tensors.toFloats(result.imageNCDHW())) {
                    assertThat(value).isGreaterThan(0.999f);
                }
            }
        }
    }

    @Test
    void theSourceIsNoLargerThanTwiceThePatchAndAsEvenAsIt() {
        for (Shape patch : List.of(PATCH, new Shape(40, 56, 40), new Shape(9, 64, 15), Shape.cube(1))) {
            Shape source = Augmentation.standard(CUBIC, patch).sourceShape(patch);
            for (int axis = 0; axis < Shape.AXES; axis++) {
                assertThat(source.get(axis)).isBetween(patch.get(axis), 2 * patch.get(axis));
            }
        }
        assertThat(Augmentation.standard(CUBIC, new Shape(40, 56, 40)).sourceShape(new Shape(40, 56, 40)))
                .isEqualTo(new Shape(78, 84, 78));
    }

    @Test
    void aFlatPatchIsTurnedScaledAndBentInItsPlaneOnly() {
        Augmentation flat = Augmentation.standard(new Spacing(5, 1, 1), new Shape(16, 128, 128));
        assertThat(flat.rotation().zDegrees()).isEqualTo(30);
        assertThat(flat.rotation().yDegrees()).isZero();
        assertThat(flat.rotation().xDegrees()).isZero();
        assertThat(flat.scaling().axes()).containsExactly(1, 2);
        assertThat(flat.elastic().axes()).containsExactly(1, 2);
        assertThat(flat.lowResolution().axes()).containsExactly(1, 2);
        assertThat(flat.sourceShape(new Shape(16, 128, 128)).z()).isEqualTo(16);
        assertThat(STANDARD.rotation().xDegrees()).isEqualTo(30);
    }

    @Test
    void transformsAreDrawnAsOftenAsTheirSettingsSay() {
        int samples = 4000;
        int[] counts = new int[6];
        List<Mirroring.Draw> flips = new ArrayList<>();
        for (long seed = 0; seed < samples; seed++) {
            Draws draws = STANDARD.sample(seed, 1);
            counts[0] += draws.rotation().isIdentity() ? 0 : 1;
            counts[1] += draws.scaling().isIdentity() ? 0 : 1;
            counts[2] += draws.elastic().isIdentity() ? 0 : 1;
            counts[3] += draws.gamma().isIdentity() ? 0 : 1;
            counts[4] += draws.invertedGamma().isIdentity() ? 0 : 1;
            counts[5] += draws.resamples() ? 1 : 0;
            flips.add(draws.mirroring());
        }
        double[] expected = {0.2, 0.2, 0.1, 0.3, 0.1, 1 - 0.8 * 0.8 * 0.9};
        for (int i = 0; i < counts.length; i++) {
            double standardError = Math.sqrt(expected[i] * (1 - expected[i]) / samples);
            assertThat((double) counts[i] / samples)
                    .isBetween(expected[i] - 4 * standardError, expected[i] + 4 * standardError);
        }
        assertThat(flips).contains(new Mirroring.Draw(List.of(0, 2)));
    }

    @Test
    void mirroringCanBeRestricted() {
        Augmentation sides = STANDARD.withMirroring(List.of(0, 1));
        for (long seed = 0; seed < 100; seed++) {
            assertThat(sides.sample(seed, 1).mirroring().axes()).doesNotContain(2);
            assertThat(sides.sample(seed, 1).rotation())
                    .isEqualTo(STANDARD.sample(seed, 1).rotation());
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        try (Scope scope = new Scope()) {
            Batch source = batch(5, 2, PATCH);
            assertThatThrownBy(() -> STANDARD.apply(source, PATCH, List.of(1L)))
                    .hasMessage("a batch of 2 samples needs as many seeds, given 1");
            assertThatThrownBy(() -> STANDARD.apply(source, new Shape(12, 17, 14), List.of(1L, 2L)))
                    .hasMessageContaining("source (12, 16, 14)")
                    .hasMessageContaining("patch (12, 17, 14)");
            assertThatThrownBy(() -> new Batch(source.imageNCDHW(), source.imageNCDHW()))
                    .hasMessageContaining("5 axes");
            assertThatThrownBy(() ->
                            new Batch(source.imageNCDHW(), source.targetNDHW().narrow(1, 0, 3)))
                    .hasMessageContaining("(12, 16, 14)")
                    .hasMessageContaining("(3, 16, 14)");
        }
    }
}
