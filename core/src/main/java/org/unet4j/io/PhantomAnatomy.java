package org.unet4j.io;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.unet4j.io.PhantomCanvas.Material;
import org.unet4j.io.PhantomShape.Bumpy;
import org.unet4j.io.PhantomShape.Ellipsoid;
import org.unet4j.io.PhantomShape.Ribs;
import org.unet4j.io.PhantomShape.Stacked;
import org.unet4j.io.PhantomShape.Tube;

/**
 * One patient without the pancreas: where the organs lie and what they are made of. Sizes, places and intensities vary from
 * patient to patient around those of a slim adult in the portal-venous phase (HU of soft tissue 30 to 180, overlapping on
 * purpose). Lengths are in mm; see {@link PhantomShape} for the axes.
 */
final class PhantomAnatomy {

    private static final double ENDLESS = Double.POSITIVE_INFINITY;

    private final PhantomCanvas canvas;
    private final SplittableRandom random;
    private final PhantomNoise bumps;
    private final PhantomShape cavity;
    private final PhantomShape muscle;
    private final double halfWidth;
    private final double halfDepth;

    PhantomAnatomy(PhantomCanvas canvas, SplittableRandom random, PhantomNoise bumps) {
        this.canvas = canvas;
        this.random = random;
        this.bumps = bumps;
        this.halfWidth = between(114, 128);
        this.halfDepth = between(86, 97);
        double fat = between(7, 16);
        double wall = between(8, 11);
        this.muscle =
                uneven(new Ellipsoid(0, -0.3 * fat, 0, halfWidth - 1.2 * fat, halfDepth - 0.9 * fat, ENDLESS), 3, 60);
        this.cavity = muscle.grown(-wall);
    }

    /** Paints everything that lies behind, beside or under the pancreas. */
    void paint() {
        bodyAndBones();
        chest();
        upperOrgans();
        kidneys();
        bowel();
    }

    /** Returns where organs may lie: inside the muscles of the wall. */
    PhantomShape room() {
        return cavity.grown(-1.5);
    }

    private double between(double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    private PhantomShape uneven(PhantomShape shape, double heightMm, double lengthMm) {
        return new Bumpy(shape, bumps, heightMm, lengthMm);
    }

    private void background(PhantomShape shape, Material material) {
        canvas.paint(shape, material, Phantom.BACKGROUND);
    }

    private void bodyAndBones() {
        Material fat = new Material(between(-112, -98), 12, 14);
        Material muscleTissue = new Material(between(52, 66), 12, 7);
        PhantomShape body = uneven(new Ellipsoid(0, 0, 0, halfWidth, halfDepth, ENDLESS), 3, 60);
        double couch = -halfDepth - between(9, 13);
        background(
                new Ellipsoid(0, couch + 240, 0, 260, 243, ENDLESS)
                        .without(new Ellipsoid(0, couch + 240, 0, 257, 240, ENDLESS))
                        .within(new Ellipsoid(0, couch, 0, 150, 40, ENDLESS)),
                new Material(-250, 0, 1));
        background(body, new Material(5, 10, 5));
        background(body.grown(-2.5), fat);
        background(muscle, muscleTissue);
        background(cavity, fat);
        double spine = -0.53 * halfDepth;
        for (int side = -1; side <= 1; side += 2) {
            background(
                    uneven(new Ellipsoid(side * 33, spine - 23, 0, 27, 19, ENDLESS), 3, 25)
                            .within(muscle),
                    muscleTissue);
            background(
                    uneven(
                            new Tube(List.of(
                                    point(side * 26, spine - 2, 40, 5),
                                    point(side * 33, spine + 2, -30, 13),
                                    point(side * 42, spine + 8, -140, 19))),
                            2,
                            25),
                    muscleTissue);
        }
        double period = between(33, 37);
        double offset = between(0, 35);
        background(new Ellipsoid(0, spine, 0, 20, 16, ENDLESS), new Material(75, 10, 8));
        PhantomShape vertebra = new Stacked(
                new Ellipsoid(0, spine, 0, 21.5, 17, ENDLESS)
                        .within(new Ellipsoid(0, 0, 0, ENDLESS, ENDLESS, 0.39 * period)),
                period,
                offset);
        background(vertebra, new Material(between(330, 420), 40, 6));
        background(vertebra.grown(-2.6), new Material(between(150, 215), 45, 5));
        PhantomShape arch = new Stacked(
                new Tube(List.of(
                        point(-17, spine - 14, 0, 6), point(0, spine - 34, -4, 6), point(17, spine - 14, 0, 6))),
                period,
                offset);
        PhantomShape processes = new Stacked(
                new Tube(List.of(
                        point(-36, spine - 21, 0, 4), point(0, spine - 30, -3, 4.5), point(36, spine - 21, 0, 4))),
                period,
                offset);
        PhantomShape spinous = new Stacked(
                new Tube(List.of(point(0, spine - 34, -5, 4.5), point(0, spine - 50, -12, 3.5))), period, offset);
        for (PhantomShape bone : List.of(arch, processes, spinous)) {
            background(bone.within(muscle), new Material(between(290, 380), 60, 6));
        }
        background(new Ellipsoid(0, spine - 22, 0, 9, 7.5, ENDLESS), new Material(28, 8, 6));
        background(
                new Ribs(muscle, between(4, 5), 7, between(27, 31), between(0, 30), between(-25, 0)),
                new Material(between(320, 430), 60, 6));
    }

    private void chest() {
        double top = between(62, 80);
        for (int side = -1; side <= 1; side += 2) {
            PhantomShape lung = new Ellipsoid(side * 58, -8, top + 60, 58, 74, 58).within(cavity);
            background(lung, new Material(-860, 60, 9));
        }
        background(
                uneven(new Ellipsoid(-18, 22, top + 52, 52, 42, 46), 4, 40).within(cavity),
                new Material(between(120, 150), 10, 20));
    }

    private void upperOrgans() {
        double shift = between(-8, 8);
        double hu = between(92, 116);
        Material liver = new Material(hu, 12, 9);
        PhantomShape room = room();
        background(
                uneven(new Ellipsoid(66, 4, 40 + shift, 56, 66, between(52, 64)), 6, 45)
                        .within(room),
                liver);
        background(
                uneven(new Ellipsoid(10, 42, 50 + shift, between(48, 66), 24, between(28, 36)), 5, 35)
                        .within(room),
                liver);
        for (int branch = 0; branch < 7; branch++) {
            double y = between(-30, 45);
            double z = between(0, 70) + shift;
            background(
                    new Tube(List.of(
                            point(34, 8, 34 + shift, 4.5),
                            point(58, 0.6 * y, 0.5 * (z + 34 + shift), 3.4),
                            point(between(72, 100), y, z, 1.6))),
                    new Material(hu + between(40, 60), 5, 5));
        }
        int cysts = random.nextInt(4);
        for (int cyst = 0; cyst < cysts; cyst++) {
            double r = between(5, 13);
            background(
                    uneven(new Ellipsoid(between(45, 95), between(-35, 40), between(10, 70) + shift, r, r, r), 2, 12),
                    new Material(between(12, 60), 6, 6));
        }
        background(
                uneven(
                                new Ellipsoid(
                                        between(40, 54),
                                        between(38, 50),
                                        between(-20, 0) + shift,
                                        13,
                                        16,
                                        between(18, 26)),
                                2,
                                20)
                        .within(room),
                new Material(between(5, 20), 4, 8));
        PhantomShape spleen = new Ellipsoid(-82, -22, between(28, 48), 27, 40, between(36, 48))
                .without(new Ellipsoid(-46, -6, 40, 28, 40, 60));
        background(uneven(spleen, 3, 30).within(room), new Material(between(105, 130), 8, 8));
        stomach(room, shift);
    }

    private void stomach(PhantomShape room, double shift) {
        double r = between(19, 28);
        double depth = between(22, 40);
        PhantomShape stomach = uneven(
                        new Tube(List.of(
                                point(-42, depth - 10, 66 + shift, r),
                                point(-54, depth + 6, 34, r + 2),
                                point(-34, depth + 18, 2, 0.8 * r),
                                point(6, depth + 20, -8, 0.65 * r),
                                point(32, depth + 10, 4, 0.5 * r))),
                        3,
                        22)
                .within(room);
        hollow(stomach, between(3, 4.5), new Material(between(10, 50), 25, 10), depth + between(8, 22));
    }

    /** Paints a hollow organ: its wall, what is in it, and gas above {@code gasFromY}. */
    private void hollow(PhantomShape organ, double wallMm, Material content, double gasFromY) {
        background(organ, new Material(between(75, 108), 14, 6));
        PhantomShape inside = organ.grown(-wallMm);
        background(inside, content);
        if (gasFromY < 100) {
            background(
                    inside.within(new Ellipsoid(0, gasFromY + 200, 0, ENDLESS, 200, ENDLESS)),
                    new Material(-900, 30, 9));
        }
    }

    private void kidneys() {
        for (int side = -1; side <= 1; side += 2) {
            double x = side * between(54, 62);
            double y = between(-44, -34);
            double z = between(-26, -6) - 4 * side;
            double length = between(44, 54);
            PhantomShape kidney = uneven(
                            new Ellipsoid(x, y, z, between(22, 26), between(22, 26), length)
                                    .without(new Ellipsoid(x - side * 23, y + 8, z, 11, 10, 20)),
                            2,
                            22)
                    .within(cavity);
            background(kidney, new Material(between(150, 190), 12, 8));
            background(
                    uneven(new Ellipsoid(x - side * 4, y + 2, z, 15, 15, length - 11), 4, 11)
                            .within(cavity),
                    new Material(between(85, 125), 22, 9));
            background(uneven(new Ellipsoid(x - side * 11, y + 4, z, 10, 8, 21), 3, 12), new Material(-80, 20, 9));
            if (random.nextDouble() < 0.5) {
                double r = between(6, 15);
                background(
                        new Ellipsoid(x + side * 14, y + between(-12, 12), z + between(-30, 30), r, r, r)
                                .within(cavity),
                        new Material(between(8, 55), 5, 6));
            }
        }
    }

    private void bowel() {
        PhantomShape room = room();
        double low = between(-40, -26);
        colon(
                room,
                List.of(
                        point(84, -6, -130, 19),
                        point(86, 0, -60, 20),
                        point(78, 24, low + 10, 18),
                        point(40, 52, low, 16),
                        point(0, 62, low - 8, 15),
                        point(-44, 54, low + 4, 15),
                        point(-80, 16, low + 34, 15),
                        point(-92, -12, -20, 14),
                        point(-92, -16, -130, 14)));
        int loops = 7 + random.nextInt(4);
        for (int loop = 0; loop < loops; loop++) {
            double r = between(8, 13);
            smallBowel(room, r, between(-66, 62), between(0, 50), between(-100, -38));
        }
        // A loop of jejunum beside the stomach, where the tail of the pancreas may be looked for.
        smallBowel(room, between(9, 13), between(-70, -40), between(14, 34), between(-34, -12));
    }

    private void colon(PhantomShape room, List<double[]> course) {
        PhantomShape colon = uneven(new Tube(course), 4, 20).within(room);
        background(colon, new Material(between(65, 95), 10, 6));
        background(colon.grown(-2.6), new Material(between(-60, 30), 140, 9));
        background(uneven(colon.grown(-8), 7, 16), new Material(-880, 40, 9));
    }

    private void smallBowel(PhantomShape room, double r, double startX, double startY, double startZ) {
        List<double[]> course = new ArrayList<>();
        double x = startX;
        double y = startY;
        double z = startZ;
        double turn = between(0, 6.28);
        for (int step = 0; step < 7; step++) {
            course.add(point(x, y, z, r * between(0.85, 1.15)));
            turn += between(-1.1, 1.1);
            x = Math.max(-72, Math.min(70, x + 19 * StrictMath.cos(turn)));
            y = Math.max(-8, Math.min(58, y + 15 * StrictMath.sin(turn)));
            z = Math.max(-125, Math.min(startZ + 14, z + between(-9, 9)));
        }
        PhantomShape loop = uneven(new Tube(course), 1.8, 9).within(room);
        boolean collapsed = random.nextDouble() < 0.35;
        double gas = random.nextDouble() < 0.25 ? y + between(2, 8) : ENDLESS;
        Material content = collapsed ? new Material(between(78, 108), 18, 6) : new Material(between(15, 62), 12, 8);
        hollow(loop, between(2.4, 3.4), content, collapsed ? ENDLESS : gas);
    }

    private static double[] point(double x, double y, double z, double radius) {
        return new double[] {x, y, z, radius};
    }
}
