package org.unet4j.prep;

import org.unet4j.volume.LabelArray;

/** Which class has the largest logit. */
public final class Largest {

    private Largest() {}

    /**
     * Sets {@code labels} from {@code at} on to the class with the largest logit of each voxel; of several, the lowest.
     *
     * @param logits one array a class, all as long; not NaN
     */
    public static void of(float[][] logits, LabelArray labels, int at) {
        float[] most = logits[0].clone();
        labels.fill(at, at + most.length, 0);
        for (int cls = 1; cls < logits.length; cls++) {
            raise(most, logits[cls], labels, at, cls);
        }
    }

    private static void raise(float[] most, float[] logits, LabelArray labels, int at, int cls) {
        for (int i = 0; i < most.length; i++) {
            if (logits[i] > most[i]) {
                most[i] = logits[i];
                labels.set(at + i, cls);
            }
        }
    }
}
