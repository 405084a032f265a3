package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Nifti;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

class ViewCommandTest {
    private static final Grid GRID = Grid.of(new Shape(2, 3, 4), new Spacing(1, 1, 1));

    @TempDir
    Path folder;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path scan;

    @BeforeEach
    void write() throws IOException {
        scan = folder.resolve("scan.nii.gz");
        Nifti.write(scan, Volume.of(GRID, new short[24]));
    }

    private int view(Object... arguments) {
        String[] line = Stream.concat(
                        Stream.of("view", "--no-browser"), Stream.of(arguments).map(Object::toString))
                .toArray(String[]::new);
        return Main.run(
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                line);
    }

    private String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aFileThatIsMissingIsNamed() {
        Path missing = folder.resolve("labels.nii.gz");
        assertThat(view(scan, missing)).isEqualTo(Main.FAILED);
        assertThat(errors()).contains("[" + missing + "] does not exist").hasLineCount(1);
    }

    @Test
    void aFolderIsNoScan() {
        assertThat(view(folder)).isEqualTo(Main.USAGE);
        assertThat(errors()).contains("[" + folder + "] is a folder; view shows files");
    }

    @Test
    void labelsElsewhereAreAnErrorThatNamesTheRemedy() throws IOException {
        Path labels = folder.resolve("labels.nii.gz");
        Nifti.write(labels, new Labels(Grid.of(GRID.shape(), new Spacing(1, 1, 2)), new byte[24]));
        assertThat(view(scan, labels)).isEqualTo(Main.FAILED);
        assertThat(errors())
                .contains("[" + labels + "] lies elsewhere in space than the scan, corners 3.0 mm apart")
                .contains("inspect LABELS --image SCAN --repair DIR");
    }

    @Test
    void labelsOfAnotherShapeAreAnError() throws IOException {
        Path labels = folder.resolve("labels.nii.gz");
        Nifti.write(labels, new Labels(Grid.of(new Shape(2, 3, 5), new Spacing(1, 1, 1)), new byte[30]));
        assertThat(view(scan, labels)).isEqualTo(Main.FAILED);
        assertThat(errors()).contains("has shape (2, 3, 5) (z, y, x), the scan (2, 3, 4)");
    }

    @Test
    void aPortThatCannotBeIsUsage() {
        assertThat(view(scan, "--port", 70000)).isEqualTo(Main.USAGE);
        assertThat(errors()).contains("--port 70000 must be from 0 to 65535");
    }

    @Test
    void browsersAreOpenedWhereSomebodySitsBeforeAScreen() {
        assertThat(Browser.opener("linux", Map.of())).isEmpty();
        assertThat(Browser.opener("linux", Map.of("DISPLAY", ":0"))).containsExactly("xdg-open");
        assertThat(Browser.opener("mac os x", Map.of())).containsExactly("open");
        assertThat(Browser.opener("windows 11", Map.of())).hasSize(2);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theAddressReachesTheBrowserInAFileForItsOwnerAlone() throws IOException {
        Path file = Browser.leadingTo(URI.create("http://127.0.0.1:4321/secret/"));
        try {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(file.toString()).endsWith(".html").doesNotContain("secret");
            assertThat(file).content().contains("content=\"0; url=http://127.0.0.1:4321/secret/\"");
        } finally {
            Files.delete(file);
        }
    }

    /** SIGTERM goes the way of Ctrl-C, and reaches a process that a shell started in the background, too. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void itAnswersUntilItIsStopped() throws Exception {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "view",
                        scan.toString(),
                        "--no-browser"))
                .redirectError(folder.resolve("err.txt").toFile())
                .start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            URI address = URI.create(out.readLine());
            HttpResponse<byte[]> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(address.resolve("scan")).build(),
                            HttpResponse.BodyHandlers.ofByteArray());
            assertThat(answer.body()).hasSize(48);
            assertThat(process.isAlive()).isTrue();
            process.destroy();
            assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(143);
            assertThat(Files.readString(folder.resolve("err.txt"))).contains("open this address; Ctrl-C ends it");
        } finally {
            process.destroyForcibly();
        }
    }

    /** Many volumes of zeros, of which the last is cut short: a second's work until that is known. */
    private Path brokenAtItsEnd() throws IOException {
        Grid grid = Grid.of(new Shape(32, 512, 512), new Spacing(1, 1, 1));
        Path one = folder.resolve("one.nii");
        Nifti.write(one, Volume.of(grid, new short[grid.shape().arrayLength()]));
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(one)).order(ByteOrder.LITTLE_ENDIAN);
        int volumes = 128;
        bytes.putShort(40, (short) 4).putShort(48, (short) volumes);
        byte[] header = gzip(bytes.array(), 0, 352);
        byte[] zeros = gzip(bytes.array(), 352, bytes.capacity() - 352);
        Path file = folder.resolve("broken.nii.gz");
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(header);
            for (int i = 1; i < volumes; i++) {
                out.write(zeros);
            }
            out.write(zeros, 0, zeros.length - 100);
        }
        return file;
    }

    private static byte[] gzip(byte[] bytes, int from, int length) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes, from, length);
        }
        return packed.toByteArray();
    }

    /** Asks at once: Java's own client takes a second to start on a busy machine. */
    private static String ask(URI address) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort())) {
            String request = "GET " + address.getPath() + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** A desktop whose opener finds no browser, and says nothing of it. */
    private ProcessBuilder viewOfWhatIsBroken(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "view",
                brokenAtItsEnd().toString(),
                "--volume",
                "127"));
        command.addAll(List.of(options));
        return new ProcessBuilder(command);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whatFailsLateIsPrintedBeforeAnybodyHasComeToThePage() throws Exception {
        Path tools = Files.createDirectory(folder.resolve("tools"));
        Path opener = Files.writeString(tools.resolve("xdg-open"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(opener, PosixFilePermissions.fromString("rwx------"));
        ProcessBuilder builder = viewOfWhatIsBroken();
        builder.environment().put("PATH", tools + ":" + System.getenv("PATH"));
        builder.environment().put("DISPLAY", ":0");
        Process process = builder.start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
                BufferedReader said = process.errorReader(StandardCharsets.UTF_8)) {
            URI address = URI.create(out.readLine());
            assertThat(said.readLine()).startsWith("unet4j: [").contains("broken.nii.gz] offset ");
            assertThat(process.isAlive()).as("waits for the browser").isTrue();
            assertThat(ask(address.resolve("study.json"))).startsWith("HTTP/1.1 500 ");
            assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(Main.FAILED);
            assertThat(said.readLine()).as("said once").isNull();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void whoLooksIsToldWhatFailsLateBeforeTheCommandEndsWithIt() throws Exception {
        Process process = viewOfWhatIsBroken("--no-browser")
                .redirectError(folder.resolve("err.txt").toFile())
                .start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            URI address = URI.create(out.readLine());
            String answer = ask(address.resolve("study.json"));
            assertThat(answer).startsWith("HTTP/1.1 500 ");
            String reason = answer.substring(answer.indexOf("\r\n\r\n") + 4);
            assertThat(reason).startsWith("[broken.nii.gz] offset ").contains("truncated");
            assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(Main.FAILED);
            assertThat(Files.readString(folder.resolve("err.txt"))).contains(reason);
        } finally {
            process.destroyForcibly();
        }
    }
}
