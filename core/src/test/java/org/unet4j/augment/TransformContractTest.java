package org.unet4j.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unet4j.torch.OneThread;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Seeds;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/** What holds for every transform. A new one is added to {@link #transforms}. */
@ExtendWith(OneThread.class)
class TransformContractTest {

    private static final Shape SHAPE = new Shape(20, 24, 22);
    private static final int CHANNELS = 2;
    private static final Spacing SPACING = new Spacing(1.5, 1, 0.8);

    /** In voxels: where linear and nearest sampling disagree on a ball's border, its centroid moves by up to this. */
    private static final double BORDER = 0.25;

    /** In voxels: the same on average over ten draws; a shift of half a voxel would show. */
    private static final double BIAS = 0.1;

    private static final Range FACTOR = new Range(0.75, 1.25);

    /** One transform, its type of draw forgotten. {@code identities} change nothing; {@code never} has probability 0. */
    record Subject(
            String name,
            Function<RandomGenerator, Draw> sample,
            Function<RandomGenerator, Draw> never,
            Apply apply,
            Apply applyToLabels,
            List<? extends Draw> identities) {

        @Override
        public String toString() {
            return name;
        }

        boolean isSpatial() {
            return applyToLabels != null;
        }
    }

    /** Applies a draw. */
    @FunctionalInterface
    interface Apply {
        Tensor apply(Draw draw, Tensor tensor);
    }

    @SuppressWarnings("unchecked")
    private static <D extends Draw> Subject spatial(
            SpatialTransform<D> always, SpatialTransform<D> never, List<D> identities) {
        return new Subject(
                always.getClass().getSimpleName(),
                always::sample,
                never::sample,
                (draw, image) -> always.apply((D) draw, image),
                (draw, labels) -> always.applyToLabels((D) draw, labels),
                identities);
    }

    @SuppressWarnings("unchecked")
    private static <D extends Draw> Subject intensity(
            IntensityTransform<D> always, IntensityTransform<D> never, List<D> identities) {
        return new Subject(
                always.getClass().getSimpleName(),
                random -> always.sample(random, CHANNELS),
                random -> never.sample(random, CHANNELS),
                (draw, image) -> always.apply((D) draw, image),
                null,
                identities);
    }

    static Stream<Subject> transforms() {
        return Stream.of(
                spatial(
                        new Rotation(1, 30, 30, 30, SPACING),
                        new Rotation(0, 30, 30, 30, SPACING),
                        List.of(Rotation.Draw.IDENTITY)),
                spatial(
                        new Scaling(1, new Range(0.7, 1.4), 0.5, Axes.ALL),
                        new Scaling(0, new Range(0.7, 1.4), 0.5, Axes.ALL),
                        List.of(Scaling.Draw.IDENTITY)),
                spatial(
                        new Elastic(1, 12, 4, Axes.ALL, SPACING),
                        new Elastic(0, 12, 4, Axes.ALL, SPACING),
                        List.of(Elastic.Draw.IDENTITY, new Elastic.Draw(0, 7))),
                spatial(new Mirroring(1, Axes.ALL), new Mirroring(0, Axes.ALL), List.of(Mirroring.Draw.IDENTITY)),
                intensity(
                        new Noise(1, new Range(0.05, 0.1)),
                        new Noise(0, new Range(0.05, 0.1)),
                        List.of(Noise.Draw.IDENTITY, new Noise.Draw(0, 7))),
                intensity(
                        new Blur(1, 1, new Range(0.5, 1), 0.5),
                        new Blur(0, 1, new Range(0.5, 1), 0.5),
                        List.of(Blur.Draw.IDENTITY, new Blur.Draw(List.of(Blur.Sigma.SHARP, Blur.Sigma.SHARP)))),
                intensity(
                        new Brightness(1, FACTOR),
                        new Brightness(0, FACTOR),
                        List.of(Brightness.Draw.IDENTITY, new Brightness.Draw(List.of(1.0, 1.0)))),
                intensity(
                        new Contrast(1, FACTOR),
                        new Contrast(0, FACTOR),
                        List.of(Contrast.Draw.IDENTITY, new Contrast.Draw(List.of(1.0, 1.0)))),
                intensity(
                        new LowResolution(1, 1, new Range(0.5, 0.9), Axes.ALL),
                        new LowResolution(0, 1, new Range(0.5, 0.9), Axes.ALL),
                        List.of(LowResolution.Draw.IDENTITY, new LowResolution.Draw(List.of(1.0, 1.0)))),
                intensity(
                        new Gamma(1, new Range(0.7, 1.5), false),
                        new Gamma(0, new Range(0.7, 1.5), false),
                        List.of(Gamma.Draw.IDENTITY, new Gamma.Draw(List.of(1.0, 1.0)))),
                intensity(
                        new Gamma(1, new Range(0.7, 1.5), true),
                        new Gamma(0, new Range(0.7, 1.5), true),
                        List.of(Gamma.Draw.IDENTITY)));
    }

    private static Stream<Subject> spatialTransforms() {
        return transforms().filter(Subject::isSpatial);
    }

    @ParameterizedTest
    @MethodSource("transforms")
    void sameSeedDrawsTheSameAndOthersDiffer(Subject transform) {
        Set<Draw> draws = new HashSet<>();
        for (long seed = 0; seed < 20; seed++) {
            Draw draw = transform.sample.apply(Seeds.random(seed));
            assertThat(transform.sample.apply(Seeds.random(seed))).isEqualTo(draw);
            assertThat(draw.isIdentity()).isFalse();
            draws.add(draw);
        }
        // mirroring along every axis with certainty has one draw only
        assertThat(draws).hasSizeGreaterThan(transform.name.equals("Mirroring") ? 0 : 19);
    }

    @ParameterizedTest
    @MethodSource("transforms")
    void probabilityZeroDrawsTheIdentity(Subject transform) {
        for (long seed = 0; seed < 20; seed++) {
            assertThat(transform.never.apply(Seeds.random(seed)).isIdentity()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("transforms")
    void sameDrawSameResultAndTheGivenImageIsLeftAsItIs(Subject transform) {
        try (Scope scope = new Scope()) {
            Tensor image = Worlds.random(1, CHANNELS, SHAPE);
            float[] before = Tensors.toFloats(image);
            Draw draw = transform.sample.apply(Seeds.random(3));
            float[] first = Tensors.toFloats(transform.apply.apply(draw, image));
            float[] second = Tensors.toFloats(transform.apply.apply(draw, image));
            assertThat(second).isEqualTo(first);
            assertThat(first).isNotEqualTo(before).doesNotContain(Float.NaN);
            assertThat(Tensors.toFloats(image)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @MethodSource("transforms")
    void theIdentityDrawChangesNoBit(Subject transform) {
        try (Scope scope = new Scope()) {
            Tensor image = Worlds.random(2, CHANNELS, SHAPE);
            Tensor labels = Worlds.bytes(Worlds.ball(SHAPE, 9, 9, 9, 5));
            for (Draw draw : transform.identities) {
                assertThat(draw.isIdentity()).isTrue();
                assertThat(Tensors.toFloats(transform.apply.apply(draw, image))).isEqualTo(Tensors.toFloats(image));
                if (transform.isSpatial()) {
                    assertThat(Tensors.toBytes(transform.applyToLabels.apply(draw, labels)))
                            .isEqualTo(Tensors.toBytes(labels));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("transforms")
    void aConstantImageStaysFinite(Subject transform) {
        try (Scope scope = new Scope()) {
            Tensor image = Tensors.of(new float[CHANNELS * SHAPE.arrayLength()], CHANNELS, 20, 24, 22);
            for (long seed = 0; seed < 5; seed++) {
                for (float value :
                        Tensors.toFloats(transform.apply.apply(transform.sample.apply(Seeds.random(seed)), image))) {
                    assertThat(Float.isFinite(value)).isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("spatialTransforms")
    void labelsStayLabelsInTheirOwnType(Subject transform) {
        try (Scope scope = new Scope()) {
            byte[] classes = new byte[SHAPE.arrayLength()];
            for (int i = 0; i < classes.length; i++) {
                classes[i] = (byte) (i % 7 == 0 ? 5 : i % 11 == 0 ? 250 : 0);
            }
            Tensor labels = Tensors.ofBytes(classes, SHAPE.z(), SHAPE.y(), SHAPE.x());
            for (ScalarType type : List.of(ScalarType.Byte, ScalarType.Long)) {
                Tensor moved = transform.applyToLabels.apply(transform.sample.apply(Seeds.random(5)), labels.to(type));
                assertThat(moved.scalar_type().intern()).isEqualTo(type);
                Set<Integer> found = new HashSet<>();
                for (byte value : Tensors.toBytes(moved)) {
                    found.add(value & 0xff);
                }
                assertThat(found).containsExactlyInAnyOrder(0, 5, 250);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("spatialTransforms")
    void imageAndLabelsMoveTogether(Subject transform) {
        try (Scope scope = new Scope()) {
            Tensor ball = Worlds.ball(SHAPE, 11, 10, 12, 6);
            BinaryOperator<double[]> difference = (a, b) -> new double[] {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
            List<Double> moves = new ArrayList<>();
            double[] bias = new double[Shape.AXES];
            for (long seed = 0; seed < 10; seed++) {
                Draw draw = transform.sample.apply(Seeds.random(seed));
                double[] image = Worlds.centroid(
                        transform.apply.apply(draw, ball.unsqueeze(0)).squeeze(0));
                double[] labels = Worlds.centroid(transform.applyToLabels.apply(draw, Worlds.bytes(ball)));
                double[] off = difference.apply(image, labels);
                for (int axis = 0; axis < Shape.AXES; axis++) {
                    assertThat(off[axis]).isCloseTo(0, within(BORDER));
                    bias[axis] += off[axis] / 10;
                }
                for (double moved : difference.apply(image, Worlds.centroid(ball))) {
                    moves.add(Math.abs(moved));
                }
            }
            assertThat(moves).anyMatch(moved -> moved > 0.3);
            assertThat(bias).containsExactly(new double[Shape.AXES], within(BIAS));
        }
    }
}
