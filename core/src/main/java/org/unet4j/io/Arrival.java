package org.unet4j.io;

import org.unet4j.volume.Volume;

/** Hears of a volume while it is read, by the thread that reads it. */
public interface Arrival {

    /** Called once, before any voxel is there: until they have come all are 0. */
    void begin(Volume volume);

    /** Called when the first {@code voxels} are there, in the file's order; more each time, and at last all. */
    void come(int voxels);

    /** Returns one that does not care. */
    static Arrival unheard() {
        return new Arrival() {
            @Override
            public void begin(Volume volume) {}

            @Override
            public void come(int voxels) {}
        };
    }
}
