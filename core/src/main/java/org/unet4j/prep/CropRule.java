package org.unet4j.prep;

import java.util.List;
import java.util.function.Supplier;
import org.unet4j.volume.Box;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Volume;

/** Which part of a scan is worth keeping. Boxes are along the scan's own axes. */
public enum CropRule {

    /** CT: the largest connected component above -500 HU in the first channel called CT, with 10 mm around it. */
    BODY {
        @Override
        Box box(List<Volume> channels, int ctChannel) {
            Volume ct = channels.get(ctChannel);
            Box body = LargestComponent.box(ct, BODY_ABOVE_HU);
            return widened(body, ct.grid());
        }

        @Override
        Finder finder(Grid grid, int ctChannel) {
            LargestComponent body = new LargestComponent(grid.shape(), BODY_ABOVE_HU);
            return new Finder(
                    (channel, line) -> {
                        if (channel == ctChannel) {
                            body.row(line);
                        }
                    },
                    () -> widened(body.box(), grid));
        }
    },

    /** MR: the smallest box around all voxels that are not zero in some channel, as nnU-Net does. */
    NON_ZERO {
        @Override
        Box box(List<Volume> channels, int ctChannel) {
            return NonZeroBox.of(channels);
        }

        @Override
        Finder finder(Grid grid, int ctChannel) {
            NonZeroBox box = new NonZeroBox(grid.shape());
            return new Finder((channel, line) -> box.row(line), box::box);
        }
    },

    /** Everything. */
    NONE {
        @Override
        Box box(List<Volume> channels, int ctChannel) {
            return Box.all(channels.get(0).grid().shape());
        }

        @Override
        Finder finder(Grid grid, int ctChannel) {
            return new Finder((channel, line) -> {}, () -> Box.all(grid.shape()));
        }
    };

    private static final double BODY_ABOVE_HU = -500;
    private static final double MARGIN_MM = 10;

    /** Returns the body for a CT, else the non-zero box. A PET/CT, whose first channel is the PET, has a body too. */
    static CropRule of(List<String> channelNames) {
        return channelNames.stream().anyMatch(Channel::namesCt) ? BODY : NON_ZERO;
    }

    /** Returns the first channel that holds Hounsfield units; 0 where none does. */
    static int ctChannel(List<String> channelNames) {
        for (int i = 0; i < channelNames.size(); i++) {
            if (Channel.namesCt(channelNames.get(i))) {
                return i;
            }
        }
        return 0;
    }

    /** Returns what to keep of a scan; all of it where nothing is found. */
    abstract Box box(List<Volume> channels, int ctChannel);

    /** Returns what finds the box of a scan on {@code grid} while its voxels stream by. */
    abstract Finder finder(Grid grid, int ctChannel);

    /** Finds what to keep of a scan that is never in memory as a whole. */
    record Finder(RowSink rows, Supplier<Box> found) {

        /** Takes rows of voxels along x, channel by channel, each in z, y order. */
        @FunctionalInterface
        interface RowSink {
            void row(int channel, float[] line);
        }

        void row(int channel, float[] line) {
            rows.row(channel, line);
        }

        /** Returns the box, once all rows were given. */
        Box box() {
            return found.get();
        }
    }

    private static Box widened(Box box, Grid grid) {
        int[] from = new int[Shape.AXES];
        int[] to = new int[Shape.AXES];
        for (int axis = 0; axis < Shape.AXES; axis++) {
            int margin = (int) Math.ceil(MARGIN_MM / grid.spacing().get(axis));
            from[axis] = Math.max(0, box.start(axis) - margin);
            to[axis] = Math.min(grid.shape().get(axis), box.end(axis) + margin);
        }
        return Box.between(from[0], from[1], from[2], to[0], to[1], to[2]);
    }
}
