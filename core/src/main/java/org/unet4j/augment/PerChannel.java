package org.unet4j.augment;

import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.torch.Tensors;

/** One number a channel, and statistics of each channel, shaped to be combined with a CDHW image. */
final class PerChannel {

    /** Below this a spread counts as none, as in nnU-Net. */
    static final double TINY = 1e-7;

    private static final long[] VOXELS = {1, 2, 3};

    private PerChannel() {}

    /** Returns {@code values} as C x 1 x 1 x 1. */
    static Tensor of(List<Double> values, Tensor like) {
        requireChannels(values, like);
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i).floatValue();
        }
        return Tensors.of(floats, floats.length, 1, 1, 1).to(like.device(), ScalarType.Float);
    }

    /** Returns the image with each channel, as 1 x D x H x W, replaced by what {@code change} makes of it. */
    static <V> Tensor map(Tensor imageCDHW, List<V> values, BiFunction<V, Tensor, Tensor> change) {
        requireChannels(values, imageCDHW);
        TensorVector changed = new TensorVector();
        for (int c = 0; c < values.size(); c++) {
            changed.push_back(change.apply(values.get(c), imageCDHW.narrow(0, c, 1)));
        }
        return torch.cat(changed, 0);
    }

    /** Returns the values of the channels in words. */
    static String words(List<Double> values) {
        return values.stream()
                .map(value -> String.format(Locale.ROOT, "%.2f", value))
                .collect(Collectors.joining("; "));
    }

    private static void requireChannels(List<?> values, Tensor image) {
        if (values.size() != image.size(0)) {
            throw new IllegalArgumentException("a draw for " + values.size()
                    + " channels cannot be applied to an image of " + image.size(0) + " channels");
        }
    }

    static Tensor mean(Tensor imageCDHW) {
        return imageCDHW.mean(VOXELS, true, new ScalarTypeOptional(ScalarType.Float));
    }

    static Tensor standardDeviation(Tensor imageCDHW) {
        return imageCDHW.std(VOXELS, true, true);
    }

    /** Returns the standard deviation of an image whose mean is 0, in a fifth of the time. */
    static Tensor standardDeviationOfCentred(Tensor imageCDHW) {
        double others = Math.max(1, imageCDHW.numel() / imageCDHW.size(0) - 1);
        return imageCDHW.norm(new ScalarOptional(new Scalar(2)), VOXELS, true).div_(new Scalar(Math.sqrt(others)));
    }

    static Tensor minimum(Tensor imageCDHW) {
        return imageCDHW.amin(VOXELS, true);
    }

    static Tensor maximum(Tensor imageCDHW) {
        return imageCDHW.amax(VOXELS, true);
    }

    static Tensor atLeastTiny(Tensor spread) {
        return spread.clamp_min(new Scalar(TINY));
    }
}
