package org.unet4j.volume;

/**
 * Which way the voxel axes of an image run in the patient. Each component is a signed world axis: 1 towards the
 * patient's right, 2 anterior, 3 superior, negative for left, posterior, inferior.
 *
 * @param x where the fastest voxel axis runs
 * @param y where the second voxel axis runs
 * @param z where the slowest voxel axis runs
 */
public record Orientation(int x, int y, int z) {

    /** Right, anterior, superior: the orientation that everything is prepared in. */
    public static final Orientation RAS = new Orientation(1, 2, 3);

    private static final String POSITIVE = "RAS";
    private static final String NEGATIVE = "LPI";

    public Orientation {
        int axes = bit(x) | bit(y) | bit(z);
        if (axes != 0b111) {
            throw new IllegalArgumentException("orientation (" + x + ", " + y + ", " + z
                    + ") must name each of the world axes 1, 2, 3 once, with a sign");
        }
    }

    private static int bit(int axis) {
        int positive = Math.abs(axis);
        return positive >= 1 && positive <= Shape.AXES ? 1 << (positive - 1) : 0;
    }

    /**
     * Returns the orientation closest to an affine. As nibabel's {@code io_orientation}: the closest rotation (or
     * rotation and reflection) of the direction cosines is taken, then the voxel axis that fits a world axis best
     * chooses first.
     *
     * @throws IllegalArgumentException if the affine is singular
     */
    public static Orientation of(Affine affine) {
        double[][] rotation = affine.closestRotation();
        int[] worldOf = new int[Shape.AXES];
        boolean[] worldTaken = new boolean[Shape.AXES];
        for (int round = 0; round < Shape.AXES; round++) {
            int column = -1;
            double best = -1;
            for (int candidate = 0; candidate < Shape.AXES; candidate++) {
                double largest = Math.max(
                        Math.abs(rotation[0][candidate]),
                        Math.max(Math.abs(rotation[1][candidate]), Math.abs(rotation[2][candidate])));
                if (worldOf[candidate] == 0 && largest > best) {
                    best = largest;
                    column = candidate;
                }
            }
            int row = -1;
            for (int candidate = 0; candidate < Shape.AXES; candidate++) {
                if (!worldTaken[candidate]
                        && (row < 0 || Math.abs(rotation[candidate][column]) > Math.abs(rotation[row][column]))) {
                    row = candidate;
                }
            }
            worldTaken[row] = true;
            worldOf[column] = rotation[row][column] < 0 ? -(row + 1) : row + 1;
        }
        return new Orientation(worldOf[0], worldOf[1], worldOf[2]);
    }

    /** Returns three letters in voxel order x, y, z, as "RAS", "LAS" or "PSR": where each axis runs to. */
    public String code() {
        return "" + letter(x) + letter(y) + letter(z);
    }

    private static char letter(int axis) {
        return axis > 0 ? POSITIVE.charAt(axis - 1) : NEGATIVE.charAt(-axis - 1);
    }

    /** Returns the signed world axis that voxel axis {@code axis} runs along (0 is z, 1 is y, 2 is x). */
    public int get(int axis) {
        return switch (axis) {
            case 0 -> z;
            case 1 -> y;
            case 2 -> x;
            default -> throw new IndexOutOfBoundsException("axis " + axis + " is not 0, 1 or 2");
        };
    }
}
