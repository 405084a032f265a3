package org.unet4j.loss;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.torch.Autocast;
import org.unet4j.torch.Device;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;

/**
 * What all losses start from: what they may know of the softmax, and who computes the rest of the batch. V is all voxels of a
 * sample in a row. Memory grows with classes times voxels: at its peak a loss and its gradient take two tensors of that size
 * beside float32 logits, the second of which is the gradient, and one more beside those of half the bits.
 *
 * @param softmax of the logits in float32, or float64 where the logits are
 * @param ranks who computes the rest of the batch
 */
record Voxels(Softmax softmax, Ranks ranks) {

    /**
     * Returns what {@code loss} makes of logits and target, without casting and freeing what lies between. The gradient of the
     * logits is computed here, where they want one, and waits for its factor.
     */
    static Tensor reduce(Tensor logitsNCDHW, Tensor targetNDHW, Ranks ranks, Function<Voxels, Tensor> loss) {
        requireFit(logitsNCDHW, targetNDHW);
        requireClasses(targetNDHW, logitsNCDHW.size(1));
        try (Scope scope = new Scope();
                Autocast off = Autocast.off(Device.of(logitsNCDHW))) {
            boolean exact = logitsNCDHW.scalar_type().intern() == ScalarType.Double;
            Tensor logitsNCV = logitsNCDHW
                    .to(exact ? ScalarType.Double : ScalarType.Float)
                    .flatten(2, -1)
                    .contiguous();
            Softmax softmax = new Softmax(logitsNCV.detach(), targetNDHW.flatten(1, -1), targetNDHW.is_cuda());
            Tensor value = loss.apply(new Voxels(softmax, ranks));
            if (!logitsNCDHW.requires_grad() || !GradMode.is_enabled()) {
                return scope.keep(value.detach());
            }
            value.backward();
            return scope.keep(value.detach().add(zeros(logitsNCV, softmax.gradientNCV())));
        }
    }

    /** Returns 0, whose gradient is {@code gradient}; of a {@code tensor} that is not finite no number, as the loss is then. */
    private static Tensor zeros(Tensor tensor, Tensor gradient) {
        boolean countedByInt = tensor.numel() <= Integer.MAX_VALUE; // as cuBLAS counts
        Tensor product = countedByInt
                ? tensor.flatten().dot(gradient.flatten())
                : tensor.mul(gradient).sum();
        return product.sub(product.detach());
    }

    /** Returns the number of voxels of all samples here. */
    long count() {
        return softmax.logTargetNV().numel();
    }

    /** Returns -log p(target), and 0 where a voxel has no class. */
    Tensor crossEntropyNV() {
        return softmax.logTargetNV().neg();
    }

    /** Returns the weight of each voxel's class, without graph. */
    Tensor weightNV(List<Double> weights) {
        return softmax.ofTargetNV(ClassWeights.tensorC(weights, softmax.classes(), softmax.logTargetNV()));
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
