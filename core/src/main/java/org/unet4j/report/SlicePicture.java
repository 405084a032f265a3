package org.unet4j.report;

import java.util.List;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

/** A small picture of one slice: grey, the reference filled in its classes' colours, the prediction outlined in the same. */
public final class SlicePicture {

    /** The longer side in pixels. */
    private static final int SIDE = 192;

    private static final double TINT = 0.35;
    private static final int WHITE = 255;

    private final int width;
    private final int height;
    private final byte[] png;

    /** Makes a picture of a file that holds one of that size. */
    SlicePicture(int width, int height, byte[] png) {
        this.width = width;
        this.height = height;
        this.png = png;
    }

    /**
     * Returns the slice with most of the reference, cut to it and some surroundings, or the whole middle slice where there is
     * none: always the same one for a case, whatever the prediction is, so that pictures of one case can be compared. Pixels are
     * square. What is predicted beside the slice, or beside the cut, is not seen.
     *
     * @param image along RAS; grey from the 0.5th to the 99.5th percentile of the slice
     * @param reference on the same grid
     * @param prediction on the same grid
     */
    public static SlicePicture of(Volume image, Labels reference, Labels prediction) {
        Plane plane = Plane.through(reference, List.of(reference));
        Spacing spacing = image.grid().spacing();
        double widthMm = plane.columns() * plane.pixelWidthMm(spacing);
        double heightMm = plane.rows() * plane.pixelHeightMm(spacing);
        double pixelMm = Math.max(widthMm, heightMm) / SIDE;
        int width = Math.max(1, (int) Math.round(widthMm / pixelMm));
        int height = Math.max(1, (int) Math.round(heightMm / pixelMm));
        double[] values = plane.values(image);
        CasePicture.GreyWindow window = CasePicture.GreyWindow.of(values);
        int[] truth = plane.classes(reference);
        int[] predicted = plane.classes(prediction);
        int[] source = sources(plane, width, height);
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < source.length; i++) {
            int cls = truth[source[i]];
            int border = borderClass(predicted, source, i, width);
            for (int channel = 0; channel < 3; channel++) {
                double grey = WHITE * share(values[source[i]], window);
                double tinted = cls == 0 ? grey : (1 - TINT) * grey + TINT * channel(cls, channel);
                rgb[3 * i + channel] = (byte) Math.round(border == 0 ? tinted : channel(border, channel));
            }
        }
        return new SlicePicture(width, height, Png.encodeRgb(rgb, width, height));
    }

    /** Returns the width in pixels, 192 at most. */
    int width() {
        return width;
    }

    /** Returns the height in pixels, 192 at most. */
    int height() {
        return height;
    }

    /** Returns the file's bytes, which must not be changed. */
    byte[] png() {
        return png;
    }

    /** Returns which voxel of the slice each pixel shows. */
    private static int[] sources(Plane plane, int width, int height) {
        int[] sources = new int[width * height];
        for (int i = 0; i < sources.length; i++) {
            int row = (int) ((long) (i / width) * plane.rows() / height);
            sources[i] = row * plane.columns() + (int) ((long) (i % width) * plane.columns() / width);
        }
        return sources;
    }

    /** Returns the class whose innermost pixels pixel {@code i} belongs to; 0 where it lies inside a class, or in none. */
    private static int borderClass(int[] classes, int[] source, int i, int width) {
        int cls = classes[source[i]];
        boolean inside = cls == 0
                || (i % width > 0
                        && i % width < width - 1
                        && i >= width
                        && i < source.length - width
                        && classes[source[i - 1]] == cls
                        && classes[source[i + 1]] == cls
                        && classes[source[i - width]] == cls
                        && classes[source[i + width]] == cls);
        return inside ? 0 : cls;
    }

    private static double share(double value, CasePicture.GreyWindow window) {
        double share = (value - window.low()) / (window.high() - window.low());
        return share > 0 ? Math.min(1, share) : 0; // of a slice of one value, too, which is not a number
    }

    private static int channel(int cls, int channel) {
        return Preview.colour(cls) >> (8 * (2 - channel)) & 0xff;
    }
}
