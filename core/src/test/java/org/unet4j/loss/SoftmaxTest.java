package org.unet4j.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;

/** Losses by their definitions, every voxel and class in a tensor, with autograd through all of it: the same values and gradients. */
class SoftmaxTest {

    /** Largest difference of two gradients over the largest gradient: float64 sums in another order. */
    private static final double EXACT = 1e-13;

    /** The same in float32. */
    private static final double FLOAT32 = 1e-6;

    /** One rounding of each gradient to 8 and 11 bits, where the two lie on either side of a half. */
    private static final double BFLOAT16 = 1.0 / 128;

    private static final double FLOAT16 = 1.0 / 1024;

    private final Scope scope = new Scope();

    @AfterEach
    void close() {
        scope.close();
    }

    /** A loss as its paper has it: p and log p of each class, and 1 where the target is of the class, else 0. */
    private static Tensor byDefinition(Loss loss, Tensor logitsNCDHW, Tensor targetNDHW) {
        boolean exact = logitsNCDHW.scalar_type().intern() == ScalarType.Double;
        Tensor logitsNCV =
                logitsNCDHW.to(exact ? ScalarType.Double : ScalarType.Float).flatten(2, -1);
        Tensor logNCV = torch.log_softmax(logitsNCV, 1);
        Tensor oneHotNCV = torch.one_hot(targetNDHW.flatten(1, -1), logitsNCDHW.size(1))
                .transpose(1, 2)
                .to(logNCV.scalar_type().intern());
        return ofOneHot(loss, logNCV, oneHotNCV);
    }

    private static Tensor ofOneHot(Loss loss, Tensor logNCV, Tensor oneHotNCV) {
        double voxels = (double) logNCV.size(0) * logNCV.size(2);
        if (loss instanceof DicePlus both) {
            return ofOneHot(both.dice(), logNCV, oneHotNCV).add(ofOneHot(both.voxelwise(), logNCV, oneHotNCV));
        } else if (loss instanceof Dice dice) {
            long[] axes = dice.pooling() == Dice.Pooling.SAMPLE ? new long[] {2} : new long[] {0, 2};
            Tensor overlap = sum(logNCV.exp().mul(oneHotNCV), axes);
            Tensor size = sum(logNCV.exp().add(oneHotNCV), axes);
            Scalar smooth = new Scalar(dice.smooth());
            Tensor each = overlap.mul(new Scalar(2)).add(smooth).div(size.add(smooth));
            Tensor counted = dice.background() ? each : each.narrow(-1, 1, each.size(-1) - 1);
            return counted.mean().neg().add(new Scalar(1));
        }
        List<Double> weights = loss instanceof CrossEntropy entropy
                ? entropy.weights()
                : loss instanceof TopK hardest ? hardest.weights() : ((Focal) loss).weights();
        Tensor weightNV = sum(oneHotNCV.mul(weights(weights, logNCV)), 1);
        if (loss instanceof Focal focal) {
            Tensor wrong = logNCV.exp().neg().add(new Scalar(1)).pow(new Scalar(focal.gamma()));
            Tensor eachNV = sum(wrong.mul(logNCV).mul(oneHotNCV), 1).neg();
            return eachNV.mul(weightNV).sum().div(new Scalar(voxels * logNCV.size(1)));
        }
        Tensor entropyNV = sum(logNCV.mul(oneHotNCV), 1).neg().mul(weightNV);
        if (loss instanceof TopK hardest) {
            long count = Math.max(1, Math.round(hardest.share() * voxels));
            return entropyNV.flatten().sort(0, true).get0().narrow(0, 0, count).mean();
        }
        return entropyNV.sum().div(weightNV.sum());
    }

    private static Tensor sum(Tensor tensor, long... axes) {
        return tensor.sum(axes, false, new ScalarTypeOptional());
    }

    private static Tensor weights(List<Double> weights, Tensor likeNCV) {
        float[] values = new float[(int) likeNCV.size(1)];
        for (int i = 0; i < values.length; i++) {
            values[i] = weights.isEmpty() ? 1 : weights.get(i).floatValue();
        }
        return Tensors.of(values, 1, values.length, 1).to(likeNCV.scalar_type().intern());
    }

    private static Tensor logits(int samples, int classes, int z, int y, int x, ScalarType type) {
        SplittableRandom random = new SplittableRandom(classes);
        float[] values = new float[samples * classes * z * y * x];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (3 * random.nextGaussian());
        }
        return Tensors.of(values, samples, classes, z, y, x).to(type).set_requires_grad(true);
    }

    /** Returns classes, but for the last one: it is absent. */
    private static Tensor target(int samples, int classes, int z, int y, int x) {
        SplittableRandom random = new SplittableRandom(7);
        float[] values = new float[samples * z * y * x];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(Math.max(1, classes - 1));
        }
        return Tensors.of(values, samples, z, y, x).to(ScalarType.Long);
    }

    private static void requireEqual(Tensor given, Tensor expected, double tolerance) {
        double largest = expected.abs().max().item_double();
        assertThat(largest).isPositive();
        assertThat(given.sub(expected).abs().max().item_double() / largest).isLessThan(tolerance);
    }

    static List<Arguments> everyLossInEveryType() {
        List<Arguments> all = new ArrayList<>();
        for (Loss loss : (Iterable<Loss>) LossTest.losses()::iterator) {
            all.add(Arguments.of(loss, ScalarType.Double, EXACT));
            all.add(Arguments.of(loss, ScalarType.Float, FLOAT32));
            all.add(Arguments.of(loss, ScalarType.BFloat16, BFLOAT16));
            all.add(Arguments.of(loss, ScalarType.Half, FLOAT16));
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("everyLossInEveryType")
    void valueAndGradientAreThoseOfTheDefinition(Loss loss, ScalarType type, double tolerance) {
        Tensor logits = logits(3, 3, 10, 12, 14, type);
        Tensor alike = logits.detach().clone().set_requires_grad(true);
        Tensor target = target(3, 3, 10, 12, 14);
        Tensor value = loss.of(logits, target);
        Tensor expected = byDefinition(loss, alike, target);
        // As fp16 trains: what is small must not be lost before it is scaled.
        value.mul(new Scalar(1024)).backward();
        expected.mul(new Scalar(1024)).backward();
        assertThat(value.item_double()).isCloseTo(expected.item_double(), within(Math.min(tolerance, FLOAT32)));
        requireEqual(logits.grad().to(ScalarType.Double), alike.grad().to(ScalarType.Double), tolerance);
    }

    static Stream<Loss> lossesOfAnyNumberOfClasses() {
        return Stream.of(
                Loss.diceCrossEntropy(),
                Dice.overBatch().withBackground(),
                new DicePlus(Dice.overBatch(), TopK.hardest(0.1)),
                new DicePlus(Dice.perSample(), Focal.unweighted(2)));
    }

    @ParameterizedTest
    @MethodSource("lossesOfAnyNumberOfClasses")
    void twoClassesAndManyAreAsThree(Loss loss) {
        for (int classes : new int[] {2, 117}) {
            Tensor logits = logits(2, classes, 6, 7, 8, ScalarType.Float);
            Tensor alike = logits.detach().clone().set_requires_grad(true);
            Tensor target = target(2, classes, 6, 7, 8);
            loss.of(logits, target).backward();
            byDefinition(loss, alike, target).backward();
            requireEqual(logits.grad(), alike.grad(), FLOAT32);
        }
    }

    /** As a network's logits lie on the processor in reduced precision: features innermost. */
    @ParameterizedTest
    @MethodSource("lossesOfAnyNumberOfClasses")
    void theGradientOfLogitsInAnotherLayoutIsTheSame(Loss loss) {
        Tensor logits = logits(2, 4, 6, 7, 8, ScalarType.Float);
        Tensor alike = logits.detach().clone().set_requires_grad(true);
        Tensor target = target(2, 4, 6, 7, 8);
        Tensor innermost = logits.permute(0, 2, 3, 4, 1).contiguous().permute(0, 4, 1, 2, 3);
        assertThat(innermost.is_contiguous()).isFalse();
        loss.of(innermost, target).backward();
        loss.of(alike, target).backward();
        requireEqual(logits.grad(), alike.grad(), EXACT);
    }

    @Test
    void supervisionAtSeveralStagesAddsUpTheirGradients() {
        Tensor fine = logits(2, 3, 8, 8, 8, ScalarType.Double);
        Tensor coarse = logits(2, 3, 4, 4, 4, ScalarType.Double);
        Tensor fineAlike = fine.detach().clone().set_requires_grad(true);
        Tensor coarseAlike = coarse.detach().clone().set_requires_grad(true);
        Tensor target = target(2, 3, 8, 8, 8);
        Tensor reduced = target;
        for (int axis = 1; axis < 4; axis++) {
            reduced = reduced.slice(axis, new LongOptional(1), new LongOptional(), 2);
        }
        Loss loss = Loss.diceCrossEntropy();
        new DeepSupervision(loss).of(List.of(fine, coarse), target).backward();
        byDefinition(loss, fineAlike, target).mul(new Scalar(2.0 / 3)).backward();
        byDefinition(loss, coarseAlike, reduced).div(new Scalar(3.0)).backward();
        requireEqual(fine.grad(), fineAlike.grad(), EXACT);
        requireEqual(coarse.grad(), coarseAlike.grad(), EXACT);
    }

    /** As on a card, where nobody has looked at the targets: 255 and -1 are of no class, and lie in no sum. */
    @Test
    void targetsThatAreNoClassCountAsVoxelsWithoutClass() {
        Tensor target = target(2, 3, 6, 7, 8);
        target.select(1, 0).fill_(new Scalar(255));
        target.select(1, 5).fill_(new Scalar(-1));
        Tensor targetNV = target.flatten(1, -1);
        Tensor oneHotNCV = targetNV.unsqueeze(1)
                .eq(Tensors.of(new float[] {0, 1, 2}, 1, 3, 1))
                .to(ScalarType.Double);
        Map<Loss, Function<Voxels, Tensor>> losses = new LinkedHashMap<>();
        for (Dice dice : List.of(Dice.perSample().withBackground(), Dice.overBatch())) {
            losses.put(dice, dice::of);
        }
        for (VoxelLoss loss :
                List.of(CrossEntropy.weighted(1, 2, 0.5), TopK.hardest(0.1), new Focal(2, List.of(0.25, 1.0, 4.0)))) {
            losses.put(loss, loss::of);
        }
        losses.forEach((loss, formula) -> {
            Tensor logitsNCV = logits(2, 3, 6, 7, 8, ScalarType.Double).detach().flatten(2, -1);
            Tensor alike = logitsNCV.clone().set_requires_grad(true);
            Softmax softmax = new Softmax(logitsNCV, targetNV, true);
            Tensor value = formula.apply(new Voxels(softmax, Ranks.alone()));
            Tensor expected = ofOneHot(loss, torch.log_softmax(alike, 1), oneHotNCV);
            assertThat(value.item_double()).isCloseTo(expected.item_double(), within(EXACT));
            value.backward();
            expected.backward();
            requireEqual(softmax.gradientNCV(), alike.grad(), EXACT);
        });
    }

    @Test
    void gradientsOfTwoPassesAddUp() {
        Tensor logits = logits(2, 3, 6, 7, 8, ScalarType.Double);
        Tensor alike = logits.detach().clone().set_requires_grad(true);
        Tensor target = target(2, 3, 6, 7, 8);
        Loss.diceCrossEntropy().of(logits, target).mul(new Scalar(0.5)).backward();
        Dice.overBatch().of(logits, target).backward();
        byDefinition(Loss.diceCrossEntropy(), alike, target)
                .mul(new Scalar(0.5))
                .add(byDefinition(Dice.overBatch(), alike, target))
                .backward();
        requireEqual(logits.grad(), alike.grad(), EXACT);
    }

    @Test
    void withoutGradientTheValueIsTheSame() {
        Tensor logits = logits(2, 3, 6, 7, 8, ScalarType.Float);
        Tensor target = target(2, 3, 6, 7, 8);
        for (Loss loss : (Iterable<Loss>) LossTest.losses()::iterator) {
            float expected = loss.of(logits, target).item_float();
            assertThat(loss.of(logits.detach(), target).item_float()).isEqualTo(expected);
            try (AutoGradMode off = new AutoGradMode(false)) {
                assertThat(loss.of(logits, target).item_float()).isEqualTo(expected);
            }
        }
    }
}
