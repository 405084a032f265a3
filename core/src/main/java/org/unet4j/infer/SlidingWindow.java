package org.unet4j.infer;

import java.lang.reflect.Array;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.torch.Device;
import org.unet4j.torch.Precision;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Shape;

/**
 * Runs a network of a fixed input size over a volume of any size, in overlapping windows whose logits are averaged with
 * Gaussian weights. A volume smaller than the window is padded with zeros, evenly on both sides, and cropped again.
 *
 * <p>Logits of a slab one window thick are in memory at a time, not those of the whole volume: classes x window's z x rows x
 * columns floats on the network's device, whatever the number of slices.
 *
 * @param window what the network sees
 * @param overlap the least share of a window that neighbours have in common, in [0, 1)
 * @param importance how voxels of a window are weighted
 * @param batch windows given to the network at a time
 * @param mirrorAxes axes (0 is z, 1 is y, 2 is x) along which windows are flipped as well: the logits of all 2^n combinations
 *     are averaged, as in nnU-Net; empty for none
 */
public record SlidingWindow(Shape window, double overlap, Importance importance, int batch, List<Integer> mirrorAxes) {

    /** Checks overlap, batch and axes. */
    public SlidingWindow {
        if (!(overlap >= 0 && overlap < 1)) {
            throw new IllegalArgumentException(
                    "sliding window: overlap " + overlap + " must lie in [0, 1), such as 0.5");
        }
        if (batch < 1) {
            throw new IllegalArgumentException("sliding window: batch " + batch + " must be at least 1");
        }
        mirrorAxes = mirrorAxes.stream().sorted().distinct().toList();
        if (mirrorAxes.stream().anyMatch(axis -> axis < 0 || axis >= Shape.AXES)) {
            throw new IllegalArgumentException(
                    "sliding window: mirror axes " + mirrorAxes + " must be of 0 (z), 1 (y) and 2 (x)");
        }
    }

    /** Returns nnU-Net's: overlap 0.5, Gaussian weights, one window at a time; but no mirroring, which costs eightfold. */
    public static SlidingWindow of(Shape window) {
        return new SlidingWindow(window, 0.5, Importance.NNUNET, 1, List.of());
    }

    /** Returns this with another overlap. */
    public SlidingWindow withOverlap(double newOverlap) {
        return new SlidingWindow(window, newOverlap, importance, batch, mirrorAxes);
    }

    /** Returns this with so many windows at a time. */
    public SlidingWindow withBatch(int newBatch) {
        return new SlidingWindow(window, overlap, importance, newBatch, mirrorAxes);
    }

    /** Returns this with windows flipped along {@code axes} as well. */
    public SlidingWindow withMirroring(List<Integer> axes) {
        return new SlidingWindow(window, overlap, importance, batch, axes);
    }

    /** Returns the number of windows that cover a volume. */
    public long windows(Shape volume) {
        long count = 1;
        for (int axis = 0; axis < Shape.AXES; axis++) {
            count *= Windows.starts(volume.get(axis), window.get(axis), overlap).length;
        }
        return count;
    }

    /**
     * Returns the class with the largest logit of each voxel, in z, y, x order.
     *
     * @param network takes N x channels x window to logits N x classes x window
     * @param imageCDHW the volume, on any device
     * @param classes how many the network tells apart, at most 65 536
     * @param device where the network is
     */
    public LabelArray labels(
            UnaryOperator<Tensor> network, Tensor imageCDHW, int classes, Device device, Precision precision) {
        Shape volume = shape(imageCDHW, 1);
        LabelArray labels = LabelArray.background(volume.arrayLength(), classes);
        new Sweep(this, network, classes, device, precision).run(imageCDHW, (z, sumCDHW, weightSumDHW) -> {
            Tensor slices = largest(sumCDHW); // the weights are the same for all classes
            Object array = labels.isWide() ? Tensors.toShorts(slices) : Tensors.toBytes(slices);
            System.arraycopy(array, 0, labels.array(), volume.index(z, 0, 0), Array.getLength(array));
        });
        return labels;
    }

    /** Takes averaged logits. */
    @FunctionalInterface
    public interface LogitSlices {

        /** Takes slice {@code z}, class after class, each in y, x order. */
        void take(int z, float[] logitsCHW);
    }

    /** Hands the averaged logits to {@code slices}, slice by slice in order; see {@link #labels}. */
    public void slices(
            UnaryOperator<Tensor> network,
            Tensor imageCDHW,
            int classes,
            Device device,
            Precision precision,
            LogitSlices slices) {
        new Sweep(this, network, classes, device, precision).run(imageCDHW, (z, sumCDHW, weightSumDHW) -> {
            for (int i = 0; i < weightSumDHW.size(0); i++) {
                try (Scope slice = new Scope()) {
                    slices.take(z + i, Tensors.toFloats(sumCDHW.select(1, i).div(weightSumDHW.select(0, i))));
                }
            }
        });
    }

    /** Returns the averaged logits, class by class, each in z, y, x order; see {@link #labels}. */
    public float[][] logits(
            UnaryOperator<Tensor> network, Tensor imageCDHW, int classes, Device device, Precision precision) {
        Shape volume = shape(imageCDHW, 1);
        int plane = volume.y() * volume.x();
        float[][] logits = new float[classes][volume.arrayLength()];
        slices(network, imageCDHW, classes, device, precision, (z, logitsCHW) -> {
            for (int cls = 0; cls < classes; cls++) {
                System.arraycopy(logitsCHW, cls * plane, logits[cls], z * plane, plane);
            }
        });
        return logits;
    }

    /** Returns the first class with the largest value of each voxel, uint8 or int32; faster than argmax on the processor. */
    private static Tensor largest(Tensor valuesCDHW) {
        Tensor most = valuesCDHW.select(0, 0).clone();
        Tensor labels = torch.zeros_like(most)
                .to(valuesCDHW.size(0) > LabelArray.NARROW_CLASSES ? ScalarType.Int : ScalarType.Byte);
        for (int cls = 1; cls < valuesCDHW.size(0); cls++) {
            Tensor values = valuesCDHW.select(0, cls);
            labels.masked_fill_(values.gt(most), new Scalar(cls));
            torch.maximum_out(most, most, values);
        }
        return labels;
    }

    /** Returns the sizes of three axes, the first of them {@code axis}. */
    static Shape shape(Tensor tensor, int axis) {
        return Shape.of(
                Math.toIntExact(tensor.size(axis)),
                Math.toIntExact(tensor.size(axis + 1)),
                Math.toIntExact(tensor.size(axis + 2)));
    }
}
