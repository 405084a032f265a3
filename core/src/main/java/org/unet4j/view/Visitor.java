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
     * Returns whether a request calls this machine by a name of its loopback address. A site whose name was made to lead here (DNS
     * rebinding) gives itself away by its name; the port may be another, of a tunnel.
     */
    static boolean isLocal(Headers headers) {
        String host = headers.getFirst("Host");
        return host != null && LOOPBACK.contains(host.replaceFirst(":\\d+$", ""));
    }

    /** Returns whether a person, a program or the page itself made a request, not a page or a file from elsewhere. */
    static boolean isFromHere(Headers headers) {
        String origin = headers.getFirst("Origin");
        String site = headers.getFirst("Sec-Fetch-Site");
        return (origin == null || origin.equals("http://" + headers.getFirst("Host")))
                && (site == null || OWN_PAGES.contains(site));
    }

    /**
     * Returns whether a browser leaves a page or a file from elsewhere for a new one, in a tab or window and not in a frame: then
     * nothing of the answer is seen by where it came from.
     */
    static boolean goesToPage(Headers headers) {
        String origin = headers.getFirst("Origin");
        return (origin == null || origin.equals("null"))
                && "navigate".equals(headers.getFirst("Sec-Fetch-Mode"))
                && "document".equals(headers.getFirst("Sec-Fetch-Dest"));
    }

    /** Returns whether a path begins with a secret; how long that takes tells nothing about it. */
    static boolean begins(String path, String secret) {
        byte[] start =
                path.substring(0, Math.min(path.length(), secret.length())).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(start, secret.getBytes(StandardCharsets.UTF_8));
    }
}
