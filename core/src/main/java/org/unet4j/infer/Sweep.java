package org.unet4j.infer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.torch.Autocast;
import org.unet4j.torch.Device;
import org.unet4j.torch.Precision;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Shape;

/**
 * One pass of a sliding window over a volume, layer by layer from the first slice on.
 *
 * @param settings the window and how it slides
 * @param network takes N x channels x window to logits N x classes x window
 * @param classes how many the network tells apart
 * @param device where the network is
 * @param precision of the network
 */
record Sweep(SlidingWindow settings, UnaryOperator<Tensor> network, int classes, Device device, Precision precision) {

    /** Takes finished slices. */
    @FunctionalInterface
    interface Slices {

        /** Takes slices from {@code z} on: sums of weighted logits, and of the weights; both change afterwards. */
        void take(int z, Tensor sumCDHW, Tensor weightSumDHW);
    }

    /** Hands the sums of every slice of {@code imageCDHW} to {@code slices}, in order. */
    void run(Tensor imageCDHW, Slices slices) {
        boolean gradients = GradMode.is_enabled();
        GradMode.set_enabled(false);
        try (Scope scope = new Scope()) {
            Shape inner = SlidingWindow.shape(imageCDHW, 1);
            int[] below = new int[Shape.AXES];
            Tensor volumeCDHW = padded(Tensors.to(imageCDHW, device, ScalarType.Float), inner, below);
            Shape volume = SlidingWindow.shape(volumeCDHW, 1);
            Slab slab = new Slab(classes, settings.window(), volume, weights());
            int[] layers = starts(volume, 0);
            for (int i = 0; i < layers.length; i++) {
                int z = layers[i];
                addLayer(volumeCDHW, z, slab);
                boolean last = i + 1 == layers.length;
                int next = last ? volume.z() : layers[i + 1];
                try (Scope finished = new Scope()) {
                    int first = Math.max(z, below[0]);
                    int end = Math.min(next, below[0] + inner.z());
                    if (first < end) { // else all of it is padding
                        slices.take(
                                first - below[0],
                                unpadded(slab.sums(end - z), 1, first - z, below, inner),
                                unpadded(slab.weightSums(end - z), 0, first - z, below, inner));
                    }
                    if (!last) {
                        slab.moveOn(next - z);
                    }
                }
            }
        } finally {
            GradMode.set_enabled(gradients);
        }
    }

    private static Tensor unpadded(Tensor slices, int zAxis, int first, int[] below, Shape inner) {
        return slices.narrow(zAxis, first, slices.size(zAxis) - first)
                .narrow(zAxis + 1, below[1], inner.y())
                .narrow(zAxis + 2, below[2], inner.x());
    }

    private int[] starts(Shape volume, int axis) {
        return Windows.starts(volume.get(axis), settings.window().get(axis), settings.overlap());
    }

    private Tensor weights() {
        Shape window = settings.window();
        Tensor weights = Tensors.of(settings.importance().weights(window), window.z(), window.y(), window.x());
        return Tensors.to(weights, device, ScalarType.Float);
    }

    /** Returns the volume with zeros around it where it is smaller than the window, and in {@code below} how many before. */
    private Tensor padded(Tensor imageCDHW, Shape inner, int[] below) {
        long[] fromLastAxis = new long[2 * Shape.AXES];
        for (int axis = 0; axis < Shape.AXES; axis++) {
            int missing = Math.max(0, settings.window().get(axis) - inner.get(axis));
            below[axis] = missing / 2;
            fromLastAxis[2 * (2 - axis)] = below[axis];
            fromLastAxis[2 * (2 - axis) + 1] = (long) missing - below[axis];
        }
        return Arrays.stream(fromLastAxis).allMatch(pad -> pad == 0)
                ? imageCDHW
                : torch.constant_pad_nd(imageCDHW, fromLastAxis, new Scalar(0.0f));
    }

    private void addLayer(Tensor volumeCDHW, int z, Slab slab) {
        Shape volume = SlidingWindow.shape(volumeCDHW, 1);
        List<int[]> places = new ArrayList<>();
        for (int y : starts(volume, 1)) {
            for (int x : starts(volume, 2)) {
                places.add(new int[] {y, x});
            }
        }
        Tensor layer = volumeCDHW.narrow(1, z, settings.window().z());
        for (int first = 0; first < places.size(); first += settings.batch()) {
            List<int[]> some = places.subList(first, Math.min(places.size(), first + settings.batch()));
            try (Scope tile = new Scope()) {
                TensorVector windows = new TensorVector();
                for (int[] place : some) {
                    windows.push_back(
                            layer.narrow(2, place[0], settings.window().y())
                                    .narrow(3, place[1], settings.window().x()));
                }
                Tensor logits = mirrored(torch.stack(windows));
                for (int n = 0; n < some.size(); n++) {
                    slab.add(some.get(n)[0], some.get(n)[1], logits.select(0, n));
                }
            }
        }
    }

    /** Returns the mean of the logits over all combinations of flips, float32. */
    private Tensor mirrored(Tensor windowsNCDHW) {
        Tensor sum = forward(windowsNCDHW);
        if (settings.mirrorAxes().isEmpty()) {
            return sum;
        }
        sum = sum.clone(); // a network may return its input
        List<Integer> axes = settings.mirrorAxes();
        int combinations = 1 << axes.size();
        for (int combination = 1; combination < combinations; combination++) {
            try (Scope flip = new Scope()) {
                int chosen = combination;
                long[] flipped = axes.stream()
                        .filter(axis -> (chosen >> axes.indexOf(axis) & 1) != 0)
                        .mapToLong(axis -> 2 + axis)
                        .toArray();
                sum.add_(forward(windowsNCDHW.flip(flipped)).flip(flipped));
            }
        }
        return sum.div_(new Scalar((float) combinations));
    }

    private Tensor forward(Tensor windowsNCDHW) {
        Tensor logits;
        try (Autocast autocast = precision.autocast(device)) {
            logits = network.apply(windowsNCDHW);
        }
        Shape window = settings.window();
        long[] expected = {windowsNCDHW.size(0), classes, window.z(), window.y(), window.x()};
        if (!Arrays.equals(Tensors.shape(logits), expected)) {
            throw new IllegalArgumentException("the network returned logits of shape "
                    + Arrays.toString(Tensors.shape(logits)) + "; expected " + Arrays.toString(expected));
        }
        return logits.to(ScalarType.Float);
    }
}
