package org.unet4j.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

/**
 * Synthetic abdominal CTs with a pancreas, and a tumour in most: a dataset for whoever has none at hand. They are made so that
 * a network must look at shape, texture and surroundings: fluid, bowel, muscle and liver have the same HU as pancreas and
 * tumour, and patients lie differently in the field of view. No medical meaning whatsoever.
 *
 * <p>Case {@code index} of a seed is always the same, voxel for voxel, however many are made and by however many threads.
 */
public final class Phantom {

    /** Label of everything else. */
    public static final int BACKGROUND = 0;

    /** Label of the pancreas. */
    public static final int PANCREAS = 1;

    /** Label of a tumour in it. */
    public static final int TUMOUR = 2;

    private static final int TEST_SHARE = 6;

    /**
     * What the scanner is like; each case draws between the limits.
     *
     * @param smallest fewest voxels along each axis
     * @param largest most voxels along each axis
     * @param finest smallest spacing; x and y of a case are equal
     * @param coarsest largest spacing
     * @param noiseHu standard deviation of the noise, in HU
     * @param withoutTumour every how many-th case has no tumour; 0 for none
     */
    public record Settings(
            Shape smallest, Shape largest, Spacing finest, Spacing coarsest, double noiseHu, int withoutTumour) {

        public Settings {
            for (int axis = 0; axis < Shape.AXES; axis++) {
                if (smallest.get(axis) > largest.get(axis)) {
                    throw new IllegalArgumentException("smallest " + smallest + " exceeds largest " + largest);
                }
                if (finest.get(axis) > coarsest.get(axis)) {
                    throw new IllegalArgumentException("finest " + finest + " exceeds coarsest " + coarsest);
                }
            }
            if (!(noiseHu >= 0 && noiseHu < 1000) || withoutTumour < 0) {
                throw new IllegalArgumentException("noise " + noiseHu + " HU and every " + withoutTumour
                        + "-th case without tumour must not be negative");
            }
        }

        /** Returns what the embedded benchmark uses: coarse volumes of one patient's abdomen, quick to learn from. */
        public static Settings small() {
            return new Settings(
                    new Shape(52, 72, 84),
                    new Shape(64, 80, 96),
                    new Spacing(3.0, 3.1, 3.1),
                    new Spacing(3.6, 3.5, 3.5),
                    12,
                    4);
        }

        /** Returns the size of a clinical scan, for measuring speed. */
        public static Settings full() {
            return new Settings(
                    new Shape(90, 512, 512),
                    new Shape(90, 512, 512),
                    new Spacing(2.5, 0.55, 0.55),
                    new Spacing(2.5, 0.62, 0.62),
                    20,
                    4);
        }
    }

    /**
     * One patient.
     *
     * @param image 16-bit HU
     * @param labels 0 background, 1 pancreas, 2 tumour, on the image's grid
     */
    public record Case(Volume image, Labels labels) {}

    private Phantom() {}

    /** Returns case {@code index} of the patients that {@code seed} stands for. */
    public static Case generate(Settings settings, long seed, int index) {
        SplittableRandom random = random(seed, index);
        Grid grid = grid(settings, random);
        double[] rotation = rotation(random);
        double[] shift = {between(random, -12, 12), between(random, -9, 9), between(random, -20, 20)};
        PhantomCanvas canvas = new PhantomCanvas(grid, rotation, shift, new PhantomNoise(random));
        PhantomNoise bumps = new PhantomNoise(random);
        PhantomAnatomy anatomy = new PhantomAnatomy(canvas, random.split(), bumps);
        anatomy.paint();
        boolean tumour = settings.withoutTumour() == 0 || (index + 1) % settings.withoutTumour() != 0;
        new PhantomPancreas(canvas, random.split(), bumps, anatomy.room()).paint(tumour);
        short[] voxels = PhantomScanner.digitise(canvas.hu(), grid.shape(), settings.noiseHu(), random.nextLong());
        return new Case(Volume.of(grid, voxels), new Labels(grid, canvas.labels()));
    }

    private static SplittableRandom random(long seed, int index) {
        SplittableRandom ofSeed = new SplittableRandom(seed);
        return new SplittableRandom(ofSeed.nextLong() ^ (index + 1) * 0x9e3779b97f4a7c15L);
    }

    private static double between(SplittableRandom random, double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    /** Returns a grid in the middle of the scanner; spacing is rounded as scanners do. */
    private static Grid grid(Settings settings, SplittableRandom random) {
        int[] size = new int[Shape.AXES];
        for (int axis = 0; axis < Shape.AXES; axis++) {
            int low = settings.smallest().get(axis);
            size[axis] = low + random.nextInt(settings.largest().get(axis) - low + 1);
        }
        double z = Math.rint(100
                        * between(
                                random,
                                settings.finest().z(),
                                settings.coarsest().z()))
                / 100;
        double x = Math.rint(100
                        * between(
                                random,
                                settings.finest().x(),
                                settings.coarsest().x()))
                / 100;
        Shape shape = Shape.of(size);
        double table = Math.rint(between(random, -400, 400));
        return new Grid(
                shape,
                new Affine(x, 0, 0, -x * (shape.x() - 1) / 2, 0, x, 0, -x * (shape.y() - 1) / 2, 0, 0, z, table));
    }

    /** Returns a small rotation: patients lie a little turned and tilted. */
    private static double[] rotation(SplittableRandom random) {
        double a = between(random, -0.16, 0.16);
        double b = between(random, -0.06, 0.06);
        double c = between(random, -0.06, 0.06);
        double ca = StrictMath.cos(a);
        double sa = StrictMath.sin(a);
        double cb = StrictMath.cos(b);
        double sb = StrictMath.sin(b);
        double cc = StrictMath.cos(c);
        double sc = StrictMath.sin(c);
        return new double[] {
            ca * cb,
            ca * sb * sc - sa * cc,
            ca * sb * cc + sa * sc,
            sa * cb,
            sa * sb * sc + ca * cc,
            sa * sb * cc - ca * sc,
            -sb,
            cb * sc,
            cb * cc
        };
    }

    /**
     * Writes a dataset in the Decathlon's layout: {@code cases} labelled ones and a sixth as many (at least one) without labels.
     * The folder appears when everything is in it; what an interrupted call left behind is removed by the next.
     *
     * @param folder must not exist or be empty
     * @throws IOException if there is something in {@code folder}, or writing fails
     */
    public static void write(Path folder, Settings settings, int cases, long seed, Progress progress)
            throws IOException {
        if (cases < 1) {
            throw new IllegalArgumentException("a phantom dataset needs at least 1 case, asked for " + cases);
        }
        AtomicFolder.write(folder, partial -> writeCases(partial, settings, cases, seed, progress));
    }

    private static void writeCases(Path partial, Settings settings, int cases, long seed, Progress progress)
            throws IOException {
        for (String name : List.of("imagesTr", "labelsTr", "imagesTs")) {
            Files.createDirectories(partial.resolve(name));
        }
        int tests = Math.max(1, cases / TEST_SHARE);
        AtomicInteger done = new AtomicInteger();
        InOrder.map(
                IntStream.range(0, cases + tests).boxed().toList(),
                Math.min(Runtime.getRuntime().availableProcessors(), memoryAllows(settings)),
                index -> {
                    writeCase(partial, settings, seed, index, index < cases);
                    progress.update("making phantoms", done.incrementAndGet(), (long) cases + tests);
                    return index;
                });
        Json.write(partial.resolve(Dataset.DESCRIPTION), description(cases, tests, seed));
    }

    /** Returns how many cases may be in the making at once, each at 16 bytes a voxel in half of the heap. */
    private static int memoryAllows(Settings settings) {
        return (int) Math.max(
                1,
                Math.min(
                        64,
                        Runtime.getRuntime().maxMemory()
                                / 2
                                / (16 * settings.largest().voxels())));
    }

    private static void writeCase(Path folder, Settings settings, long seed, int index, boolean training) {
        Case made = generate(settings, seed, index);
        try {
            Nifti.write(folder.resolve(image(index, training)), made.image());
            if (training) {
                Nifti.write(folder.resolve(label(index)), made.labels());
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String image(int index, boolean training) {
        return String.format(Locale.ROOT, "%s/phantom_%03d.nii.gz", training ? "imagesTr" : "imagesTs", index);
    }

    private static String label(int index) {
        return String.format(Locale.ROOT, "labelsTr/phantom_%03d.nii.gz", index);
    }

    private static Map<String, Object> description(int cases, int tests, long seed) {
        List<Map<String, String>> training = new ArrayList<>();
        for (int i = 0; i < cases; i++) {
            Map<String, String> entry = new LinkedHashMap<>();
            entry.put("image", "./" + image(i, true));
            entry.put("label", "./" + label(i));
            training.add(entry);
        }
        SortedMap<String, String> labels = new TreeMap<>(Map.of("0", "background", "1", "pancreas", "2", "tumour"));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", "Phantom");
        json.put("description", "Synthetic abdominal CT made by unet4j, seed " + seed + "; not of any patient");
        json.put("licence", "CC0-1.0");
        json.put("tensorImageSize", "3D");
        json.put("modality", Map.of("0", "CT"));
        json.put("labels", labels);
        json.put("numTraining", cases);
        json.put("numTest", tests);
        json.put("training", training);
        json.put(
                "test",
                IntStream.range(cases, cases + tests)
                        .mapToObj(i -> "./" + image(i, false))
                        .toList());
        return json;
    }
}
