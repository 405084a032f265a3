package org.unet4j.infer;

import java.util.List;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Voxels;

/** The averaged logits of a whole volume, which prediction never has in memory. */
final class WholeLogits {

    private WholeLogits() {}

    /** Returns them class by class, each in z, y, x order. */
    static float[][] of(SlidingWindow window, Engine engine, List<Voxels> channels, Shape volume) {
        int plane = volume.y() * volume.x();
        float[][] all = new float[engine.classes()][volume.arrayLength()];
        window.slices(engine, channels, volume, (z, logits) -> {
            for (int cls = 0; cls < all.length; cls++) {
                System.arraycopy(logits[cls], 0, all[cls], z * plane, plane);
            }
        });
        return all;
    }
}
