package org.unet4j.io;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A web server on this machine with one file, that answers well unless it was told how to answer badly. */
final class ArchiveServer implements AutoCloseable {

    /** How one request is answered. */
    @FunctionalInterface
    interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Deque<Answer> script = new ArrayDeque<>();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private volatile byte[] content;
    private volatile String etag = "\"one\"";

    ArchiveServer(byte[] content) throws IOException {
        this.content = content;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    URI address() {
        return URI.create("http://localhost:" + server.getAddress().getPort() + "/archive.tar");
    }

    /** Returns the ranges that were asked for, in order; "all" for the whole. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    /** The next request that no earlier call is for is answered so. */
    synchronized ArchiveServer then(Answer answer) {
        script.add(answer);
        return this;
    }

    void replace(byte[] newContent, String newEtag) {
        content = newContent;
        etag = newEtag;
    }

    private void handle(HttpExchange exchange) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        asked.add(range == null ? "all" : range);
        Answer answer;
        synchronized (this) {
            answer = script.isEmpty() ? this::well : script.remove();
        }
        try (exchange) {
            answer.to(exchange);
        }
    }

    /** Answers as a good server does. */
    void well(HttpExchange exchange) throws IOException {
        send(exchange, position(exchange, etag), Integer.MAX_VALUE);
    }

    /** Answers well, and then breaks the connection after so many bytes of the body. */
    Answer breakingAfter(int bytes) {
        return exchange -> send(exchange, position(exchange, etag), bytes);
    }

    /** Answers with the whole, whatever part is asked for. */
    void withoutRanges(HttpExchange exchange) throws IOException {
        send(exchange, 0, Integer.MAX_VALUE);
    }

    /** Answers with the part that is asked for, whatever version it shall be of. */
    void withoutConditions(HttpExchange exchange) throws IOException {
        send(exchange, position(exchange, exchange.getRequestHeaders().getFirst("If-Range")), Integer.MAX_VALUE);
    }

    static Answer status(int status, String... headers) {
        return exchange -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            exchange.sendResponseHeaders(status, -1);
        };
    }

    /** Returns where the answer begins: at the range that is asked for, if the file is of the version that it is asked of. */
    private static int position(HttpExchange exchange, String version) {
        String range = exchange.getRequestHeaders().getFirst("Range");
        boolean part = range != null
                && (version == null
                        || version.equals(exchange.getRequestHeaders().getFirst("If-Range")));
        return part ? Integer.parseInt(range.replaceAll("\\D", "")) : 0;
    }

    private void send(HttpExchange exchange, int from, int most) throws IOException {
        if (etag != null) {
            exchange.getResponseHeaders().set("ETag", etag);
        }
        if (from > 0) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        }
        int length = content.length - from;
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, length);
        exchange.getResponseBody().write(content, from, Math.min(length, most));
        exchange.getResponseBody().flush();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
