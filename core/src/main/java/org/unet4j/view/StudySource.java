package org.unet4j.view;

import java.io.IOException;
import org.unet4j.io.Arrival;

/** Where a study comes from. */
@FunctionalInterface
public interface StudySource {

    /** Returns the study, after a while. */
    Study read() throws IOException;

    /** Returns the study, after a while, and may tell of the scan's voxels while they come. */
    default Study read(Arrival arrival) throws IOException {
        return read();
    }
}
