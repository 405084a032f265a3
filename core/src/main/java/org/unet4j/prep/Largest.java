package org.unet4j.prep;

import java.util.Arrays;

/** Which class has the largest logit. */
public final class Largest {

    private Largest() {}

    /**
     * Sets {@code labels} from {@code at} on to the class with the largest logit of each voxel; of several, the lowest.
     *
     * @param logits one array a class, at most 256, all as long; not NaN
     */
    public static void of(float[][] logits, byte[] labels, int at) {
        float[] most = logits[0].clone();
        Arrays.fill(labels, at, at + most.length, (byte) 0);
        for (int cls = 1; cls < logits.length; cls++) {
            raise(most, logits[cls], labels, at, (byte) cls);
        }
    }

    private static void raise(float[] most, float[] logits, byte[] labels, int at, byte cls) {
        for (int i = 0; i < most.length; i++) {
            if (logits[i] > most[i]) {
                most[i] = logits[i];
                labels[at + i] = cls;
            }
        }
    }
}
