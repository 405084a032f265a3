package org.unet4j.train;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.augment.Batch;
import org.unet4j.torch.Device;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Shape;

/** Samples in the processor's memory, which is used again and again: pinned where they go to a card. */
final class HostBatch {

    private final Tensor imageNCDHW;
    private final Tensor targetNDHW;
    private final FloatBuffer image;
    private final ByteBuffer target;
    private final long[] seeds;

    private HostBatch(Tensor imageNCDHW, Tensor targetNDHW, int samples) {
        this.imageNCDHW = imageNCDHW;
        this.targetNDHW = targetNDHW;
        image = Tensors.floatBuffer(imageNCDHW);
        target = Tensors.byteBuffer(targetNDHW);
        seeds = new long[samples];
    }

    /** Returns {@code count} of them, of the open scope. */
    static List<HostBatch> allocate(int count, int samples, int channels, Shape shape, boolean pinned) {
        long[] imageShape = {samples, channels, shape.z(), shape.y(), shape.x()};
        long[] targetShape = {samples, shape.z(), shape.y(), shape.x()};
        List<HostBatch> batches = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            batches.add(new HostBatch(
                    Tensors.empty(imageShape, ScalarType.Float, Device.cpu(), pinned),
                    Tensors.empty(targetShape, ScalarType.Byte, Device.cpu(), pinned),
                    samples));
        }
        return batches;
    }

    int samples() {
        return seeds.length;
    }

    FloatBuffer image() {
        return image;
    }

    ByteBuffer target() {
        return target;
    }

    void seed(int sample, long seed) {
        seeds[sample] = seed;
    }

    /** Returns the augmentation seed of each sample. */
    List<Long> seeds() {
        return Arrays.stream(seeds).boxed().toList();
    }

    /** Returns the samples on {@code device}; on the processor they share this memory. The copy to a card does not wait. */
    Batch to(Device device) {
        return on(device, imageNCDHW, targetNDHW);
    }

    /** Returns one sample, counted from 0, as {@link #to(Device)} returns all. */
    Batch to(Device device, int sample) {
        return on(device, imageNCDHW.narrow(0, sample, 1), targetNDHW.narrow(0, sample, 1));
    }

    private static Batch on(Device device, Tensor imageNCDHW, Tensor targetNDHW) {
        return new Batch(
                imageNCDHW.to(device.toTorch(), ScalarType.Float, true, false, null),
                targetNDHW.to(device.toTorch(), ScalarType.Byte, true, false, null));
    }
}
