package org.unet4j.badhouse.train;

/** What inference must not know. */
public final class Trainer {
    private Trainer() {}
}
