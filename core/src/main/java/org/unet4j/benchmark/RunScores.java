package org.unet4j.benchmark;

import java.util.List;
import java.util.OptionalLong;
import org.unet4j.eval.CaseScore;
import org.unet4j.torch.Provenance;

/**
 * What one run gave: a file of the benchmark's folder {@code scores}.
 *
 * @param network its name
 * @param seed of the run
 * @param cases the last checkpoint's score of every held-out case, on the scan's own grid
 * @param parameters trained numbers
 * @param multiplyAdds of one patch's forward pass
 * @param trainSeconds without validation
 * @param voxelsPerSecond patch voxels learned from in a second
 * @param waitShare the share of training that waited for data
 * @param predictSecondsPerCase the mean, from a scan in memory to labels on its own grid
 * @param peakMemoryBytes most resident memory of a process that trained or predicted
 * @param peakDeviceBytes most memory of the card during the run
 * @param provenance of the newest part of its training
 */
public record RunScores(
        String network,
        long seed,
        List<CaseScore> cases,
        long parameters,
        long multiplyAdds,
        double trainSeconds,
        double voxelsPerSecond,
        double waitShare,
        double predictSecondsPerCase,
        OptionalLong peakMemoryBytes,
        OptionalLong peakDeviceBytes,
        Provenance provenance) {

    /** Copies the list. */
    public RunScores {
        cases = List.copyOf(cases);
    }
}
