package org.unet4j.loss;

import java.util.Arrays;
import java.util.function.Function;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.torch.Autocast;
import org.unet4j.torch.Device;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;

/**
 * What all losses start from, computed once.
 *
 * @param logNCDHW log-probabilities in float32
 * @param targetNCDHW whether a voxel is of a class, as booleans: an eighth of a one-hot float64
 */
record Voxelwise(Tensor logNCDHW, Tensor targetNCDHW) {

    /** Returns what {@code loss} makes of logits and target, without casting and freeing what lies between. */
    static Tensor compute(Tensor logitsNCDHW, Tensor targetNDHW, Function<Voxelwise, Tensor> loss) {
        requireFit(logitsNCDHW, targetNDHW);
        try (Scope scope = new Scope();
                Autocast off = Autocast.off(Device.of(logitsNCDHW))) {
            Tensor log =
                    torch.log_softmax(logitsNCDHW.to(ScalarType.Float), 1, new ScalarTypeOptional(ScalarType.Float));
            TensorOptions longs = new TensorOptions(ScalarType.Long).device(new DeviceOptional(targetNDHW.device()));
            Tensor classes =
                    torch.arange(new Scalar(logitsNCDHW.size(1)), longs).view(1, -1, 1, 1, 1);
            Tensor targetNCDHW = targetNDHW.unsqueeze(1).eq(classes);
            long strangers = targetNDHW.numel() - targetNCDHW.sum().item_long();
            if (strangers > 0) {
                throw new IllegalArgumentException("the target has " + strangers + " voxels that are none of the "
                        + logitsNCDHW.size(1) + " classes of the logits; classes count from 0");
            }
            return scope.keep(loss.apply(new Voxelwise(log, targetNCDHW)));
        }
    }

    private static void requireFit(Tensor logits, Tensor target) {
        long[] expected = Tensors.shape(logits);
        long[] given = Tensors.shape(target);
        boolean fits = expected.length == 5 && given.length == 4 && given[0] == expected[0];
        for (int axis = 1; fits && axis < given.length; axis++) {
            fits = given[axis] == expected[axis + 1];
        }
        if (!fits || target.scalar_type().intern() != ScalarType.Long) {
            throw new IllegalArgumentException("a loss of logits " + Arrays.toString(expected)
                    + " (N, classes, D, H, W) needs an int64 target (N, D, H, W); given " + target.scalar_type() + " "
                    + Arrays.toString(given));
        }
    }
}
