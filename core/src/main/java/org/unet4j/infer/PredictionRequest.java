package org.unet4j.infer;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.unet4j.io.Shard;

/**
 * Which scans to segment, and where their labels go.
 *
 * @param inputs NIfTI files, and folders of which all NIfTI files are taken; of a scan with one file a channel
 *     ({@code case_0000.nii.gz}, {@code case_0001.nii.gz}), any of them
 * @param folder for labels and what belongs to them
 * @param existing what to do where labels are there already
 * @param shard the share of the scans, sorted by name, that is segmented. Other processes may segment the other shares into the
 *     same folder at the same time; it must then hold no scan that is given
 * @param volume the volume that is segmented of each scan, such as a time of a 4D series, from 0; empty where a file's volumes are
 *     the scan's channels
 * @param probabilities whether a {@link org.unet4j.io.ProbabilityFile} of each scan is written too
 */
public record PredictionRequest(
        List<Path> inputs, Path folder, Existing existing, Shard shard, OptionalInt volume, boolean probabilities) {

    /** Copies the list. */
    public PredictionRequest {
        inputs = List.copyOf(inputs);
    }

    /** Returns the request for labels of all scans among {@code inputs}, none of which may be there already. */
    public static PredictionRequest of(List<Path> inputs, Path folder) {
        return new PredictionRequest(inputs, folder, Existing.FAIL, Shard.WHOLE, OptionalInt.empty(), false);
    }

    /** Returns this where labels that are there are treated otherwise. */
    public PredictionRequest withExisting(Existing newExisting) {
        return new PredictionRequest(inputs, folder, newExisting, shard, volume, probabilities);
    }

    /** Returns this for a share of the scans. */
    public PredictionRequest withShard(Shard newShard) {
        return new PredictionRequest(inputs, folder, existing, newShard, volume, probabilities);
    }

    /** Returns this for one volume of each scan. */
    public PredictionRequest withVolume(int number) {
        return new PredictionRequest(inputs, folder, existing, shard, OptionalInt.of(number), probabilities);
    }

    /** Returns this with a file of probabilities beside each label map. */
    public PredictionRequest withProbabilities() {
        return new PredictionRequest(inputs, folder, existing, shard, volume, true);
    }
}
