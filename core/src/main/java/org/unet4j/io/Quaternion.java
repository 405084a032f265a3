package org.unet4j.io;

/**
 * A rotation in space as the unit quaternion w + xi + yj + zk.
 *
 * @param w the real part
 * @param x factor of i
 * @param y factor of j
 * @param z factor of k
 */
record Quaternion(double w, double x, double y, double z) {

    /** How far above 1 the length of (x, y, z) may lie, squared, and still count as rounding. */
    private static final double LENGTH_TOLERANCE = 1e-2;

    /**
     * Returns the unit quaternion with the given imaginary part, its real part not negative. One slightly longer than 1 is
     * shortened; one that is much longer is no rotation and gives NaN.
     */
    static Quaternion ofImaginary(double x, double y, double z) {
        double length2 = x * x + y * y + z * z;
        if (length2 > 1 + LENGTH_TOLERANCE) {
            return new Quaternion(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
        }
        double shrink = length2 > 1 ? 1 / Math.sqrt(length2) : 1;
        double w = length2 < 1 ? Math.sqrt(1 - length2) : 0;
        return new Quaternion(w, x * shrink, y * shrink, z * shrink);
    }

    /**
     * Returns the quaternion of a 3 x 3 rotation matrix, its real part not negative. Shepperd's method: the largest component
     * comes from a square root, the others by division by it.
     */
    static Quaternion ofRotation(double[][] r) {
        double trace = r[0][0] + r[1][1] + r[2][2];
        double[] squares = {1 + trace, 1 + 2 * r[0][0] - trace, 1 + 2 * r[1][1] - trace, 1 + 2 * r[2][2] - trace};
        int largest = 0;
        for (int i = 1; i < squares.length; i++) {
            largest = squares[i] > squares[largest] ? i : largest;
        }
        double s = 2 * Math.sqrt(squares[largest]);
        double wx = (r[2][1] - r[1][2]) / s;
        double wy = (r[0][2] - r[2][0]) / s;
        double wz = (r[1][0] - r[0][1]) / s;
        double xy = (r[0][1] + r[1][0]) / s;
        double xz = (r[0][2] + r[2][0]) / s;
        double yz = (r[1][2] + r[2][1]) / s;
        Quaternion q = switch (largest) {
            case 0 -> new Quaternion(s / 4, wx, wy, wz);
            case 1 -> new Quaternion(wx, s / 4, xy, xz);
            case 2 -> new Quaternion(wy, xy, s / 4, yz);
            default -> new Quaternion(wz, xz, yz, s / 4);
        };
        return q.w < 0 ? new Quaternion(-q.w, -q.x, -q.y, -q.z) : q;
    }

    /** Returns the 3 x 3 rotation matrix. */
    double[][] toRotation() {
        return new double[][] {
            {w * w + x * x - y * y - z * z, 2 * (x * y - w * z), 2 * (x * z + w * y)},
            {2 * (x * y + w * z), w * w + y * y - x * x - z * z, 2 * (y * z - w * x)},
            {2 * (x * z - w * y), 2 * (y * z + w * x), w * w + z * z - x * x - y * y}
        };
    }
}
