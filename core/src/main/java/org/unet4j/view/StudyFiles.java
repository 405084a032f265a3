package org.unet4j.view;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.unet4j.io.Nifti;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Reorient;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Volume;

/**
 * A study in files. A page sees the scan's voxels while they are read.
 *
 * @param scan NIfTI, or one of a pair of {@code .hdr} and {@code .img}
 * @param volume of a 4D scan, counted from 0
 * @param labels label maps on the scan's grid
 */
public record StudyFiles(Path scan, OptionalInt volume, List<Path> labels) implements StudySource {

    /** The scan first; more at a time than processors would only make its first picture late. */
    private static final int FILES_AT_A_TIME = Math.max(2, Runtime.getRuntime().availableProcessors() - 1);

    /** Copies the list. */
    public StudyFiles {
        labels = List.copyOf(labels);
    }

    /** Returns a scan of one volume and its label maps. */
    public static StudyFiles of(Path scan, Path... labels) {
        return new StudyFiles(scan, OptionalInt.empty(), List.of(labels));
    }

    /**
     * Reads all, several files at a time, once their headers fit each other.
     *
     * @throws IOException if a file cannot be read, the scan has several volumes and none is named, or a label map lies on
     *     another grid than the scan
     */
    @Override
    public Study read() throws IOException {
        return read(new ArrivingScan()); // of which nobody asks anything
    }

    @Override
    public Study read(StudyArrival arrival) throws IOException {
        Grid grid = Nifti.readHeader(scan).grid();
        for (Path file : labels) {
            requireGrid(file, Nifti.readHeader(file).grid(), grid);
        }
        Reorient toRas = Reorient.toRas(grid);
        arrival.name(name(scan), labels.stream().map(StudyFiles::name).toList());
        ExecutorService threads = Executors.newFixedThreadPool(FILES_AT_A_TIME, Reading::thread);
        try {
            Reading<Volume> image = Reading.start(() -> scan(arrival), threads);
            List<Reading<LabelMap>> pending = labels.stream()
                    .map(file -> Reading.start(() -> labels(file, toRas), threads))
                    .toList();
            Volume whole = image.await();
            List<LabelMap> maps = new ArrayList<>();
            for (Reading<LabelMap> map : pending) {
                maps.add(map.await());
            }
            return new Study(name(scan), whole, maps);
        } finally {
            threads.shutdown();
        }
    }

    private Volume scan(StudyArrival arrival) throws IOException {
        Volume image = Nifti.read(scan, volume, arrival);
        arrival.end();
        return image;
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    /** Returns a label map whose voxels are counted. */
    private static LabelMap labels(Path file, Reorient toRas) throws IOException {
        LabelMap map = new LabelMap(name(file), toRas.apply(Nifti.readLabels(file)), ClassNames.beside(file));
        map.classes();
        return map;
    }

    private static void requireGrid(Path file, Grid labels, Grid scan) throws IOException {
        if (!labels.shape().equals(scan.shape())) {
            throw new IOException("[" + file + "] has shape " + labels.shape() + " (z, y, x), the scan " + scan.shape()
                    + "; labels must be on the scan's own grid");
        }
        if (!labels.matches(scan, Scan.GRID_TOLERANCE_MM)) {
            throw new IOException(
                    "[" + file + "] lies elsewhere in space than the scan, corners "
                            + Math.round(labels.farthestCornerMm(scan) * 100) / 100.0
                            + " mm apart; `inspect LABELS --image SCAN --repair DIR` gives it the scan's place if that is sure");
        }
    }
}
