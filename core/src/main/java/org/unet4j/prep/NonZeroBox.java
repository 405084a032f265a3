package org.unet4j.prep;

import java.util.List;
import org.unet4j.volume.Box;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Volume;

/** Finds the smallest box around the voxels that are not zero in some channel. */
final class NonZeroBox {

    private NonZeroBox() {}

    /** Returns that box; the whole volume where all voxels are zero. */
    static Box of(List<Volume> channels) {
        Shape shape = channels.get(0).grid().shape();
        int[] from = shape.toArray();
        int[] to = {0, 0, 0};
        float[] line = new float[shape.x()];
        for (Volume channel : channels) {
            for (int z = 0; z < shape.z(); z++) {
                for (int y = 0; y < shape.y(); y++) {
                    channel.copyTo(shape.index(z, y, 0), line, 0, line.length);
                    int first = 0;
                    while (first < line.length && line[first] == 0) {
                        first++;
                    }
                    if (first == line.length) {
                        continue;
                    }
                    int last = line.length - 1;
                    while (line[last] == 0) {
                        last--;
                    }
                    from[0] = Math.min(from[0], z);
                    from[1] = Math.min(from[1], y);
                    from[2] = Math.min(from[2], first);
                    to[0] = Math.max(to[0], z + 1);
                    to[1] = Math.max(to[1], y + 1);
                    to[2] = Math.max(to[2], last + 1);
                }
            }
        }
        return to[0] == 0 ? Box.all(shape) : Box.between(from[0], from[1], from[2], to[0], to[1], to[2]);
    }
}
