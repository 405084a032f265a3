package org.unet4j.prep;

import java.util.Locale;
import java.util.Optional;
import org.unet4j.io.Case;
import org.unet4j.io.Problem;
import org.unet4j.io.StreamedCase;
import org.unet4j.volume.Box;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Voxels;

/** Counts the labelled voxels of one case that a crop keeps and loses, while its files stream by. */
final class CropWatch implements StreamedCase.Watcher {

    private final CropRule crop;
    private final int ctChannel;
    private Grid grid;
    private CropRule.Finder finder;
    private float[] line;
    private int filled;
    private Box box;
    private long row;
    private long labelled;
    private long kept;

    CropWatch(CropRule crop, int ctChannel) {
        this.crop = crop;
        this.ctChannel = ctChannel;
    }

    @Override
    public void image(int channel, Grid of, Voxels voxels, int length) {
        if (grid == null) {
            begin(of);
        }
        if (of.shape().equals(grid.shape())) { // else it is no scan, and nothing will be kept of it
            forEachRow(voxels, length, () -> finder.row(channel, line));
        }
    }

    private void begin(Grid of) {
        grid = of;
        finder = crop.finder(of, ctChannel);
        line = new float[of.shape().x()];
    }

    @Override
    public void labels(Grid of, Voxels voxels, int length) {
        if (box == null) {
            box = finder.box();
        }
        forEachRow(voxels, length, this::count);
    }

    private void forEachRow(Voxels voxels, int length, Runnable use) {
        for (int done = 0; done < length; ) {
            int step = Math.min(length - done, line.length - filled);
            voxels.copyTo(done, line, filled, step);
            filled += step;
            done += step;
            if (filled == line.length) {
                use.run();
                filled = 0;
            }
        }
    }

    private void count() {
        Shape shape = grid.shape();
        labelled += foreground(0, line.length);
        if (isWithin(row / shape.y(), 0) && isWithin(row % shape.y(), 1)) {
            kept += foreground(box.start(2), box.end(2));
        }
        row++;
    }

    private boolean isWithin(long at, int axis) {
        return at >= box.start(axis) && at < box.end(axis);
    }

    private int foreground(int from, int to) {
        int count = 0;
        for (int x = from; x < to; x++) {
            count += Math.abs(line[x]) > 0.5f ? 1 : 0; // labels are whole, but for rounding
        }
        return count;
    }

    /** Returns that foreground is lost, if it is. */
    Optional<Problem> lost(Case given) {
        return lost(given, crop, labelled, kept);
    }

    /** Returns that foreground is lost, if it is. A second body in a CT, such as the other leg, is cut away with its labels. */
    static Optional<Problem> lost(Case given, CropRule crop, long labelled, long kept) {
        return labelled == kept
                ? Optional.empty()
                : Optional.of(Problem.warning(
                        given.labels().orElseThrow(),
                        (labelled - kept) + " of " + labelled + " foreground voxels lie outside what 'crop: "
                                + crop.name().toLowerCase(Locale.ROOT)
                                + "' keeps of the scan: nothing is learned from or predicted there. If they are right,"
                                + " write 'crop: none' into the plan.yaml of the prepared cases and prepare again;"
                                + " else correct the labels"));
    }
}
