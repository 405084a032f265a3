package org.unet4j.view;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A browser without a window, driven over the DevTools protocol as a person drives one: it opens, clicks, turns the wheel, looks. */
public final class Chromium implements AutoCloseable {
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
    private static final Pattern LISTENING = Pattern.compile("DevTools listening on (ws://\\S+)");

    /** What Chromium says where it draws in software: each picture in space is read back. */
    private static final String SLOW_DRIVER = "GL Driver Message (OpenGL, Performance";

    private static final long PATIENCE_SECONDS = 240;
    private static final JsonMapper JSON = new JsonMapper();

    private final Process process;
    private final WebSocket socket;
    private final Map<Integer, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private String session = "";

    private Chromium(Process process, URI devTools) throws IOException {
        this.process = process;
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(devTools, new Listener())
                .join();
        String target = call("Target.createTarget", Map.of("url", "about:blank"))
                .path("targetId")
                .asString();
        session = call("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .path("sessionId")
                .asString();
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            call(domain + ".enable", Map.of());
        }
    }

    /** Returns a running browser; skips the test, visibly, where none is installed. */
    public static Chromium start(Path profile) throws IOException {
        Optional<Path> program = find();
        if (program.isEmpty()) {
            abort("no Chromium here: pages are not opened (install the package `chromium`)");
        }
        Process process = new ProcessBuilder(
                        program.orElseThrow().toString(),
                        "--headless=new",
                        "--no-sandbox", // a container's root has no other way; the pages are our own
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "--disable-gpu", // all in software, as on a machine without a card
                        "--enable-unsafe-swiftshader",
                        "--hide-scrollbars",
                        "--no-first-run",
                        "--disable-background-networking",
                        "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader said = process.errorReader(StandardCharsets.UTF_8);
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                Thread drain = new Thread(() -> said.lines().forEach(rest -> {}), "chromium-stderr");
                drain.setDaemon(true);
                drain.start();
                return new Chromium(process, URI.create(listening.group(1)));
            }
        }
        throw new IOException("Chromium ended before it listened");
    }

    private static Optional<Path> find() {
        return Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Makes the window this large, in pixels of style sheets. */
    public void resize(int width, int height) throws IOException {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** Shows pages to people who like them dark, or light. */
    public void preferDark(boolean dark) throws IOException {
        Map<String, String> feature = Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light");
        call("Emulation.setEmulatedMedia", Map.of("features", List.of(feature)));
    }

    /** Goes to an address. */
    public void open(URI address) throws IOException {
        call("Page.navigate", Map.of("url", address.toString()));
    }

    /** Returns what an expression is worth, promises awaited. */
    public JsonNode evaluate(String expression) throws IOException {
        JsonNode answer =
                call("Runtime.evaluate", Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
        if (answer.has("exceptionDetails")) {
            throw new IOException(expression + ": " + answer.path("exceptionDetails"));
        }
        return answer.path("result").path("value");
    }

    /** Waits until an expression is true, asking once a frame. */
    public void await(String condition) throws IOException {
        String poll =
                "new Promise((done, fail) => { const start = performance.now(); const look = () => { let met = false;"
                        + " try { met = !!(" + condition + "); } catch (error) { met = false; }"
                        + " if (met) { done(true); } else if (performance.now() - start > " + PATIENCE_SECONDS * 900
                        + ") { fail('never: ' + " + JSON.writeValueAsString(condition)
                        + " + ' in ' + document.body.innerText.slice(0, 2000)); }"
                        + " else { setTimeout(look, 20); } }; look(); })";
        evaluate(poll);
    }

    /** Waits until the page scrolls no more: a finger that comes down on one that still glides only stops it, and is no tap. */
    public void awaitStill() throws IOException {
        evaluate("new Promise(done => { let last = NaN; let still = 0; const look = () => {"
                + " still = scrollY === last ? still + 1 : 0; last = scrollY;"
                + " if (still === 20) { done(true); } else { requestAnimationFrame(look); } }; look(); })");
    }

    /** Waits until what was changed is drawn. */
    public void awaitFrame() throws IOException {
        evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))");
    }

    /** Presses and releases the left button in the middle of the first element that fits a selector. */
    public void click(String selector) throws IOException {
        double[] middle = middle(selector);
        clickAt(middle[0], middle[1]);
    }

    /** Presses and releases the left button. */
    public void clickAt(double x, double y) throws IOException {
        mouse("mousePressed", x, y, "left", 0);
        mouse("mouseReleased", x, y, "left", 0);
        awaitFrame();
    }

    /** Drags with a button, in a few steps. */
    public void drag(String button, double x0, double y0, double x1, double y1) throws IOException {
        mouse("mousePressed", x0, y0, button, 0);
        for (int step = 1; step <= 4; step++) {
            mouse("mouseMoved", x0 + (x1 - x0) * step / 4, y0 + (y1 - y0) * step / 4, button, 0);
        }
        mouse("mouseReleased", x1, y1, button, 0);
        awaitFrame();
    }

    /** Turns the wheel over the middle of an element: pixels, downwards positive. */
    public void wheel(String selector, int pixels, boolean ctrl) throws IOException {
        double[] middle = middle(selector);
        call(
                "Input.dispatchMouseEvent",
                Map.of(
                        "type",
                        "mouseWheel",
                        "x",
                        middle[0],
                        "y",
                        middle[1],
                        "deltaX",
                        0,
                        "deltaY",
                        pixels,
                        "modifiers",
                        ctrl ? 2 : 0));
        awaitFrame();
    }

    /** Presses a key, as {@code KeyboardEvent.key} calls it. */
    public void key(String key) throws IOException {
        Map<String, Object> down = new java.util.HashMap<>(Map.of("type", "keyDown", "key", key));
        if (key.length() == 1) {
            down.put("text", key);
        }
        call("Input.dispatchKeyEvent", down);
        call("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key));
        awaitFrame();
    }

    /** Touches with any number of fingers; none lifts them all. {@code type} is touchStart, touchMove or touchEnd. */
    public void touch(String type, double[]... fingers) throws IOException {
        List<Map<String, Object>> points = new ArrayList<>();
        for (int i = 0; i < fingers.length; i++) {
            points.add(Map.of("x", fingers[i][0], "y", fingers[i][1], "id", i));
        }
        call("Input.dispatchTouchEvent", Map.of("type", type, "touchPoints", points));
    }

    private void mouse(String type, double x, double y, String button, int modifiers) throws IOException {
        call(
                "Input.dispatchMouseEvent",
                Map.of("type", type, "x", x, "y", y, "button", button, "clickCount", 1, "modifiers", modifiers));
    }

    /** Returns where the middle of an element is in the window, once it is scrolled to. */
    public double[] middle(String selector) throws IOException {
        JsonNode at = evaluate("(() => { const node = document.querySelector(" + JSON.writeValueAsString(selector)
                + "); node.scrollIntoView({block: 'nearest'}); const box = node.getBoundingClientRect();"
                + " return [box.x + box.width / 2, box.y + box.height / 2]; })()");
        return new double[] {at.get(0).asDouble(), at.get(1).asDouble()};
    }

    /** Takes a picture of the window, or of the whole page. */
    public void screenshot(Path file, boolean wholePage) throws IOException {
        JsonNode answer = call("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", wholePage));
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, Base64.getDecoder().decode(answer.path("data").asString()));
    }

    /** Returns what the console showed as errors or warnings, what was thrown, and requests that failed. */
    public List<String> errors() {
        return List.copyOf(errors);
    }

    /** Sends one command of the protocol; returns its result. */
    public JsonNode call(String method, Map<String, ?> parameters) throws IOException {
        try {
            JsonNode found = send(method, parameters).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (found.has("error")) {
                throw new IOException(method + ": " + found.path("error"));
            }
            return found.path("result");
        } catch (InterruptedException
                | java.util.concurrent.ExecutionException
                | java.util.concurrent.TimeoutException e) {
            throw new IOException(method + " of Chromium has no answer", e);
        }
    }

    private CompletableFuture<JsonNode> send(String method, Map<String, ?> parameters) {
        int number = numbers.incrementAndGet();
        var answer = new CompletableFuture<JsonNode>();
        pending.put(number, answer);
        Map<String, Object> message =
                new java.util.HashMap<>(Map.of("id", number, "method", method, "params", parameters));
        if (!session.isEmpty()) {
            message.put("sessionId", session);
        }
        socket.sendText(JSON.writeValueAsString(message), true).join();
        return answer;
    }

    /** Returns once nothing of it runs any more: what still wrote into the profile's folder would keep it from being deleted. */
    @Override
    public void close() {
        List<ProcessHandle> all = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
        try {
            CompletableFuture<JsonNode> unused = send("Browser.close", Map.of()); // It may be gone before it answers.
            CompletableFuture.allOf(all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.CompletionException
                | java.util.concurrent.ExecutionException
                | java.util.concurrent.TimeoutException e) {
            System.err.println("Chromium has to be killed: " + e);
        } finally {
            all.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private void hear(JsonNode message) {
        if (message.has("id")) {
            Optional.ofNullable(pending.remove(message.path("id").asInt()))
                    .ifPresent(answer -> answer.complete(message));
            return;
        }
        JsonNode parameters = message.path("params");
        switch (message.path("method").asString()) {
            case "Runtime.exceptionThrown" -> errors.add("thrown: " + parameters.path("exceptionDetails"));
            case "Runtime.consoleAPICalled" -> {
                if (List.of("error", "warning", "assert")
                        .contains(parameters.path("type").asString())) {
                    errors.add("console: " + parameters.path("args"));
                }
            }
            case "Log.entryAdded" -> {
                JsonNode entry = parameters.path("entry");
                boolean isOfSpeed = entry.path("text").asString().contains(SLOW_DRIVER);
                if (!isOfSpeed
                        && List.of("error", "warning")
                                .contains(entry.path("level").asString())) {
                    errors.add("log: " + entry.path("text").asString() + " "
                            + entry.path("url").asString());
                }
            }
            default -> {} // what else happens is nobody's concern
        }
    }

    /** Puts messages together and hands them on. */
    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                JsonNode message = JSON.readTree(text.toString());
                text.setLength(0);
                hear(message);
            }
            webSocket.request(1);
            return null;
        }
    }
}
