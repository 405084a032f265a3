package org.unet4j.ranks;

import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Where processes on this machine can meet. */
public final class FreePort {

    /** Of ports that no system gives to whoever asks for any: none is taken between the choice and a rank's coming to it. */
    private static final int FIRST = 20_000;

    private static final int LAST = 32_000;

    private FreePort() {}

    /** Returns a port that nobody listens at now, chosen by chance, so that jobs that start together do not meet. */
    public static int choose() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                // Then another.
            }
        }
    }
}
