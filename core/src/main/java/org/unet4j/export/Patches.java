package org.unet4j.export;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.unet4j.io.Case;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Preparation;
import org.unet4j.prep.PreparedScan;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Shape;

/**
 * Parts of prepared scans, as a network sees them, by which the ranges of its numbers are found.
 *
 * @param shape of each
 * @param images the channels of each one after the other, in z, y, x order, outside of the heap
 */
public record Patches(Shape shape, List<FloatBuffer> images) {

    private static final int HELD_OUT_EVERY = 4;

    /** Copies the list. */
    public Patches {
        images = List.copyOf(images);
        if (images.isEmpty()) {
            throw new IllegalArgumentException("the ranges of a network's numbers need at least one patch");
        }
    }

    /**
     * Returns the patch of each case around the middle of what is labelled; zeros, the mean of prepared images, where it is larger.
     *
     * @param cases with labels
     * @throws IOException if one cannot be read
     */
    public static Patches of(List<Case> cases, Plan plan) throws IOException {
        List<FloatBuffer> images = new ArrayList<>();
        for (Case one : cases) {
            Scan scan = one.readScan();
            Labels labels = one.readLabels(scan.channels().get(0).grid());
            images.add(patch(Preparation.apply(plan, scan, Optional.of(labels)), plan.patch()));
        }
        return new Patches(plan.patch(), images);
    }

    /** Returns those that set the ranges of the network's numbers: all but the ones held out, or all where there are few. */
    List<FloatBuffer> calibration() {
        return images.size() < HELD_OUT_EVERY ? images : everyFourth(false);
    }

    /** Returns those on which it is found whether the ranges hold for others: every fourth, or all where there are fewer. */
    List<FloatBuffer> heldOut() {
        return images.size() < HELD_OUT_EVERY ? images : everyFourth(true);
    }

    private List<FloatBuffer> everyFourth(boolean chosen) {
        return IntStream.range(0, images.size())
                .filter(i -> (i % HELD_OUT_EVERY == HELD_OUT_EVERY - 1) == chosen)
                .mapToObj(images::get)
                .toList();
    }

    private static FloatBuffer patch(PreparedScan scan, Shape patch) {
        Shape all = scan.shape();
        int[] start = start(all, scan.labels().orElseThrow(), patch);
        FloatBuffer values = OnnxNetwork.buffer((long) scan.channels().size() * patch.arrayLength());
        for (int channel = 0; channel < scan.channels().size(); channel++) {
            for (int z = 0; z < Math.min(patch.z(), all.z()); z++) {
                for (int y = 0; y < Math.min(patch.y(), all.y()); y++) {
                    int from = all.index(start[0] + z, start[1] + y, start[2]);
                    int to = channel * patch.arrayLength() + patch.index(z, y, 0);
                    values.put(to, scan.channels().get(channel), from, Math.min(patch.x(), all.x()));
                }
            }
        }
        return values;
    }

    /** Returns where a patch starts whose middle is that of what is labelled, as far as it lies inside. */
    private static int[] start(Shape all, LabelArray labels, Shape patch) {
        int[] least = {all.z(), all.y(), all.x()};
        int[] largest = {0, 0, 0};
        for (int i = 0; i < labels.length(); i++) {
            if (labels.get(i) != 0) {
                int[] at = {i / (all.y() * all.x()), i / all.x() % all.y(), i % all.x()};
                for (int axis = 0; axis < Shape.AXES; axis++) {
                    least[axis] = Math.min(least[axis], at[axis]);
                    largest[axis] = Math.max(largest[axis], at[axis]);
                }
            }
        }
        int[] start = new int[Shape.AXES];
        for (int axis = 0; axis < Shape.AXES; axis++) {
            int wanted = (least[axis] + largest[axis] + 1) / 2 - patch.get(axis) / 2;
            start[axis] = Math.max(0, Math.min(wanted, all.get(axis) - patch.get(axis)));
        }
        return start;
    }
}
