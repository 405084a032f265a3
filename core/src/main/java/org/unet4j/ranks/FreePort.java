package org.unet4j.ranks;

import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Where processes on this machine can meet. */
public final class FreePort {

    /**
     * Of ports that Linux, macOS and Windows, unless told otherwise, do not give to whoever asks for any, so that none is
     * taken between the choice and a rank's coming to it.
     */
    static final int FIRST = 20_000;

    static final int LAST = 31_999;

    private static final int TRIES = 100;

    private FreePort() {}

    /**
     * Returns a port that nobody listens at now, chosen by chance, so that jobs that start together seldom meet.
     *
     * @throws IOException if a hundred tries found none
     */
    public static int choose() throws IOException {
        IOException last = null;
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                last = taken;
            }
        }
        throw new IOException(
                "no port from " + FIRST + " to " + LAST + " can be had for the ranks to meet at (" + last.getMessage()
                        + "); start them with RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT instead of --ranks",
                last);
    }
}
