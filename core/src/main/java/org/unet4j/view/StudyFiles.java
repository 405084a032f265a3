package org.unet4j.view;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
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

    /** Its reader takes one processor, its sender and the browser another: where there are no more, label maps come after it. */
    private static final int FOR_THE_SCAN = 2;

    /** Copies the list. */
    public StudyFiles {
        labels = List.copyOf(labels);
    }

    /** Returns a scan of one volume and its label maps. */
    public static StudyFiles of(Path scan, Path... labels) {
        return new StudyFiles(scan, OptionalInt.empty(), List.of(labels));
    }

    /**
     * Reads all, each file in a thread of its own, once their headers fit each other.
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
        boolean isBeside = Runtime.getRuntime().availableProcessors() > FOR_THE_SCAN;
        List<Reading<LabelMap>> begun = isBeside ? begin(toRas) : List.of();
        Volume image = scan(arrival);
        List<LabelMap> maps = new ArrayList<>();
        for (Reading<LabelMap> map : isBeside ? begun : begin(toRas)) {
            maps.add(map.await());
        }
        return new Study(name(scan), image, maps);
    }

    private List<Reading<LabelMap>> begin(Reorient toRas) {
        return labels.stream()
                .map(file -> Reading.start(() -> labels(file, toRas)))
                .toList();
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
