package org.unet4j.view;

import java.io.IOException;

/** Where a study comes from. */
@FunctionalInterface
public interface StudySource {

    /** Returns the study, after a while. */
    Study read() throws IOException;

    /** Returns the study, after a while, and may tell of what is there of it in between. */
    default Study read(StudyArrival arrival) throws IOException {
        return read();
    }
}
