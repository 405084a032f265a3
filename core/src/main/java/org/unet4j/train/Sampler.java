package org.unet4j.train;

import java.util.List;
import java.util.random.RandomGenerator;
import org.unet4j.prep.LabelledCase;
import org.unet4j.torch.Seeds;
import org.unet4j.volume.Box;
import org.unet4j.volume.Shape;

/**
 * Which case, which box and which augmentation each sample of a run is. All of it follows from the seed and the number of
 * the sample (step x batch + place in the batch), so neither threads nor an interruption change the data.
 *
 * <p>Cases are not drawn with replacement: each epoch is a new order of all of them, so every case is seen equally often.
 * Boxes are placed as nnU-Net places them: uniformly, or (a set share of the samples) around a voxel of a class drawn
 * uniformly among those of the case. Differs: that share is kept over the run rather than rounded in every batch, so that
 * 0.33 means a third for any batch size; and a box around a voxel is shifted to stay within the limits at its upper ends,
 * too, not only at its lower ones.
 *
 * @param ids the training cases
 * @param seed of the run
 * @param foregroundShare share of the samples around a foreground voxel, in [0, 1]
 * @param cut the size of the boxes
 * @param patch the size that augmentation leaves of them; at most {@code cut}
 */
record Sampler(List<String> ids, long seed, double foregroundShare, Shape cut, Shape patch) {

    private static final long CASES = 1;
    private static final long BOXES = 2;
    private static final long AUGMENTATION = 3;

    Sampler {
        ids = List.copyOf(ids);
        if (ids.isEmpty()) {
            throw new IllegalArgumentException("there is no training case; the split must name at least one");
        }
    }

    /** Returns how often every case was drawn before {@code sample}. */
    int epoch(long sample) {
        return Math.toIntExact(sample / ids.size());
    }

    /** Returns the case of {@code sample}. */
    String caseId(long sample) {
        int[] order = new int[ids.size()];
        RandomGenerator random = Seeds.random(seed, CASES, epoch(sample));
        for (int i = 0; i < order.length; i++) { // Fisher and Yates, inside out
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return ids.get(order[(int) (sample % ids.size())]);
    }

    /** Returns whether {@code sample} is cut around a voxel of the foreground. */
    boolean aroundForeground(long sample) {
        return Math.floor((sample + 1) * foregroundShare) > Math.floor(sample * foregroundShare);
    }

    /** Returns the seed of the augmentation of {@code sample}. */
    long augmentationSeed(long sample) {
        return Seeds.derive(seed, AUGMENTATION, sample);
    }

    /** Returns the box of {@code sample} in its case. It may reach outside: what lies there is padding. */
    Box box(long sample, LabelledCase prepared) {
        RandomGenerator random = Seeds.random(seed, BOXES, sample);
        Shape volume = prepared.shape();
        int[] classes = prepared.classesPresent();
        int[] centre =
                aroundForeground(sample) && classes.length > 0 ? foregroundVoxel(prepared, classes, random) : null;
        int[] start = new int[Shape.AXES];
        for (int axis = 0; axis < Shape.AXES; axis++) {
            int size = cut.get(axis);
            int padding = Math.max(size - patch.get(axis), size - volume.get(axis));
            int lowest = -((padding + 1) / 2);
            int highest = volume.get(axis) + (padding + 1) / 2 - size;
            start[axis] = centre == null
                    ? random.nextInt(lowest, highest + 1)
                    : Math.min(highest, Math.max(lowest, centre[axis] - size / 2));
        }
        return new Box(start[0], start[1], start[2], cut);
    }

    private static int[] foregroundVoxel(LabelledCase prepared, int[] classes, RandomGenerator random) {
        int cls = classes[random.nextInt(classes.length)];
        int voxel = prepared.foregroundVoxel(cls, random.nextInt(prepared.foregroundSamples(cls)));
        Shape volume = prepared.shape();
        int row = voxel / volume.x();
        return new int[] {row / volume.y(), row % volume.y(), voxel % volume.x()};
    }
}
