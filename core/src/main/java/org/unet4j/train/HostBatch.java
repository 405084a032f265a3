package org.unet4j.train;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.augment.Batch;
import org.unet4j.torch.Device;
import org.unet4j.torch.SideStream;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Shape;

/**
 * Samples in the processor's memory, which is used again and again. Where they go to a card the memory is pinned, and the
 * threads that fill it copy it there, beside what the card computes.
 */
final class HostBatch {

    private final Tensor imageNCDHW;
    private final Tensor targetNDHW;
    private final FloatBuffer image;
    private final HostLabels target;
    private final long[] seeds;
    private final Optional<SideStream> beside;
    private Optional<Batch> uploaded = Optional.empty();

    private HostBatch(Tensor imageNCDHW, Tensor targetNDHW, int samples, Optional<SideStream> beside) {
        this.beside = beside;
        this.imageNCDHW = imageNCDHW;
        this.targetNDHW = targetNDHW;
        image = Tensors.floatBuffer(imageNCDHW);
        target = HostLabels.of(targetNDHW);
        seeds = new long[samples];
    }

    /**
     * Returns {@code count} of them, of the open scope.
     *
     * @param classes of the labels; up to 256 fit into uint8, more are int32
     * @param beside how they go to a card; empty where they stay on the processor
     */
    static List<HostBatch> allocate(
            int count, int samples, int channels, int classes, Shape shape, Optional<SideStream> beside) {
        long[] imageShape = {samples, channels, shape.z(), shape.y(), shape.x()};
        long[] targetShape = {samples, shape.z(), shape.y(), shape.x()};
        boolean pinned = beside.isPresent();
        List<HostBatch> batches = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            batches.add(new HostBatch(
                    Tensors.empty(imageShape, ScalarType.Float, Device.cpu(), pinned),
                    Tensors.empty(targetShape, HostLabels.type(classes), Device.cpu(), pinned),
                    samples,
                    beside));
        }
        return batches;
    }

    int samples() {
        return seeds.length;
    }

    FloatBuffer image() {
        return image;
    }

    HostLabels target() {
        return target;
    }

    void seed(int sample, long seed) {
        seeds[sample] = seed;
    }

    /** Returns the augmentation seed of each sample. */
    List<Long> seeds() {
        return Arrays.stream(seeds).boxed().toList();
    }

    /** Copies the samples to the card, where they go to one; returns when they are there. Call it when they are filled in. */
    void upload() {
        beside.ifPresent(stream -> {
            drop();
            uploaded = Optional.of(new Batch(stream.copy(imageNCDHW), stream.copy(targetNDHW)));
        });
    }

    /** Frees the copy on the card, if there is one, as soon as the card needs it no more. */
    void drop() {
        uploaded.ifPresent(batch -> {
            batch.imageNCDHW().close();
            batch.targetNDHW().close();
        });
        uploaded = Optional.empty();
    }

    /**
     * Returns the samples on {@code device}, in the open scope. On the processor they share this memory; on a card they are what
     * was uploaded, or a copy that is waited for.
     */
    Batch to(Device device) {
        return uploaded.isPresent() ? lent(uploaded.get()) : on(device, imageNCDHW, targetNDHW);
    }

    /** Returns one sample, counted from 0, as {@link #to(Device)} returns all. */
    Batch to(Device device, int sample) {
        Batch all = to(device);
        return new Batch(all.imageNCDHW().narrow(0, sample, 1), all.targetNDHW().narrow(0, sample, 1));
    }

    private Batch lent(Batch batch) {
        SideStream stream = beside.orElseThrow();
        return new Batch(stream.lend(batch.imageNCDHW()), stream.lend(batch.targetNDHW()));
    }

    private static Batch on(Device device, Tensor imageNCDHW, Tensor targetNDHW) {
        ScalarType labels = targetNDHW.scalar_type().intern();
        return new Batch(Tensors.to(imageNCDHW, device, ScalarType.Float), Tensors.to(targetNDHW, device, labels));
    }
}
