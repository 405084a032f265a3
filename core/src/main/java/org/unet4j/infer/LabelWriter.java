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
import org.unet4j.io.Nifti;
import org.unet4j.io.NiftiHeader;
import org.unet4j.io.Shard;
import org.unet4j.prep.Normalization;
import org.unet4j.prep.Plan;
import org.unet4j.report.CasePicture.GreyWindow;
import org.unet4j.report.Preview;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Volume;

/** Writes what a prediction leaves behind: picture and manifest first, so that where labels are, all is. For one thread at a time. */
final class LabelWriter {

    private final Predictor predictor;
    private final Path folder;
    private final Path manifestFile;
    private Manifest manifest;

    /** Makes a writer that keeps the entries of earlier label maps; each shard has a manifest of its own. */
    LabelWriter(Predictor predictor, Path folder, Shard shard) throws IOException {
        this.predictor = predictor;
        this.folder = folder;
        String name =
                shard.count() == 1 ? "manifest.json" : "manifest-" + shard.index() + "-of-" + shard.count() + ".json";
        manifestFile = folder.resolve(name);
        manifest = Manifest.read(manifestFile);
    }

    /**
     * A scan's labels and what belongs to them.
     *
     * @param name of the scan
     * @param scan its first channel
     * @param header whose geometry the labels get
     * @param labels on the scan's grid
     * @param seconds that the prediction took
     * @param warnings what is unusual about the scan
     */
    record Done(String name, Volume scan, NiftiHeader header, Labels labels, double seconds, List<String> warnings) {}

    /** Returns where the labels of a scan go. */
    static Path labels(Path folder, String name) {
        return folder.resolve(name + ".nii.gz");
    }

    /** Returns where the picture of a scan goes. */
    static Path picture(Path folder, String name) {
        return folder.resolve(name + ".preview.png");
    }

    /**
     * Writes everything of one scan and returns the label map's file. Labels that are replaced stay until the new ones are whole;
     * from before that on no entry says how they were made.
     */
    Path write(Done done) throws IOException {
        Path file = labels(folder, done.name);
        byte[] picture = Preview.png(done.scan, done.labels, window());
        boolean replaces = Files.exists(file);
        if (replaces) {
            manifest = manifest.without(file.getFileName().toString());
            manifest.write(manifestFile);
            Nifti.write(file, done.labels, done.header);
        }
        AtomicFile.write(picture(folder, done.name), out -> out.write(picture));
        manifest = manifest.with(file.getFileName().toString(), entry(done));
        manifest.write(manifestFile);
        if (!replaces) {
            Nifti.write(file, done.labels, done.header);
        }
        return file;
    }

    private Optional<GreyWindow> window() {
        return predictor.plan().channels().get(0).normalization() instanceof Normalization.CtWindow
                ? Optional.of(GreyWindow.SOFT_TISSUE_HU)
                : Optional.empty();
    }

    private Manifest.Entry entry(Done done) {
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
                done.seconds,
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
