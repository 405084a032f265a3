package org.unet4j.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.unet4j.prep.PreparedCase;
import org.unet4j.prep.Store;
import org.unet4j.volume.Box;

/**
 * Cuts the samples of a part of a batch out of the store: part {@code p} has the samples {@code p * size} to {@code (p + 1)
 * * size - 1}. Each case's checksum is verified once, before the first box is cut from it. Thread-safe.
 */
final class BatchCutter implements Prefetcher.Filler<HostBatch> {

    private final Store store;
    private final Sampler sampler;
    private final Map<String, PreparedCase> verified = new ConcurrentHashMap<>();

    BatchCutter(Store store, Sampler sampler) {
        this.store = store;
        this.sampler = sampler;
    }

    @Override
    public void fill(HostBatch slot, long part) throws IOException {
        for (int i = 0; i < slot.samples(); i++) {
            long sample = part * slot.samples() + i;
            String id = sampler.caseId(sample);
            try {
                cut(sample, verified.computeIfAbsent(id, this::verify), slot, i);
            } catch (UncheckedIOException e) {
                throw new IOException(
                        "training case " + id + ": " + e.getCause().getMessage(), e.getCause());
            } catch (RuntimeException e) {
                throw new IllegalStateException("training case " + id + " could not be cut: " + e, e);
            }
        }
    }

    private PreparedCase verify(String id) {
        try {
            PreparedCase prepared = store.get(id);
            prepared.verify();
            return prepared;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void cut(long sample, PreparedCase prepared, HostBatch slot, int place) {
        Box box = sampler.box(sample, prepared);
        int voxels = box.shape().arrayLength();
        for (int channel = 0; channel < prepared.channels(); channel++) {
            int at = Math.multiplyExact(place * prepared.channels() + channel, voxels);
            prepared.copyImage(channel, box, slot.image(), at);
        }
        prepared.copyLabels(box, slot.target(), Math.multiplyExact(place, voxels));
        slot.seed(place, sampler.augmentationSeed(sample));
    }
}
