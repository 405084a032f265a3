package org.unet4j.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.unet4j.io.Dataset;
import org.unet4j.io.DecathlonTask;
import org.unet4j.io.Download;
import org.unet4j.io.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Fetches a task of the Decathlon. */
@Command(
        name = "download",
        mixinStandardHelpOptions = true,
        description = "Downloads a task of the Medical Segmentation Decathlon, checks it and unpacks it to DIR/TASK.",
        footer = {
            "",
            "TASK is Task01_BrainTumour, Task02_Heart, Task03_Liver, Task04_Hippocampus, Task05_Prostate, Task06_Lung,",
            "Task07_Pancreas, Task08_HepaticVessel, Task09_Spleen or Task10_Colon; its number or organ will do.",
            "The same command goes on where an interrupted one stopped; until all is there and checked, it lies in",
            "DIR/TASK.partial. A dataset that is there is left as it is. The archive needs room beside what is unpacked.",
            "Behind a proxy: UNET4J_JAVA_OPTS=\"-Dhttps.proxyHost=HOST -Dhttps.proxyPort=PORT\".",
            "The data are the Decathlon's, CC BY-SA 4.0."
        })
final class DownloadCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "TASK", description = "Such as Task07_Pancreas, 7 or pancreas.")
    private String task;

    @Parameters(index = "1", paramLabel = "DIR", description = "The folder that the dataset's folder comes into.")
    private Path folder;

    @Option(
            names = "--from",
            paramLabel = "URL|FILE",
            description = "Take the tar archive from a mirror, or one that was downloaded before.")
    private String from;

    @Option(
            names = "--md5",
            paramLabel = "SUM",
            description = "The archive's MD5 sum, where it is not the published one.")
    private String md5;

    @Option(names = "--keep-archive", description = "Keep the tar archive too, as DIR/TASK.tar.")
    private boolean keepArchive;

    /** What {@code --json} prints. */
    private record Downloaded(Path dataset, int labelled, int unlabelled, List<String> problems) {}

    DownloadCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Download download = download();
        if (download.isThere()) {
            terminal.note(download.dataset() + " is there already");
        }
        Path dataset = during(download);
        Dataset opened = Dataset.open(dataset);
        opened.problems().stream().map(Problem::toString).forEach(terminal::error);
        terminal.print("%s: %d labelled and %d unlabelled cases"
                .formatted(dataset, opened.training().size(), opened.test().size()));
        terminal.result(new Downloaded(
                dataset,
                opened.training().size(),
                opened.test().size(),
                opened.problems().stream().map(Problem::toString).toList()));
        return opened.problems().stream().anyMatch(Problem::isError) ? Main.FAILED : Main.DONE;
    }

    private Download download() {
        try {
            Download download = Download.of(DecathlonTask.of(task), folder);
            if (from != null) {
                download = download.from(address(from));
            }
            if (md5 != null) {
                download = download.withMd5(md5);
            }
            return keepArchive ? download.keepingArchive() : download;
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
    }

    private static URI address(String text) {
        try {
            return text.matches("(?i)[a-z]{2,}:/.*")
                    ? URI.create(text)
                    : Path.of(text).toUri();
        } catch (InvalidPathException e) {
            throw new UsageException("--from " + text + " is neither an address nor a file: " + e.getMessage());
        }
    }

    /** Whatever has come stays, so that nothing has to be saved when the process is to end: only said. */
    private Path during(Download download) throws IOException {
        Thread hook = new Thread(() -> terminal.error("stopped; the same command goes on from here"), "ctrl-c");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return download.run(new DownloadLines(terminal, download.name()));
        } finally {
            terminal.endProgress();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException ending) {
                // The process ends already, and has said so.
            }
        }
    }
}
