package org.unet4j.view;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Shows one study to browsers of this machine. It listens on the loopback address only; everything lies under a random token;
 * requests that another site's page makes, but for a link to the page itself, or that come by another host's name, are refused. No path of a request is ever
 * looked up on disk: there is the page, and the voxels of the study that it was given.
 */
public final class ViewServer implements AutoCloseable {

    private static final int TOKEN_BYTES = 16;
    private static final int THREADS = 6; // what a browser opens to one server
    private static final int FAILED = 500;

    /** The page draws with its own scripts alone, and talks to this server alone. */
    private static final String CONTENT_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final HttpServer server;
    private final ExecutorService threads;
    private final ViewRoutes routes;
    private final String token;
    private final CountDownLatch told = new CountDownLatch(1);
    private volatile boolean hasVisitor;

    private ViewServer(HttpServer server, ExecutorService threads, ViewRoutes routes, String token) {
        this.server = server;
        this.threads = threads;
        this.routes = routes;
        this.token = token;
    }

    /**
     * Returns a server that answers already: the page at once, the scan's voxels as they come, what is not read yet once it is.
     *
     * @param port 0 for any that is free
     * @param study is asked once, at once, in a thread of its own; the page gets the scan's voxels while they are read where it tells of them
     * @throws IOException if the port is taken
     */
    public static ViewServer start(int port, StudySource study) throws IOException {
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        HttpServer http;
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (java.net.BindException e) {
            throw new IOException("port " + port + " is in use or not allowed; name another, or 0 for any", e);
        }
        ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "view");
            thread.setDaemon(true);
            return thread;
        });
        var server = new ViewServer(http, threads, new ViewRoutes(study), token);
        http.setExecutor(threads);
        http.createContext("/", server::answer);
        http.start();
        return server;
    }

    /** Returns the address of the page, with the token. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + token + "/");
    }

    /** Waits until the study is read, and fails as its reading did. */
    public Study awaitStudy() throws IOException {
        return routes.study();
    }

    /** Waits a while until voxels come, or it is known that they do not: what is wrong with a header is known at once. */
    public void awaitScan(Duration patience) throws IOException {
        routes.awaitScan(patience);
    }

    /** Returns whether somebody has come to the page. */
    public boolean hasVisitor() {
        return hasVisitor;
    }

    /** Waits a while until one page, the first that asks, has been told why the study could not be read; returns whether it has. */
    public boolean awaitTold(Duration patience) throws InterruptedException {
        return told.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Stops at once. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
            exchange.getResponseHeaders().set("Cross-Origin-Resource-Policy", "same-origin");
            exchange.getResponseHeaders().set("Content-Security-Policy", CONTENT_POLICY);
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            Reply reply = reply(exchange);
            exchange.getResponseHeaders().set("Content-Type", reply.type());
            boolean isHead = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(reply.status(), isHead ? -1 : reply.length());
            if (!isHead) {
                try (OutputStream out = exchange.getResponseBody()) {
                    reply.body().write(out);
                }
            }
            String path = exchange.getRequestURI().getPath();
            if (!isHead
                    && reply.status() == FAILED
                    && (path.endsWith(ViewRoutes.STUDY) || path.endsWith(ViewRoutes.LAYERS))) {
                told.countDown(); // The page shows that answer.
            }
        }
    }

    private Reply reply(HttpExchange exchange) throws IOException {
        String prefix = "/" + token + "/";
        String path = exchange.getRequestURI().getRawPath();
        boolean isPage = path != null && path.length() == prefix.length() && Visitor.begins(path, prefix);
        boolean leadsHere =
                isPage && exchange.getRequestMethod().equals("GET") && Visitor.goesToPage(exchange.getRequestHeaders());
        boolean mayCome = leadsHere || Visitor.isFromHere(exchange.getRequestHeaders());
        if (!Visitor.isLocal(exchange.getRequestHeaders()) || !mayCome) {
            return Reply.text(403, "this page is for a browser on the same machine, at its own address");
        }
        if (path == null || !Visitor.begins(path, prefix)) {
            return Reply.text(404, "not here; take the whole address that `view` printed");
        }
        if (!exchange.getRequestMethod().equals("GET")
                && !exchange.getRequestMethod().equals("HEAD")) {
            return Reply.text(405, "only to be looked at");
        }
        hasVisitor = true;
        try {
            return routes.reply(path.substring(prefix.length()));
        } catch (IOException | RuntimeException | OutOfMemoryError e) { // The page shows why.
            return Reply.text(FAILED, e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
        }
    }

    /** An answer whose length is known. */
    record Reply(int status, String type, long length, Body body) {

        static Reply text(int status, String text) {
            return bytes(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
        }

        static Reply bytes(int status, String type, byte[] bytes) {
            return new Reply(status, type, bytes.length, out -> out.write(bytes));
        }

        static Reply voxels(VoxelBytes voxels, Body body) {
            return new Reply(200, "application/octet-stream", voxels.size(), body);
        }
    }

    /** Writes itself. */
    @FunctionalInterface
    interface Body {
        void write(OutputStream out) throws IOException;
    }
}
