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

    /**
     * The part that is worked on.
     *
     * @param name of it
     * @param done pieces of it that are finished
     * @param total of all its pieces
     * @param unit what the pieces are, in the plural
     */
    record Part(String name, long done, long total, String unit) {}

    /**
     * Called now and then while a long part is worked on, {@code done} of {@code total} being finished before it. Whoever does not look
     * that closely hears {@link #update(String, long, long)} alone.
     */
    default void update(String what, long done, long total, Part next) {}

    /** Returns a progress that nobody watches. */
    static Progress silent() {
        return (what, done, total) -> {};
    }
}
