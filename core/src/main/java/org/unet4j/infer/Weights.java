package org.unet4j.infer;

/** Which weights of a run folder. */
public enum Weights {
    /** Those of the last step: what results are reported for. */
    LAST("last.safetensors"),
    /** Those that scored highest in validation during training; never score them on the cases that chose them. */
    BEST("best.safetensors");

    private final String fileName;

    Weights(String fileName) {
        this.fileName = fileName;
    }

    /** Returns the name of the file in the run folder. */
    public String fileName() {
        return fileName;
    }
}
