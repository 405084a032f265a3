package org.unet4j.io;

/** Hears how far a long piece of work has come. Calls may come from any thread. */
@FunctionalInterface
public interface Progress {

    /**
     * Called when {@code done} of {@code total} parts are finished.
     *
     * @param what the work in a few words, such as "preparing cases"; a plural at its end names what is counted
     */
    void update(String what, long done, long total);

    /** Returns a progress that nobody watches. */
    static Progress silent() {
        return (what, done, total) -> {};
    }
}
