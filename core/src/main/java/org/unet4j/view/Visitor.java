package org.unet4j.view;

import com.sun.net.httpserver.Headers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;

/** Who asks a server that is meant for the browser of one person. */
final class Visitor {

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");
    private static final Set<String> OWN_PAGES = Set.of("same-origin", "none");

    private Visitor() {}

    /**
     * Returns whether a request calls this machine by a name of its loopback address and no other site's page made it. A site whose
     * name was made to lead here (DNS rebinding) gives itself away by its name; the port may be another, of a tunnel.
     */
    static boolean isLocal(Headers headers) {
        String host = headers.getFirst("Host");
        if (host == null || !LOOPBACK.contains(host.replaceFirst(":\\d+$", ""))) {
            return false;
        }
        String origin = headers.getFirst("Origin");
        String site = headers.getFirst("Sec-Fetch-Site");
        return (origin == null || origin.equals("http://" + host)) && (site == null || OWN_PAGES.contains(site));
    }

    /** Returns whether a path begins with a secret; how long that takes tells nothing about it. */
    static boolean begins(String path, String secret) {
        byte[] start =
                path.substring(0, Math.min(path.length(), secret.length())).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(start, secret.getBytes(StandardCharsets.UTF_8));
    }
}
