package org.unet4j.infer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.unet4j.io.Case;
import org.unet4j.io.Nifti;
import org.unet4j.io.NiftiHeader;
import org.unet4j.prep.Channel;
import org.unet4j.prep.Preparation;
import org.unet4j.prep.PreparedView;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Volume;

/**
 * Reads the scans of a request for its network.
 *
 * @param predictor whose plan they are prepared by
 * @param request which volume of a file counts, and what is written beside labels
 */
record ScanReader(Predictor predictor, PredictionRequest request) {

    /**
     * A scan that is ready for the network.
     *
     * @param files that it was read from
     * @param prepared what the network sees
     * @param scan its first channel, as it was read
     * @param header whose geometry its labels get
     * @param warnings of what the network has not learned from
     */
    record Ready(Case files, PreparedView prepared, Volume scan, NiftiHeader header, List<String> warnings) {}

    /** Returns whether a scan can be read and prepared while another one is segmented, by what the heap has left. */
    boolean fitsBeside(Case scan) {
        try {
            long need = 0;
            for (Path image : scan.images()) {
                NiftiHeader header = Nifti.readHeader(image);
                long voxels = header.grid().shape().voxels();
                need += voxels * header.channels() * header.type().bytes() + 2 * voxels * Float.BYTES;
                need += request.probabilities() ? voxels * Short.BYTES : 0; // of the scan that is being written
            }
            Runtime java = Runtime.getRuntime();
            return need < java.maxMemory() - (java.totalMemory() - java.freeMemory());
        } catch (IOException | IllegalArgumentException e) { // reading it says why
            return true;
        }
    }

    /** Reads and prepares a scan. */
    Ready read(Case files) throws IOException {
        for (Path image : files.images()) {
            if (!Files.exists(image)) {
                throw new IOException("[" + image + "] is missing: a scan needs one file for each of the "
                        + files.images().size() + " channels");
            }
        }
        Path first = files.images().get(0);
        NiftiHeader header = Nifti.readHeader(first);
        Scan scan = readScan(files, first, header);
        PreparedView prepared = Preparation.view(predictor.plan(), scan);
        return new Ready(
                files,
                prepared,
                scan.channels().get(0),
                header,
                ScanCheck.warnings(predictor.plan(), predictor.ranges(), scan));
    }

    private Scan readScan(Case files, Path first, NiftiHeader header) throws IOException {
        if (request.volume().isPresent()) {
            return new Scan(
                    files.id(), List.of(Nifti.read(first, request.volume().getAsInt())));
        }
        List<String> names =
                predictor.plan().channels().stream().map(Channel::name).toList();
        if (files.images().size() == 1 && header.channels() != names.size()) {
            throw new IOException(otherChannels(first, header, names));
        }
        return files.readScan();
    }

    private static String otherChannels(Path file, NiftiHeader header, List<String> names) {
        long volumes = header.channels();
        String has =
                "[" + file + "] holds " + volumes + (volumes == 1 ? " volume" : " volumes") + ", the network takes ";
        return names.size() == 1
                ? has + "one: say which with --volume 0 to " + (volumes - 1) + ", counted from 0"
                : has + names.size() + " channels " + names
                        + ": give these in one 4D file, or in files whose names end in"
                        + " _0000, _0001, ... before .nii.gz";
    }
}
