package org.unet4j.io;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.unet4j.io.PhantomCanvas.Material;
import org.unet4j.io.PhantomShape.Bumpy;
import org.unet4j.io.PhantomShape.Ellipsoid;
import org.unet4j.io.PhantomShape.Tube;

/**
 * The pancreas of one patient, what runs along it, and its tumour: a tapered tube along a curve from the head, in the bend of
 * the duodenum, over the spine to the tail near the spleen. Its surface is lobulated and its tissue marbled with fat. A
 * tumour is darker than the tissue around it, and as dark as fluid, muscle and cysts elsewhere.
 */
final class PhantomPancreas {

    private static final int SAMPLES = 20;

    private final PhantomCanvas canvas;
    private final SplittableRandom random;
    private final PhantomNoise bumps;
    private final PhantomShape room;
    private final double cos;
    private final double sin;
    private final double tilt;
    private final double[] origin;
    private final double size;
    private final List<double[]> centreline;

    PhantomPancreas(PhantomCanvas canvas, SplittableRandom random, PhantomNoise bumps, PhantomShape room) {
        this.canvas = canvas;
        this.random = random;
        this.bumps = bumps;
        this.room = room;
        double turn = between(-0.42, 0.42);
        this.cos = StrictMath.cos(turn);
        this.sin = StrictMath.sin(turn);
        this.tilt = between(-0.42, 0.4);
        this.origin = new double[] {between(-15, 11), between(-7, 13), between(-23, 23)};
        this.size = between(0.9, 1.15);
        this.centreline = centreline();
    }

    private double between(double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    /** Returns the point (x, y, z) of a typical patient as a point of this one, with a radius. */
    private double[] place(double x, double y, double z, double radius) {
        double u = size * (cos * x - sin * y);
        double v = size * (sin * x + cos * y);
        return new double[] {origin[0] + u, origin[1] + v, origin[2] + size * z - tilt * u, radius * size};
    }

    /** Returns points along a Catmull-Rom curve through head, neck, body and tail. */
    private List<double[]> centreline() {
        double bend = between(-8, 8);
        double[][] stations = {
            {38, 6, -34, 13},
            {36, 10, -18, between(15, 19)},
            {22, 22, -6, 12},
            {6, 27 + 0.3 * bend, 0, between(9, 11)},
            {-18, 20 + bend, 5, between(10, 13)},
            {-44, 4 + 0.5 * bend, 13, between(10, 13)},
            {-68, -12, 20 + bend, between(8, 12)}
        };
        double[][] placed = new double[stations.length][];
        for (int i = 0; i < stations.length; i++) {
            double[] s = stations[i];
            placed[i] = place(s[0] + between(-4, 4), s[1] + between(-3, 3), s[2] + between(-4, 4), s[3]);
        }
        List<double[]> curve = new ArrayList<>();
        for (int i = 0; i <= SAMPLES; i++) {
            double along = (double) i / SAMPLES * (placed.length - 1);
            int from = Math.min((int) along, placed.length - 2);
            double[] before = placed[Math.max(0, from - 1)];
            double[] after = placed[Math.min(placed.length - 1, from + 2)];
            double[] point = new double[4];
            for (int axis = 0; axis < 4; axis++) {
                point[axis] =
                        catmullRom(before[axis], placed[from][axis], placed[from + 1][axis], after[axis], along - from);
            }
            curve.add(point);
        }
        return curve;
    }

    private static double catmullRom(double a, double b, double c, double d, double t) {
        return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
    }

    /** Paints duodenum, great vessels, pancreas and, where {@code tumour} says so, one tumour in it. */
    void paint(boolean tumour) {
        PhantomShape gland = new Bumpy(new Bumpy(new Tube(centreline), bumps, 2.2, 7), bumps, 2.5, 19).within(room);
        duodenum();
        background(gland.grown(between(2.5, 4.5)).within(room), new Material(-95, 18, 9));
        greatVessels();
        double hu = between(92, 112);
        canvas.paint(gland, new Material(hu, 30, 4.5), Phantom.PANCREAS);
        smallVessels();
        if (tumour) {
            tumour(hu);
        }
    }

    private void background(PhantomShape shape, Material material) {
        canvas.paint(shape, material, Phantom.BACKGROUND);
    }

    private void duodenum() {
        PhantomShape loop = new Bumpy(
                        new Tube(List.of(
                                place(44, 36, 8, 12),
                                place(60, 16, -6, 12),
                                place(64, 2, -30, 12),
                                place(54, 0, -54, 12),
                                place(24, 2, -60, 11),
                                place(-14, 6, -56, 11))),
                        bumps,
                        2,
                        10)
                .within(room);
        background(loop.grown(1.5).within(room), new Material(-95, 15, 9));
        background(loop, new Material(between(80, 105), 14, 6));
        background(loop.grown(-3), new Material(between(20, 60), 18, 8));
    }

    private void greatVessels() {
        Material artery = new Material(between(150, 185), 5, 6);
        background(new Tube(List.of(point(-6, -26, 140, 11), point(-8, -21, 30, 10), point(-4, -18, -140, 9))), artery);
        background(
                new Tube(List.of(point(24, -14, 140, 12), point(21, -21, 10, 11), point(18, -22, -140, 10))),
                new Material(between(120, 150), 8, 10));
        double[] neck = place(2, 12, -6, 3.6);
        background(
                new Tube(List.of(point(-8, -14, neck[2] + 12, 4), neck, place(0, 22, -60, 3.4), point(0, 30, -120, 3))),
                artery);
    }

    private void smallVessels() {
        Material vein = new Material(between(155, 185), 5, 6);
        background(
                new Tube(List.of(
                        point(14, 32, -120, 4.5),
                        place(12, 20, -50, 5),
                        place(14, 12, -12, 5.5),
                        place(20, 10, 14, 6.5),
                        point(38, 10, 40, 6.5))),
                vein);
        List<double[]> splenic = new ArrayList<>();
        splenic.add(place(14, 12, -4, 4.2));
        for (int i = SAMPLES / 2; i <= SAMPLES; i += 2) {
            double[] c = centreline.get(i);
            splenic.add(point(c[0], c[1] - 0.95 * c[3], c[2] + 0.35 * c[3], 3.6));
        }
        splenic.add(point(-76, -20, 40, 3));
        background(new Tube(splenic), vein);
    }

    private void tumour(double glandHu) {
        int at = 1 + random.nextInt(SAMPLES - 2);
        double[] c = centreline.get(at);
        double r = between(11, 17.5);
        double side = 0.4 * c[3];
        PhantomShape lump = new Bumpy(
                        new Ellipsoid(
                                c[0] + between(-side, side),
                                c[1] + between(-side, side),
                                c[2] + between(-side, side),
                                r * between(0.9, 1.2),
                                r * between(0.85, 1.1),
                                r * between(0.85, 1.15)),
                        bumps,
                        2.5,
                        12)
                .within(room);
        double hu = glandHu - between(46, 58);
        canvas.paint(lump, new Material(hu, 7, 8), Phantom.TUMOUR);
        canvas.paint(lump.grown(-0.55 * r), new Material(hu - between(4, 14), 8, 7), Phantom.TUMOUR);
    }

    private static double[] point(double x, double y, double z, double radius) {
        return new double[] {x, y, z, radius};
    }
}
