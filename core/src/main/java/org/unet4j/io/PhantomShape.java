package org.unet4j.io;

import java.util.List;

/**
 * A solid in the phantom's patient: distances in mm, negative inside, right near the surface and of the right sign
 * elsewhere. The patient's axes are x to the right, y to the front, z to the head, from the middle of the abdomen.
 */
sealed interface PhantomShape {

    /** Returns how far (x, y, z) lies outside the surface. */
    double distance(double x, double y, double z);

    /** Returns the box that holds the solid: lower x, y, z, upper x, y, z. */
    double[] bounds();

    /** Returns this solid with its surface moved outwards by {@code mm}. */
    default PhantomShape grown(double mm) {
        return new Grown(this, mm);
    }

    /** Returns what this solid and {@code other} have in common. */
    default PhantomShape within(PhantomShape other) {
        return new Common(this, other);
    }

    /** Returns this solid without {@code other}. */
    default PhantomShape without(PhantomShape other) {
        return new Common(this, new Outside(other));
    }

    /** An ellipsoid with axes along the patient's; an infinite radius makes it a cylinder or a slab. */
    record Ellipsoid(double cx, double cy, double cz, double rx, double ry, double rz) implements PhantomShape {
        @Override
        public double distance(double x, double y, double z) {
            double u = (x - cx) / rx;
            double v = (y - cy) / ry;
            double w = (z - cz) / rz;
            double scaled = Math.sqrt(u * u + v * v + w * w);
            double slope = Math.sqrt(u * u / (rx * rx) + v * v / (ry * ry) + w * w / (rz * rz));
            return slope == 0 ? -Math.min(rx, Math.min(ry, rz)) : scaled * (scaled - 1) / slope;
        }

        @Override
        public double[] bounds() {
            return new double[] {cx - rx, cy - ry, cz - rz, cx + rx, cy + ry, cz + rz};
        }
    }

    /** A chain of cones with round ends: {@code points} hold x, y, z and radius each, in mm. */
    record Tube(List<double[]> points) implements PhantomShape {
        @Override
        public double distance(double x, double y, double z) {
            double nearest = Double.POSITIVE_INFINITY;
            for (int i = 0; i + 1 < points.size(); i++) {
                double[] a = points.get(i);
                double[] b = points.get(i + 1);
                double dx = b[0] - a[0];
                double dy = b[1] - a[1];
                double dz = b[2] - a[2];
                double along = ((x - a[0]) * dx + (y - a[1]) * dy + (z - a[2]) * dz) / (dx * dx + dy * dy + dz * dz);
                double t = Math.max(0, Math.min(1, along));
                double ex = x - a[0] - t * dx;
                double ey = y - a[1] - t * dy;
                double ez = z - a[2] - t * dz;
                nearest = Math.min(nearest, Math.sqrt(ex * ex + ey * ey + ez * ez) - a[3] - t * (b[3] - a[3]));
            }
            return nearest;
        }

        @Override
        public double[] bounds() {
            double inf = Double.POSITIVE_INFINITY;
            double[] box = {inf, inf, inf, -inf, -inf, -inf};
            for (double[] point : points) {
                for (int axis = 0; axis < 3; axis++) {
                    box[axis] = Math.min(box[axis], point[axis] - point[3]);
                    box[axis + 3] = Math.max(box[axis + 3], point[axis] + point[3]);
                }
            }
            return box;
        }
    }

    /** {@code shape} again and again along z, as vertebrae are; it lies around z = 0. */
    record Stacked(PhantomShape shape, double periodMm, double offsetMm) implements PhantomShape {
        @Override
        public double distance(double x, double y, double z) {
            double turns = (z - offsetMm) / periodMm;
            return shape.distance(x, y, (turns - Math.rint(turns)) * periodMm);
        }

        @Override
        public double[] bounds() {
            double[] box = shape.bounds();
            box[2] = Double.NEGATIVE_INFINITY;
            box[5] = Double.POSITIVE_INFINITY;
            return box;
        }
    }

    /** Bands that run down towards the front, as ribs do, between two depths below a surface. */
    record Ribs(
            PhantomShape wall, double depthMm, double thicknessMm, double periodMm, double offsetMm, double lowestMm)
            implements PhantomShape {
        @Override
        public double distance(double x, double y, double z) {
            double turns = (z + 0.45 * y - offsetMm) / periodMm;
            double band = Math.abs(turns - Math.rint(turns)) * periodMm - 5.5;
            double layer = Math.abs(wall.distance(x, y, z) + depthMm) - thicknessMm / 2;
            double ends = Math.max(lowestMm - z, Math.max(y - 55, 14 - Math.abs(x)));
            return Math.max(Math.max(band, layer), ends);
        }

        @Override
        public double[] bounds() {
            double[] box = wall.bounds();
            box[2] = Math.max(box[2], lowestMm);
            return box;
        }
    }

    /** A solid whose surface is moved. */
    record Grown(PhantomShape shape, double mm) implements PhantomShape {
        @Override
        public double distance(double x, double y, double z) {
            return shape.distance(x, y, z) - mm;
        }

        @Override
        public double[] bounds() {
            double[] box = shape.bounds();
            for (int axis = 0; axis < 3; axis++) {
                box[axis] -= mm;
                box[axis + 3] += mm;
            }
            return box;
        }
    }

    /** What two solids share. */
    record Common(PhantomShape one, PhantomShape two) implements PhantomShape {
        @Override
        public double distance(double x, double y, double z) {
            double first = one.distance(x, y, z);
            return first > 12 ? first : Math.max(first, two.distance(x, y, z));
        }

        @Override
        public double[] bounds() {
            double[] box = one.bounds();
            double[] other = two.bounds();
            for (int axis = 0; axis < 3; axis++) {
                box[axis] = Math.max(box[axis], other[axis]);
                box[axis + 3] = Math.min(box[axis + 3], other[axis + 3]);
            }
            return box;
        }
    }

    /** Everything but a solid. */
    record Outside(PhantomShape shape) implements PhantomShape {
        @Override
        public double distance(double x, double y, double z) {
            return -shape.distance(x, y, z);
        }

        @Override
        public double[] bounds() {
            double inf = Double.POSITIVE_INFINITY;
            return new double[] {-inf, -inf, -inf, inf, inf, inf};
        }
    }

    /** A solid with an uneven surface: bumps of {@code heightMm} at most, about {@code lengthMm} wide. */
    record Bumpy(PhantomShape shape, PhantomNoise noise, double heightMm, double lengthMm) implements PhantomShape {
        @Override
        public double distance(double x, double y, double z) {
            double smooth = shape.distance(x, y, z);
            return Math.abs(smooth) > heightMm + 8
                    ? smooth
                    : smooth + heightMm * noise.at(x / lengthMm, y / lengthMm, z / lengthMm);
        }

        @Override
        public double[] bounds() {
            return shape.grown(heightMm).bounds();
        }
    }
}
