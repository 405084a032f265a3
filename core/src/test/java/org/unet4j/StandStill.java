package org.unet4j;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** For processes of tests that are to be killed in the midst of their work, however late that happens. */
public final class StandStill {

    private StandStill() {}

    /** Returns never: the process is killed, or ends with whoever started it and held its standard input. */
    public static void untilKilled() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().halt(1);
    }
}
