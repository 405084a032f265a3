package org.unet4j.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.io.Split;
import org.unet4j.prep.FreshCase;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Store;
import org.unet4j.torch.Device;

/**
 * Training as a simple script does it, kept to be compared with: for every sample the files of its case are read and
 * prepared whole, and a box is cut, on the thread that trains. Nothing is prepared ahead and nothing is kept. The samples are
 * those of {@link Trainer#train}, but for the store's rounding, and so is everything after them.
 */
public final class NaivePath {

    private NaivePath() {}

    /**
     * Returns the result of a new run in {@code out}, as {@link Trainer#train} does. The time that reading and preparing take
     * counts as waiting for data.
     *
     * @param dataset the files of the cases
     * @param store gives the plan and says what the cases are; no voxel is read from it
     */
    public static TrainResult train(
            TrainConfig config,
            Dataset dataset,
            Store store,
            Split split,
            Path out,
            Device device,
            TrainListener listener,
            BooleanSupplier stop)
            throws IOException {
        Job job = new Job(config, store, split, new RunFolder(out), device, listener, stop);
        Feed.Source source = (same, slots, first, end) ->
                new Inline<>(slots.get(0), new BatchCutter(cases(dataset, same.plan()), same.sampler()), first);
        return Trainer.train(job.from(source), Optional.empty());
    }

    /** Returns each case read and prepared anew whenever it is asked for. */
    static BatchCutter.Cases cases(Dataset dataset, Plan plan) {
        Map<String, Case> files = dataset.training().stream().collect(Collectors.toMap(Case::id, Function.identity()));
        return id -> {
            Case found = files.get(id);
            if (found == null) {
                throw new IOException("case '" + id + "' is not among the labelled cases of " + dataset.name());
            }
            return FreshCase.read(found, plan);
        };
    }
}
