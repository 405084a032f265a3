package org.unet4j.train;

/** The loss or its gradient stopped being a finite number: the run cannot go on with these settings. */
public final class DivergedException extends RuntimeException {

    /** Makes an exception whose message says at which step it happened and what to try. */
    public DivergedException(String message) {
        super(message);
    }

    /** Returns what to try. */
    static String advice(Job job) {
        Optimization optimization = job.config().optimization();
        return "In a new run try a learningRate below " + optimization.learningRate() + ", a longer warmup than "
                + optimization.warmup()
                + ", or precision fp32; it can begin from the weights of the last checkpoint in ["
                + job.run().path() + "], which stays";
    }
}
