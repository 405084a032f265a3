package org.unet4j.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.time.Instant;

/**
 * A file that comes from a web server, however often the connection breaks: each request asks for the rest, on condition that the
 * file is the same version (RFC 9110, {@code Range} and {@code If-Range}). A server that knows no ranges, or has another version by now,
 * sends the whole, and the part that had come is dropped.
 */
final class Fetch {

    private static final int BUFFER_BYTES = 1 << 16;

    /** Hears how large the file is before its first byte is written, and may refuse. */
    @FunctionalInterface
    interface Room {
        /**
         * Called with the size of the file and how much of it is still to come.
         *
         * @throws IOException if there is no room for it
         */
        void require(long size, long missing) throws IOException;
    }

    private final URI source;
    private final PartialFile part;
    private final Patience patience;
    private final Room room;
    private final DownloadListener listener;
    private final HttpClient client;
    private boolean answered;

    Fetch(URI source, PartialFile part, Patience patience, Room room, DownloadListener listener) {
        this.source = source;
        this.part = part;
        this.patience = patience;
        this.room = room;
        this.listener = listener;
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(patience.silence())
                .build();
    }

    /**
     * Returns when all of the file is there.
     *
     * @throws IOException if the server cannot be reached, does not have the file, or goes on failing; what has come stays
     */
    void run() throws IOException {
        int failures = 0;
        while (!part.isWhole()) {
            long before = part.position();
            try {
                request();
            } catch (TryAgainException e) {
                failures = part.position() > before ? 1 : failures + 1;
                pause(e, failures);
            }
        }
    }

    private void pause(TryAgainException e, int failures) throws IOException {
        Duration pause = e.pause().orElse(patience.pause(failures));
        if (failures > patience.attempts() || pause.compareTo(patience.mostAsked()) > 0) {
            String why = failures > patience.attempts()
                    ? failures + " attempts brought nothing"
                    : "the server asks to be left alone for " + pause.toMinutes() + " min";
            throw new IOException("[" + source + "] " + e.getMessage() + ", and " + why + "; " + kept());
        }
        listener.recovered("%s after %.1f MB; trying again in %.0f s"
                .formatted(e.getMessage(), part.position() / 1e6, pause.toMillis() / 1e3));
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException interrupted) {
            throw interrupted();
        }
    }

    private String kept() {
        return part.position() == 0
                ? "try again later, or with the archive from elsewhere"
                : "%.1f of %.1f MB are kept: the same command goes on from there"
                        .formatted(part.position() / 1e6, part.size() / 1e6);
    }

    private void request() throws IOException {
        if (part.version().isEmpty()) {
            part.discard(); // Nothing tells whether the rest would be of the same version.
        }
        long from = part.position();
        HttpRequest.Builder request = HttpRequest.newBuilder(source)
                .timeout(patience.silence())
                .header("User-Agent", "unet4j")
                .header("Accept-Encoding", "identity");
        if (from > 0) {
            request.header("Range", "bytes=" + from + "-");
            request.header("If-Range", part.version().orElseThrow());
        }
        HttpResponse<InputStream> answer = send(request.build());
        try (InputStream body = new ImpatientStream(answer.body(), patience.silence())) {
            accept(answer, from > 0, body);
        }
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
        try {
            HttpResponse<InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            answered = true;
            return answer;
        } catch (InterruptedException e) {
            throw interrupted();
        } catch (IOException e) {
            if (answered) {
                throw new TryAgainException(reason(e));
            }
            throw new IOException(
                    "[" + source + "] cannot be reached: " + reason(e)
                            + "; check the connection (and the proxy), or give the archive from elsewhere",
                    e);
        }
    }

    private void accept(HttpResponse<InputStream> answer, boolean partAsked, InputStream body) throws IOException {
        int status = answer.statusCode();
        if (status == 200) {
            PartialFile.Origin origin = HttpAnswer.origin(source.toString(), answer.headers());
            if (partAsked) {
                listener.recovered("the server has another version by now, or knows no ranges: beginning anew");
            }
            room.require(origin.size(), origin.size());
            part.begin(origin);
            copy(body);
        } else if (status == 206 && partAsked) {
            if (HttpAnswer.isRest(answer.headers(), part.origin(), part.position())) {
                room.require(part.size(), part.size() - part.position());
                copy(body);
            } else {
                beginAnew();
            }
        } else if (status == 416 && partAsked) {
            beginAnew();
        } else if (status == 408 || status == 429 || status >= 500) {
            throw new TryAgainException(
                    "the server is busy (status " + status + ")",
                    HttpAnswer.retryAfter(answer.headers(), Instant.now()));
        } else {
            throw new IOException("[" + source + "] cannot be had: the server answers with status " + status
                    + "; check the address, or give the archive from elsewhere");
        }
    }

    private void beginAnew() throws IOException {
        listener.recovered("the server has another file than the one that had begun to come: beginning anew");
        part.discard();
    }

    private void copy(InputStream body) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int count = read(body, buffer); count >= 0; count = read(body, buffer)) {
            part.write(buffer, count);
            listener.update("downloading", part.position(), part.size());
        }
        if (!part.isWhole()) {
            throw new TryAgainException("the connection ended early");
        }
    }

    /** A broken connection is tried again; a full disk, which {@link #copy} meets too, is not. */
    private static int read(InputStream body, byte[] buffer) throws TryAgainException {
        try {
            return body.read(buffer, 0, buffer.length);
        } catch (IOException e) {
            throw new TryAgainException("the connection broke (" + reason(e) + ")");
        }
    }

    private static String reason(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return "there is no such host";
            }
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while downloading");
    }
}
