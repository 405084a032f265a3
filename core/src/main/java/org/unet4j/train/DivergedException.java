package org.unet4j.train;

/** The loss or its gradient stopped being a finite number: the run cannot go on with these settings. */
public final class DivergedException extends RuntimeException {

    /** Makes an exception whose message says at which step it happened and what to try. */
    public DivergedException(String message) {
        super(message);
    }
}
