package org.unet4j.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Volume;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ViewServerTest {
    private ViewServer server;

    @BeforeEach
    void start() throws IOException {
        server = ViewServer.start(0, Worlds::study);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(server.address().resolve(path)).build(),
                        HttpResponse.BodyHandlers.ofByteArray());
    }

    /** Returns the status of a request with exactly these header lines; a client of the library would mend them. */
    private int send(String method, String path, String... headers) throws IOException {
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
            OutputStream out = socket.getOutputStream();
            String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
            out.write((method + " " + path + " HTTP/1.1\r\n" + lines + "Connection: close\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.flush();
            String status = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            return Integer.parseInt(status.split(" ")[1]);
        }
    }

    private int raw(String... headers) throws IOException {
        return send("GET", server.address().getPath(), headers);
    }

    @Test
    void listensOnLoopbackUnderATokenThatIsAnotherEachTime() throws IOException {
        assertThat(server.address().getHost()).isEqualTo("127.0.0.1");
        assertThat(server.address().getPath()).matches("/[A-Za-z0-9_-]{22}/");
        try (ViewServer other = ViewServer.start(0, Worlds::study)) {
            assertThat(other.address().getPath()).isNotEqualTo(server.address().getPath());
        }
    }

    /** Axes of the file run to L, P, S: along the first two the description's strides lead back. */
    @Test
    void voxelsAreSentAsTheFileHasThemWithTheWayThroughThem() throws Exception {
        byte[] body = get("scan").body();
        ByteBuffer voxels = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
        JsonNode image = new JsonMapper().readTree(get("study.json").body()).path("image");
        assertThat(image.path("strides").toString()).isEqualTo("[600,-30,-1]");
        Volume scan = Worlds.scan();
        Shape shape = Worlds.SHAPE;
        assertThat(body).hasSize(2 * shape.arrayLength());
        for (int z = 0; z < shape.z(); z++) {
            for (int y = 0; y < shape.y(); y++) {
                for (int x = 0; x < shape.x(); x++) {
                    int at = image.path("first").asInt() + 600 * z - 30 * y - x;
                    assertThat((double) voxels.getShort(2 * at))
                            .isEqualTo(scan.get(shape.index(z, shape.y() - 1 - y, shape.x() - 1 - x)));
                }
            }
        }
    }

    @Test
    void theDescriptionSaysWhatIsThere() throws Exception {
        JsonNode study = new JsonMapper().readTree(get("study.json").body());
        assertThat(study.path("shape").toString()).isEqualTo("[12,20,30]");
        assertThat(study.path("spacing").toString()).isEqualTo("[4.0,2.0,1.0]");
        assertThat(study.path("fileOrientation").asString()).isEqualTo("LPS");
        assertThat(study.path("fileAxes").toString()).isEqualTo("[-1,-2,3]");
        assertThat(study.path("image").path("unit").asString()).isEqualTo("HU");
        assertThat(study.path("labels").get(1).path("name").asString()).isEqualTo("predicted");
        JsonNode box = new JsonMapper()
                .readTree(get("labels.json").body())
                .get(1)
                .path("classes")
                .get(0);
        assertThat(box.path("voxels").asInt()).isEqualTo(600);
        assertThat(box.path("ml").asDouble()).isEqualTo(4.8);
        assertThat(get("labels/1").body()).hasSize(Worlds.SHAPE.arrayLength());
        assertThat(get("surface/0/1").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"viewer.js", "viewer.css", "three.module.min.js", "three.core.min.js", ""})
    void filesOfThePageAreThere(String name) throws Exception {
        HttpResponse<byte[]> answer = get(name);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(answer.headers().firstValue("Content-Security-Policy"))
                .get()
                .asString()
                .startsWith("default-src 'none'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "labels/2",
                "labels/-1",
                "surface/2/1",
                "../study.json",
                "..%2f..%2fetc%2fpasswd",
                "%2e%2e/x",
                "package-info.class",
                "Study.class",
                "labels/99999999999",
                "viewer.js/",
                "/etc/passwd",
                "THIRD-PARTY.txt"
            })
    void nothingElseIs(String name) throws IOException {
        assertThat(send("GET", server.address().getPath() + name, "Host: localhost"))
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/study.json", "/AAAAAAAAAAAAAAAAAAAAAA/scan", "/scan"})
    void withoutTheTokenThereIsNothing(String path) throws IOException {
        assertThat(send("GET", path, "Host: localhost")).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "Host: 127.0.0.1:1234, 200",
        "Host: localhost, 200",
        "Host: [::1]:80, 200",
        "Host: evil.example, 403",
        "Host: 127.0.0.1.evil.example, 403",
        "Host: localhost.evil.example:80, 403",
        "Host: 192.168.0.7, 403"
    })
    void otherNamesOfThisMachineAreRefused(String host, int status) throws IOException {
        assertThat(raw(host)).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "Origin: http://localhost:5, 200",
        "Origin: http://localhost:6, 403",
        "Origin: https://localhost:5, 403",
        "Origin: http://evil.example, 403",
        "Origin: null, 403",
        "Sec-Fetch-Site: cross-site, 403",
        "Sec-Fetch-Site: same-site, 403",
        "Sec-Fetch-Site: same-origin, 200",
        "Sec-Fetch-Site: none, 200"
    })
    void otherSitesPagesAreRefused(String header, int status) throws IOException {
        assertThat(raw("Host: localhost:5", header)).isEqualTo(status);
    }

    /** As a file does that leads to the page: the file's origin is none. */
    @ParameterizedTest
    @CsvSource({
        "GET, '', navigate, document, null, 200",
        "GET, '', navigate, document, , 200",
        "GET, '', navigate, iframe, null, 403",
        "GET, '', navigate, document, http://evil.example, 403",
        "GET, '', no-cors, script, null, 403",
        "GET, '', no-cors, image, null, 403",
        "GET, '', cors, empty, null, 403",
        "GET, '', same-origin, document, null, 403",
        "HEAD, '', navigate, document, null, 403",
        "POST, '', navigate, document, null, 403",
        "GET, scan, navigate, document, null, 403",
        "GET, study.json, navigate, document, null, 403",
        "GET, viewer.js, no-cors, script, null, 403"
    })
    void fromElsewhereOneMayComeToThePageAlone(
            String method, String path, String mode, String destination, String origin, int status) throws IOException {
        List<String> headers = new ArrayList<>(List.of(
                "Host: localhost:5",
                "Content-Length: 0",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Mode: " + mode,
                "Sec-Fetch-Dest: " + destination));
        if (origin != null) {
            headers.add("Origin: " + origin);
        }
        String page = server.address().getPath();
        assertThat(send(method, page + path, headers.toArray(String[]::new))).isEqualTo(status);
        String guess = page.replaceFirst("...$", "AA/");
        if (!guess.equals(page)) {
            assertThat(send(method, guess + path, headers.toArray(String[]::new)))
                    .isEqualTo(403);
        }
    }

    @Test
    void nothingCanBeSent() throws IOException {
        assertThat(send("POST", server.address().getPath(), "Host: localhost", "Content-Length: 0"))
                .isEqualTo(405);
    }

    @Test
    void whatCannotBeReadIsToldToThePageAndToTheCaller() throws Exception {
        try (ViewServer broken = ViewServer.start(0, () -> {
            throw new IOException("[ct.nii] ends after 3 bytes");
        })) {
            URI study = broken.address().resolve("study.json");
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(study).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).isEqualTo("[ct.nii] ends after 3 bytes");
            assertThatThrownBy(broken::awaitStudy)
                    .isInstanceOf(IOException.class)
                    .hasMessage("[ct.nii] ends after 3 bytes");
        }
    }

    @Test
    void whateverElseGoesWrongIsToldAsItIs() throws Exception {
        try (ViewServer broken = ViewServer.start(0, () -> {
            throw new IllegalStateException("slope is 0");
        })) {
            URI study = broken.address().resolve("study.json");
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(study).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).isEqualTo("slope is 0");
            assertThatThrownBy(broken::awaitStudy)
                    .isExactlyInstanceOf(IllegalStateException.class)
                    .hasMessage("slope is 0");
        }
        try (ViewServer full = ViewServer.start(0, () -> {
            throw new OutOfMemoryError("Java heap space");
        })) {
            assertThatThrownBy(full::awaitStudy)
                    .isExactlyInstanceOf(OutOfMemoryError.class)
                    .hasMessage("Java heap space");
        }
    }

    @Test
    void aPortInUseIsSaid() {
        int taken = server.address().getPort();
        assertThatThrownBy(() -> ViewServer.start(taken, Worlds::study))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("port " + taken + " is in use");
    }

    private static InputStream scanOf(ViewServer server) throws IOException, InterruptedException {
        HttpResponse<InputStream> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(server.address().resolve("scan")).build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        int voxels = Worlds.large().grid().shape().arrayLength();
        assertThat(answer.headers().firstValueAsLong("Content-Length")).hasValue(2L * voxels);
        return answer.body();
    }

    @Test
    void voxelsAreSentWhileTheRestIsRead() throws Exception {
        var seen = new CountDownLatch(1);
        Volume scan = Worlds.large();
        int voxels = scan.grid().shape().arrayLength();
        StudySource source = Worlds.half(() -> {
            Worlds.await(seen);
            return Study.of("ct.nii.gz", scan, List.of());
        });
        try (ViewServer slow = ViewServer.start(0, source)) {
            slow.awaitScan(Duration.ofSeconds(60));
            try (InputStream body = scanOf(slow)) {
                byte[] first = body.readNBytes(voxels);
                seen.countDown();
                ByteBuffer all = ByteBuffer.allocate(2 * voxels).order(ByteOrder.LITTLE_ENDIAN);
                all.put(first).put(body.readAllBytes()).flip();
                short[] sent = new short[all.remaining() / 2];
                all.asShortBuffer().get(sent);
                assertThat(sent).isEqualTo(scan.array());
            }
        }
    }

    @Test
    void whatBreaksOffIsToldAsItIsAndTheTellingCanBeWaitedFor() throws Exception {
        var seen = new CountDownLatch(1);
        try (ViewServer broken = ViewServer.start(0, Worlds.breaking(seen))) {
            assertThat(broken.hasVisitor()).isFalse();
            var study = HttpClient.newHttpClient()
                    .sendAsync(
                            HttpRequest.newBuilder(broken.address().resolve("study.json"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            try (InputStream scan = scanOf(broken)) {
                assertThat(scan.read()).isNotNegative();
                assertThat(broken.awaitTold(Duration.ZERO)).isFalse();
                seen.countDown();
                assertThatThrownBy(broken::awaitStudy).hasMessageStartingWith("[ct.nii.gz] offset 7");
                assertThat(broken.awaitTold(Duration.ofSeconds(60))).isTrue();
                assertThat(broken.hasVisitor()).isTrue();
                assertThat(study.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(500);
                assertThat(study.join().body())
                        .isEqualTo("[ct.nii.gz] offset 7: the gzip data ends too early; it is truncated");
                assertThatThrownBy(scan::readAllBytes).isInstanceOf(IOException.class);
            }
        }
    }

    /** What asks for a head alone shows nobody anything. */
    @Test
    void aHeadTellsNobody() throws Exception {
        try (ViewServer broken = ViewServer.start(0, () -> {
            throw new IOException("[ct.nii] is empty (0 bytes)");
        })) {
            URI study = broken.address().resolve("study.json");
            HttpClient client = HttpClient.newHttpClient();
            HttpRequest head = HttpRequest.newBuilder(study)
                    .method("HEAD", HttpRequest.BodyPublishers.noBody())
                    .build();
            assertThat(client.send(head, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(500);
            assertThat(broken.awaitTold(Duration.ofMillis(300))).isFalse();
            client.send(HttpRequest.newBuilder(study).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(broken.awaitTold(Duration.ofSeconds(60))).isTrue();
        }
    }

    @Test
    void aScanThatCannotBeginIsKnownAtOnce() throws Exception {
        try (ViewServer broken = ViewServer.start(0, () -> {
            throw new IOException("[ct.nii] is empty (0 bytes)");
        })) {
            assertThatThrownBy(() -> broken.awaitScan(Duration.ofSeconds(60)))
                    .hasMessage("[ct.nii] is empty (0 bytes)");
            assertThat(broken.hasVisitor()).isFalse();
        }
    }
}
