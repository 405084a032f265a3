package org.unet4j.loss;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.torch.Autocast;
import org.unet4j.torch.Device;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;

/**
 * What all losses start from, computed once. V is all voxels of a sample in a row. Memory grows with classes times voxels: at its
 * peak Dice + cross-entropy takes five tensors of that size on the processor beside the logits, 5.3 GB for 300 classes and one
 * patch of 96^3 in float32. With hundreds of classes choose small patches.
 *
 * @param logNCV log-probabilities in float32, or float64 where the logits are
 * @param targetNCV whether a voxel is of a class: on the processor as 1 and 0 in the type of {@code logNCV}, because products
 *     of one type are several times faster there; on a card as booleans, a quarter of the memory
 * @param ranks who computes the rest of the batch
 */
record Voxels(Tensor logNCV, Tensor targetNCV, Ranks ranks) {

    /** Returns what {@code loss} makes of logits and target, without casting and freeing what lies between. */
    static Tensor reduce(Tensor logitsNCDHW, Tensor targetNDHW, Ranks ranks, Function<Voxels, Tensor> loss) {
        requireFit(logitsNCDHW, targetNDHW);
        requireClasses(targetNDHW, logitsNCDHW.size(1));
        Device device = Device.of(logitsNCDHW);
        try (Scope scope = new Scope();
                Autocast off = Autocast.off(device)) {
            boolean exact = logitsNCDHW.scalar_type().intern() == ScalarType.Double;
            ScalarType type = exact ? ScalarType.Double : ScalarType.Float;
            Tensor logNCV = torch.log_softmax(logitsNCDHW.to(type).flatten(2, -1), 1);
            return scope.keep(loss.apply(new Voxels(logNCV, oneHot(targetNDHW.flatten(1, -1), logNCV), ranks)));
        }
    }

    private static Tensor oneHot(Tensor targetNV, Tensor logNCV) {
        Device device = Device.of(logNCV);
        ScalarType type = logNCV.scalar_type().intern();
        Tensor classes = torch.arange(new Scalar(logNCV.size(1)), logNCV.options());
        Tensor oneHotNCV =
                Tensors.empty(Tensors.shape(logNCV), device.isCuda() ? ScalarType.Bool : type, device, false);
        return torch.eq_out(oneHotNCV, targetNV.to(type).unsqueeze(1), classes.view(1, -1, 1));
    }

    /** Returns the number of voxels of all samples here. */
    long count() {
        return targetNCV.size(0) * targetNCV.size(2);
    }

    /** Returns the target with the weight of its class in place of 1; without weights, as it is. */
    Tensor weightedTargetNCV(List<Double> weights) {
        if (weights.isEmpty()) {
            return targetNCV;
        }
        return targetNCV.mul(ClassWeights.tensor1C1(weights, logNCV));
    }

    /** Returns -log p(target), times what stands in {@code weightedTargetNCV}. */
    Tensor crossEntropyNV(Tensor weightedTargetNCV) {
        return logNCV.mul(weightedTargetNCV)
                .sum(new long[] {1}, false, new ScalarTypeOptional())
                .neg();
    }

    /**
     * Returns the sum of {@code local} over the ranks, whose gradient is that of {@code local} times their number: once it is
     * averaged over ranks, as those of all losses are, it is the gradient of the sum.
     */
    Tensor pooled(Tensor local) {
        if (ranks.count() == 1) {
            return local;
        }
        Tensor gradientOnly = local.sub(local.detach()); // zeros
        return ranks.sum(local.detach()).add(gradientOnly.mul(new Scalar((double) ranks.count())));
    }

    private static void requireFit(Tensor logits, Tensor target) {
        long[] expected = Tensors.shape(logits);
        long[] given = Tensors.shape(target);
        boolean fits = expected.length == 5 && given.length == 4 && given[0] == expected[0];
        for (int axis = 1; fits && axis < given.length; axis++) {
            fits = given[axis] == expected[axis + 1];
        }
        ScalarType type = target.scalar_type().intern();
        if (!fits || (type != ScalarType.Long && type != ScalarType.Byte)) {
            throw new IllegalArgumentException("a loss of logits " + Arrays.toString(expected)
                    + " (N, classes, D, H, W) needs an int64 or uint8 target (N, D, H, W); given " + type + " "
                    + Arrays.toString(given));
        }
    }

    /** Looks at targets on the processor only: to read a number from a graphics card, the processor waits for it. */
    private static void requireClasses(Tensor target, long classes) {
        if (target.is_cuda()) {
            return;
        }
        try (Scope scope = new Scope()) {
            T_TensorTensor_T extremes = target.aminmax();
            if (extremes.get0().item_long() < 0 || extremes.get1().item_long() >= classes) {
                Tensor strange = target.lt(new Scalar(0)).logical_or(target.ge(new Scalar(classes)));
                throw new IllegalArgumentException(
                        "the target has " + strange.sum().item_long() + " voxels that are none of the " + classes
                                + " classes of the logits; classes count from 0");
            }
        }
    }
}
