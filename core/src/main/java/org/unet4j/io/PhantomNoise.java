package org.unet4j.io;

import java.util.SplittableRandom;

/** A smooth random function of space: values at whole coordinates, independent of each other, and smooth steps between. */
final class PhantomNoise {

    private static final int VALUES = 1 << 12;

    private final float[] values = new float[VALUES];

    PhantomNoise(SplittableRandom random) {
        for (int i = 0; i < VALUES; i++) {
            values[i] = (float) (2 * random.nextDouble() - 1);
        }
    }

    /** Returns a value in [-1, 1], continuous, with waves about two units long. */
    double at(double x, double y, double z) {
        double fx = Math.floor(x);
        double fy = Math.floor(y);
        double fz = Math.floor(z);
        int ix = (int) fx;
        int iy = (int) fy;
        int iz = (int) fz;
        double u = step(x - fx);
        double v = step(y - fy);
        double w = step(z - fz);
        double low = mix(
                mix(value(ix, iy, iz), value(ix + 1, iy, iz), u),
                mix(value(ix, iy + 1, iz), value(ix + 1, iy + 1, iz), u),
                v);
        double high = mix(
                mix(value(ix, iy, iz + 1), value(ix + 1, iy, iz + 1), u),
                mix(value(ix, iy + 1, iz + 1), value(ix + 1, iy + 1, iz + 1), u),
                v);
        return mix(low, high, w);
    }

    private float value(int x, int y, int z) {
        int hash = x * 0x8da6b343 ^ y * 0xd8163841 ^ z * 0xcb1ab31f;
        hash = (hash ^ hash >>> 15) * 0x2c1b3c6d;
        return values[(hash ^ hash >>> 13) & VALUES - 1];
    }

    private static double mix(double a, double b, double t) {
        return a + t * (b - a);
    }

    private static double step(double t) {
        return t * t * (3 - 2 * t);
    }
}
