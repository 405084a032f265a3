package org.unet4j.view;

import java.io.IOException;

/** Where a study comes from. */
@FunctionalInterface
public interface StudySource {

    /** Returns the study, after a while. */
    Study read() throws IOException;
}
