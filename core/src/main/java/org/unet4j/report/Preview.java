package org.unet4j.report;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.unet4j.volume.Box;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Reorient;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Strides;
import org.unet4j.volume.Volume;

/**
 * A picture to see at a glance whether labels are where they should be: the axial, coronal and sagittal slice with most of
 * them, side by side as radiologists look at them (the patient's right at the left), each class outlined in a colour of its own.
 */
public final class Preview {

    private static final int MOST_PIXELS = 512;
    private static final float HUE_STEP = 0.618034f; // neighbouring classes get colours far apart
    private static final int GREY_LEVELS = 255;

    private final Volume scan;
    private final Labels labels;
    private final Shape shape;
    private final Strides places;
    private final Spacing spacing;

    private Preview(Volume scan, Labels labels) {
        this.scan = scan;
        this.labels = labels;
        Reorient toRas = Reorient.toRas(scan.grid());
        shape = toRas.grid().shape();
        spacing = toRas.grid().spacing();
        places = toRas.places(scan.grid().shape(), Box.all(scan.grid().shape()));
    }

    /**
     * Returns the picture as PNG. Slices go through the middle where there are no labels. No copy of scan or labels is made.
     *
     * @param window which values are grey; empty: the 0.5th to the 99.5th percentile of each slice
     */
    public static byte[] png(Volume scan, Labels labels, Optional<CasePicture.GreyWindow> window) {
        Preview preview = new Preview(scan, labels);
        int[] slices = preview.busiest();
        BufferedImage[] pictures = new BufferedImage[Shape.AXES];
        int width = 0;
        int height = 0;
        for (int axis = 0; axis < Shape.AXES; axis++) {
            pictures[axis] = preview.slice(axis, slices[axis], window);
            width += pictures[axis].getWidth();
            height = Math.max(height, pictures[axis].getHeight());
        }
        BufferedImage all = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int left = 0;
        for (BufferedImage picture : pictures) {
            all.getRaster().setRect(left, (height - picture.getHeight()) / 2, picture.getRaster());
            left += picture.getWidth();
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(png)) { // the default writes to the disk first
            ImageIO.write(all, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return png.toByteArray();
    }

    /** Returns along each axis the slice with most labels; the middle one where there are none. */
    private int[] busiest() {
        int[][] counts = {new int[shape.z()], new int[shape.y()], new int[shape.x()]};
        IntStream.range(0, shape.z()).parallel().forEach(z -> {
            int[] ofRows = new int[shape.y()];
            int[] ofColumns = new int[shape.x()];
            for (int y = 0; y < shape.y(); y++) {
                ofRows[y] = count(places.row(z, y), ofColumns);
            }
            synchronized (counts) {
                counts[0][z] = Arrays.stream(ofRows).sum();
                add(ofRows, counts[1]);
                add(ofColumns, counts[2]);
            }
        });
        int[] slices = new int[Shape.AXES];
        for (int axis = 0; axis < Shape.AXES; axis++) {
            slices[axis] = counts[axis].length / 2;
            for (int i = 0; i < counts[axis].length; i++) {
                slices[axis] = counts[axis][i] > counts[axis][slices[axis]] ? i : slices[axis];
            }
        }
        return slices;
    }

    /** Returns how many voxels of the row from {@code at} on have a label, and counts them in {@code ofColumns}. */
    private int count(int at, int[] ofColumns) {
        int row = 0;
        for (int x = 0; x < ofColumns.length; x++) {
            if (labels.get(at + x * places.x()) != 0) {
                row++;
                ofColumns[x]++;
            }
        }
        return row;
    }

    private static void add(int[] counts, int[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += counts[i];
        }
    }

    private BufferedImage slice(int axis, int index, Optional<CasePicture.GreyWindow> window) {
        int rowAxis = axis == 0 ? 1 : 0;
        int columnAxis = axis == 2 ? 1 : 2;
        int rows = shape.get(rowAxis);
        int columns = shape.get(columnAxis);
        double[] values = new double[rows * columns];
        int[] classes = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            int[] at = {index, index, index};
            at[rowAxis] = rows - 1 - i / columns;
            at[columnAxis] = columns - 1 - i % columns;
            int voxel = places.row(at[0], at[1]) + at[2] * places.x();
            values[i] = scan.get(voxel);
            classes[i] = labels.get(voxel);
        }
        CasePicture.GreyWindow grey = window.orElseGet(() -> CasePicture.GreyWindow.of(values));
        double pixelMm = Math.max(
                Math.max(rows * spacing.get(rowAxis), columns * spacing.get(columnAxis)) / MOST_PIXELS,
                Math.min(spacing.get(rowAxis), spacing.get(columnAxis)));
        int height = Math.max(1, (int) Math.round(rows * spacing.get(rowAxis) / pixelMm));
        int width = Math.max(1, (int) Math.round(columns * spacing.get(columnAxis) / pixelMm));
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int i = (int) ((long) y * rows / height) * columns + (int) ((long) x * columns / width);
                picture.setRGB(x, y, isBorder(classes, i, rows, columns) ? colour(classes[i]) : grey(values[i], grey));
            }
        }
        return picture;
    }

    private static boolean isBorder(int[] classes, int i, int rows, int columns) {
        int row = i / columns;
        int column = i % columns;
        return classes[i] != 0
                && (row == 0
                        || row == rows - 1
                        || column == 0
                        || column == columns - 1
                        || classes[i - 1] != classes[i]
                        || classes[i + 1] != classes[i]
                        || classes[i - columns] != classes[i]
                        || classes[i + columns] != classes[i]);
    }

    /** Returns the colour of a class, the same in every picture. */
    static int colour(int cls) {
        return Color.HSBtoRGB(HUE_STEP * (cls - 1), 1, 1);
    }

    private static int grey(double value, CasePicture.GreyWindow window) {
        double share = window.high() > window.low() ? (value - window.low()) / (window.high() - window.low()) : 0;
        int level = (int) Math.round(GREY_LEVELS * Math.max(0, Math.min(1, share))); // NaN becomes 0: black
        return level << 16 | level << 8 | level;
    }
}
