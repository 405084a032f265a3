package org.unet4j.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.unet4j.io.HeapAdvice;
import org.unet4j.view.StudyFiles;
import org.unet4j.view.ViewServer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows a scan and label maps over it in the browser. */
@Command(
        name = "view",
        mixinStandardHelpOptions = true,
        description =
                "Shows a scan, with label maps over it, in the browser: three linked planes, surfaces, differences.",
        footer = {
            "",
            "Starts a server that this machine alone can reach, for these files alone, under an address with a secret; it ends with"
                    + " Ctrl-C. From another machine: ssh -L PORT:127.0.0.1:PORT, with PORT from the address, and open the same address.",
            "Classes have the names of a dataset.json beside the labels or in the folder above. Planes are the scan's own;"
                    + " of a tilted scan each is called after the patient's plane that is nearest. For research, not for diagnosis."
        })
final class ViewCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "SCAN",
            description = "A .nii or .nii.gz file, or one of a pair of .hdr and .img.")
    private Path scan;

    @Parameters(index = "1..*", paramLabel = "LABELS", description = "Label maps on the scan's grid.")
    private List<Path> labels = List.of();

    @Option(names = "--volume", paramLabel = "N", description = "Of a 4D scan the volume to show, counted from 0.")
    private Integer volume;

    @Option(names = "--port", paramLabel = "PORT", description = "Listen on this port (default: any that is free).")
    private int port;

    @Option(names = "--no-browser", description = "Print the address and open no browser.")
    private boolean noBrowser;

    /** A header's failure is known by then. */
    private static final Duration MOST_FAILURES = Duration.ofMillis(300);

    /** How long a browser takes to start and come, on a busy machine. */
    private static final Duration BROWSER_COMES = Duration.ofSeconds(20);

    ViewCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        requireFile(scan);
        for (Path file : labels) {
            requireFile(file);
        }
        if (port < 0 || port > 65535) {
            throw new UsageException("--port " + port + " must be from 0 to 65535");
        }
        OptionalInt chosen = volume == null ? OptionalInt.empty() : OptionalInt.of(volume);
        try (ViewServer server = ViewServer.start(port, new StudyFiles(scan, chosen, labels))) {
            URI address = server.address();
            terminal.print(address.toString());
            terminal.flush();
            server.awaitScan(MOST_FAILURES);
            boolean opened = !noBrowser && Browser.open(address, System.getenv());
            try {
                server.awaitStudy();
            } catch (IOException | RuntimeException e) {
                return fail(e, server, opened);
            } catch (OutOfMemoryError e) {
                return fail(
                        new IOException("out of memory: for large scans " + HeapAdvice.giveMore(), e), server, opened);
            }
            terminal.note(
                    opened
                            ? "opened in the browser (if nothing shows, open this address); Ctrl-C ends it"
                            : "open this address; Ctrl-C ends it");
            new CountDownLatch(1).await(); // Ctrl-C ends the process, and the server with it.
        }
        return Main.DONE;
    }

    /** Says at once what could not be read, and waits until one page shows it where somebody has come to it or was sent there. */
    private int fail(Exception e, ViewServer server, boolean opened) throws Exception {
        CommandLine line = spec.commandLine();
        int code = line.getExecutionExceptionHandler().handleExecutionException(e, line, line.getParseResult());
        if (opened || server.hasVisitor()) {
            server.awaitTold(BROWSER_COMES);
        }
        return code;
    }

    private static void requireFile(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (Files.isDirectory(file)) {
            throw new UsageException("[" + file + "] is a folder; view shows files");
        }
    }
}
