package org.unet4j.infer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.unet4j.io.AtomicFile;
import org.unet4j.io.Build;
import org.unet4j.io.Json;
import org.unet4j.io.Nifti;
import org.unet4j.io.NiftiHeader;
import org.unet4j.io.ProbabilityFile;
import org.unet4j.prep.Plan;
import org.unet4j.report.CasePicture.GreyWindow;
import org.unet4j.report.Preview;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Volume;

/** Writes what a prediction leaves behind: new labels last, so that where they are, all is. For one thread at a time. */
final class LabelWriter {

    private final Predictor predictor;
    private final Path folder;

    LabelWriter(Predictor predictor, Path folder) {
        this.predictor = predictor;
        this.folder = folder;
    }

    /**
     * A scan's labels and what belongs to them.
     *
     * @param claim the right to write them
     * @param name of the scan
     * @param scan its first channel
     * @param header whose geometry the labels get
     * @param labels on the scan's grid
     * @param probabilities of the classes, if they were asked for
     * @param seconds that the prediction took
     * @param warnings what is unusual about the scan
     */
    record Done(
            ScanClaim claim,
            String name,
            Volume scan,
            NiftiHeader header,
            Labels labels,
            Optional<ProbabilitySpill> probabilities,
            double seconds,
            List<String> warnings)
            implements AutoCloseable {

        /** Frees what the probabilities have on the disk, and the scan for other processes. */
        @Override
        public void close() throws IOException {
            try (claim) {
                if (probabilities.isPresent()) {
                    probabilities.get().close();
                }
            }
        }
    }

    /**
     * Writes everything of one scan, closes it, and returns the label map's file. Labels that are replaced stay until the new ones are
     * whole; from before that on no entry says how they were made, and no picture or probabilities lie beside them that are not theirs.
     */
    Path write(Done done) throws IOException {
        try (done) {
            return writeAll(done);
        }
    }

    private Path writeAll(Done done) throws IOException {
        Path file = OutputFolder.labels(folder, done.name);
        byte[] picture = Preview.png(done.scan, done.labels, GreyWindow.of(predictor.plan()));
        boolean replaces = Files.exists(file);
        if (replaces || done.probabilities.isEmpty()) { // A run that was killed may have left some without labels.
            Files.deleteIfExists(ProbabilityFile.of(folder, done.name));
        }
        if (replaces) {
            Manifest.remove(folder, done.name);
            Files.deleteIfExists(OutputFolder.picture(folder, done.name));
            Nifti.write(file, done.labels, done.header);
        }
        Optional<Path> probabilities = writeProbabilities(done);
        AtomicFile.write(OutputFolder.picture(folder, done.name), out -> out.write(picture));
        Json.write(Manifest.entryFile(folder, done.name), entry(done, probabilities));
        if (!replaces) {
            Nifti.write(file, done.labels, done.header);
        }
        return file;
    }

    private Optional<Path> writeProbabilities(Done done) throws IOException {
        if (done.probabilities.isEmpty()) {
            return Optional.empty();
        }
        Path file = ProbabilityFile.of(folder, done.name);
        ProbabilityFile.write(file, done.header, predictor.plan().classCount(), done.probabilities.get());
        return Optional.of(file);
    }

    private Manifest.Entry entry(Done done, Optional<Path> probabilities) {
        Plan plan = predictor.plan();
        Build build = Build.here();
        return new Manifest.Entry(
                predictor.weightsSha256(),
                plan.dataset(),
                build.version() + " " + build.commit(),
                predictor.describe(),
                predictor.window().overlap(),
                predictor.window().mirrorAxes(),
                predictor.postProcessing(),
                probabilities.map(file -> file.getFileName().toString()),
                done.seconds,
                Optional.of(plan.classes()),
                volumesMl(plan, done.labels),
                done.warnings);
    }

    private static SortedMap<String, Double> volumesMl(Plan plan, Labels labels) {
        double voxelMl = labels.grid().spacing().voxelMl();
        long[] counts = labels.counts();
        SortedMap<String, Double> volumes = new TreeMap<>();
        for (Map.Entry<Integer, String> cls : plan.classes().tailMap(1).entrySet()) {
            volumes.put(cls.getValue(), counts[cls.getKey()] * voxelMl);
        }
        return volumes;
    }
}
