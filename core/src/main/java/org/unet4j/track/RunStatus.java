package org.unet4j.track;

/** How a run stands, in MLflow's words. */
public enum RunStatus {
    RUNNING,
    FINISHED,
    FAILED,
    KILLED
}
