package org.unet4j.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.unet4j.prep.LabelledCase;
import org.unet4j.prep.PreparedCase;
import org.unet4j.prep.Store;
import org.unet4j.volume.Box;

/**
 * Cuts the samples of a part of a batch out of their cases: part {@code p} has the samples {@code p * size} to {@code (p + 1)
 * * size - 1}. Thread-safe where the cases are.
 */
final class BatchCutter implements Prefetcher.Filler<HostBatch> {

    private final Cases cases;
    private final Sampler sampler;

    /** Where the cases come from. */
    @FunctionalInterface
    interface Cases {
        LabelledCase get(String id) throws IOException;
    }

    BatchCutter(Cases cases, Sampler sampler) {
        this.cases = cases;
        this.sampler = sampler;
    }

    /** Cuts from the cases of a store. Each case's checksum is verified once, before the first box is cut from it. */
    BatchCutter(Store store, Sampler sampler) {
        this(verifiedOnce(store), sampler);
    }

    @Override
    public void fill(HostBatch slot, long part) throws IOException {
        for (int i = 0; i < slot.samples(); i++) {
            long sample = part * slot.samples() + i;
            String id = sampler.caseId(sample);
            try {
                cut(sample, cases.get(id), slot, i);
            } catch (IOException e) {
                throw new IOException("training case " + id + ": " + e.getMessage(), e);
            } catch (RuntimeException e) {
                throw new IllegalStateException("training case " + id + " could not be cut: " + e, e);
            }
        }
    }

    private static Cases verifiedOnce(Store store) {
        Map<String, PreparedCase> verified = new ConcurrentHashMap<>();
        return id -> {
            try {
                return verified.computeIfAbsent(id, name -> verify(store.get(name)));
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        };
    }

    private static PreparedCase verify(PreparedCase prepared) {
        try {
            prepared.verify();
            return prepared;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void cut(long sample, LabelledCase prepared, HostBatch slot, int place) {
        Box box = sampler.box(sample, prepared);
        int voxels = box.shape().arrayLength();
        for (int channel = 0; channel < prepared.channels(); channel++) {
            int at = Math.multiplyExact(place * prepared.channels() + channel, voxels);
            prepared.copyImage(channel, box, slot.image(), at);
        }
        slot.target().copy(prepared, box, Math.multiplyExact(place, voxels));
        slot.seed(place, sampler.augmentationSeed(sample));
    }
}
