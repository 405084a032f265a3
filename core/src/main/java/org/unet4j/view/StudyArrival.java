package org.unet4j.view;

import java.util.List;
import org.unet4j.io.Arrival;

/** Hears of a study while it is read, so that a page may show the scan before its label maps are there. */
public interface StudyArrival extends Arrival {

    /** Called before the scan begins: what the study is called, and each of its label maps. */
    void name(String study, List<String> labels);

    /** Called when the scan is read and found to be whole; label maps may still come. */
    void end();
}
