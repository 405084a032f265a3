package org.unet4j.report;

import java.util.Collection;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

/**
 * A rectangle of voxels of one slice of a volume that lies along RAS, shown as radiologists do: the patient's right on the
 * left, front or head up.
 *
 * @param axis what the slice is cut across: 0 axial, 1 coronal, 2 sagittal
 * @param index which slice
 * @param row0 the first voxel along the row axis, the lowest on the screen
 * @param rows how many
 * @param column0 the first voxel along the column axis, the rightmost on the screen
 * @param columns how many
 */
record Plane(int axis, int index, int row0, int rows, int column0, int columns) {

    private static final double MARGIN_MM = 12;
    private static final double MARGIN_SHARE = 0.35;
    private static final double THICK_SLICES = 1.5;

    /** Returns the axis across which slices are cut: the one with thick slices, axial if none is much thicker. */
    static int axisFor(Spacing spacing) {
        int thickest = 0;
        for (int axis = 1; axis < Shape.AXES; axis++) {
            if (spacing.get(axis) > spacing.get(thickest)) {
                thickest = axis;
            }
        }
        double finest = Math.min(spacing.z(), Math.min(spacing.y(), spacing.x()));
        return spacing.get(thickest) > THICK_SLICES * finest ? thickest : 0;
    }

    /**
     * Returns the slice with the most foreground of {@code reference}, cut to what any of {@code all} marks there and
     * some surroundings; the whole middle slice where nothing is marked.
     *
     * @param all label maps on one grid, the reference among them
     */
    static Plane through(Labels reference, Collection<Labels> all) {
        Shape shape = reference.grid().shape();
        Spacing spacing = reference.grid().spacing();
        int axis = axisFor(spacing);
        int index = busiest(reference, axis);
        for (Labels labels : all) {
            index = index < 0 ? busiest(labels, axis) : index;
        }
        int rowAxis = axis == 0 ? 1 : 0;
        int columnAxis = axis == 2 ? 1 : 2;
        Plane middle = middle(axis, shape);
        Plane whole = index < 0 ? middle : new Plane(axis, index, 0, middle.rows, 0, middle.columns);
        int[] bounds = {Integer.MAX_VALUE, -1, Integer.MAX_VALUE, -1};
        all.forEach(labels -> whole.addBounds(labels, bounds));
        if (bounds[1] < 0) {
            return whole;
        }
        double height = (bounds[1] - bounds[0] + 1) * spacing.get(rowAxis);
        double width = (bounds[3] - bounds[2] + 1) * spacing.get(columnAxis);
        double side = Math.max(height, width);
        side += 2 * Math.max(MARGIN_MM, MARGIN_SHARE * side);
        int[] row = cut(bounds[0], bounds[1], side / spacing.get(rowAxis), whole.rows);
        int[] column = cut(bounds[2], bounds[3], side / spacing.get(columnAxis), whole.columns);
        return new Plane(axis, whole.index, row[0], row[1], column[0], column[1]);
    }

    /** Returns the whole slice in the middle of a volume. */
    static Plane middle(int axis, Shape shape) {
        return new Plane(axis, shape.get(axis) / 2, 0, shape.get(axis == 0 ? 1 : 0), 0, shape.get(axis == 2 ? 1 : 2));
    }

    /** Returns start and length of a stretch of {@code wanted} voxels about the middle of first and last, inside size. */
    private static int[] cut(int first, int last, double wanted, int size) {
        int length = Math.max(last - first + 1, Math.min(size, (int) Math.round(wanted)));
        int start = Math.round((first + last + 1) / 2f - length / 2f);
        return new int[] {Math.max(0, Math.min(start, size - length)), length};
    }

    private static int busiest(Labels labels, int axis) {
        Shape shape = labels.grid().shape();
        int[] counts = new int[shape.get(axis)];
        int i = 0;
        for (int z = 0; z < shape.z(); z++) {
            for (int y = 0; y < shape.y(); y++) {
                for (int x = 0; x < shape.x(); x++, i++) {
                    if (labels.get(i) != 0) {
                        counts[axis == 0 ? z : axis == 1 ? y : x]++;
                    }
                }
            }
        }
        int best = 0;
        for (int slice = 1; slice < counts.length; slice++) {
            best = counts[slice] > counts[best] ? slice : best;
        }
        return counts[best] == 0 ? -1 : best;
    }

    private void addBounds(Labels labels, int[] bounds) {
        Shape shape = labels.grid().shape();
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                if (labels.get(voxel(shape, row, column)) != 0) {
                    bounds[0] = Math.min(bounds[0], row);
                    bounds[1] = Math.max(bounds[1], row);
                    bounds[2] = Math.min(bounds[2], column);
                    bounds[3] = Math.max(bounds[3], column);
                }
            }
        }
    }

    private int voxel(Shape shape, int row, int column) {
        return switch (axis) {
            case 0 -> shape.index(index, row, column);
            case 1 -> shape.index(row, index, column);
            default -> shape.index(row, column, index);
        };
    }

    /** Returns the voxel that is shown {@code y} pixels from the top and {@code x} from the left. */
    private int shown(Shape shape, int y, int x) {
        return voxel(shape, row0 + rows - 1 - y, column0 + columns - 1 - x);
    }

    /** Returns the values from the top left, row by row. */
    double[] values(Volume volume) {
        double[] values = new double[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = volume.get(shown(volume.grid().shape(), i / columns, i % columns));
        }
        return values;
    }

    /** Returns the classes from the top left, row by row. */
    int[] classes(Labels labels) {
        int[] classes = new int[rows * columns];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = labels.get(shown(labels.grid().shape(), i / columns, i % columns));
        }
        return classes;
    }

    /** Returns where class {@code cls} is, from the top left, row by row. */
    boolean[] mask(Labels labels, int cls) {
        boolean[] mask = new boolean[rows * columns];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = labels.get(shown(labels.grid().shape(), i / columns, i % columns)) == cls;
        }
        return mask;
    }

    /** Returns the height of a pixel. */
    double pixelHeightMm(Spacing spacing) {
        return spacing.get(axis == 0 ? 1 : 0);
    }

    /** Returns the width of a pixel. */
    double pixelWidthMm(Spacing spacing) {
        return spacing.get(axis == 2 ? 1 : 2);
    }

    /** Returns what the slice is called. */
    String name() {
        return axis == 0 ? "axial" : axis == 1 ? "coronal" : "sagittal";
    }

    /** Returns the side of the patient that is at the left, and that at the top. */
    String[] sides() {
        return new String[] {axis == 2 ? "A" : "R", axis == 0 ? "A" : "S"};
    }
}
