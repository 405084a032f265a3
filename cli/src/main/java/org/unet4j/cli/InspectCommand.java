package org.unet4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import org.unet4j.io.Dataset;
import org.unet4j.io.Inspection;
import org.unet4j.io.Problem;
import org.unet4j.io.Repair;
import org.unet4j.prep.CaseContents;
import org.unet4j.prep.Contents;
import org.unet4j.prep.DatasetInspection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what is in a volume or a dataset and what is wrong with it, and mends what is sure. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = "Shows geometry, intensities, labels and problems of a volume or a dataset.",
        footer = {
            "",
            "With --repair a copy is written to DIR in which a label map with its image's shape and another place takes the image's"
                    + " geometry; labels stored as floating-point or scaled numbers that are whole become uint8, or uint16 above 255;"
                    + " a qform or pixdim that contradicts the sform is derived from it; files are compressed as their names"
                    + " say; dataset.json counts and names what is there. Whatever would need a guess is left, and"
                    + " told as a problem of the copy. Originals are never changed, other files are copied as they are.",
            "",
            "The exit code is 1 if something keeps the file or the dataset (with --repair: its copy) from being used,"
                    + " 0 if there are no problems or warnings only."
        })
final class InspectCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final InspectionLines lines;

    @Parameters(
            paramLabel = "PATH",
            description = "A .nii or .nii.gz file, one of a pair of .hdr and .img, or the folder of a dataset.")
    private Path path;

    @Option(names = "--image", paramLabel = "SCAN", description = "PATH is the label map of this scan: does it fit?")
    private Path image;

    @Option(
            names = "--volume",
            paramLabel = "N",
            description = "Look at volume N of a 4D file only, counted from 0 as in FSL and nibabel.")
    private Integer volume;

    @Option(
            names = "--repair",
            paramLabel = "DIR",
            description = "Write a mended copy to DIR, a new folder, and inspect that.")
    private Path repair;

    InspectCommand(Terminal terminal) {
        this.terminal = terminal;
        this.lines = new InspectionLines(terminal);
    }

    /** What {@code inspect FILE --repair DIR --json} prints; without {@code --repair} it is the inspection alone. */
    record FileReport(Repair repair, Inspection inspection) {}

    /** What {@code inspect DATASET --json} prints; without contents where no labelled case can be read. */
    record DatasetReport(
            String name,
            List<String> channels,
            SortedMap<Integer, String> classes,
            int training,
            int test,
            Optional<Contents> contents,
            List<CaseContents> cases,
            List<String> problems,
            List<String> mendable,
            Optional<Repair> repair) {}

    @Override
    public Integer call() throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        boolean isFolder = Files.isDirectory(path);
        if (isFolder && (image != null || volume != null)) {
            throw new UsageException(
                    (image != null ? "--image" : "--volume") + " goes with a file, and " + path + " is a folder");
        }
        if (volume != null && (image != null || repair != null)) {
            throw new UsageException("--volume looks at a part of a file, "
                    + (image != null ? "--image at a label map, which is one volume" : "--repair mends all of it"));
        }
        return isFolder ? dataset() : file();
    }

    private int file() throws IOException {
        Optional<Path> scan = Optional.ofNullable(image);
        Optional<Repair> repaired = repair == null ? Optional.empty() : Optional.of(Repair.of(path, scan, repair));
        Path file = repaired.isPresent() ? repair.resolve(path.getFileName()) : path;
        Inspection found = scan.isPresent() ? Inspection.ofLabels(file, scan.get()) : inspection(file);
        if (terminal.speaksJson()) {
            terminal.result(repaired.isPresent() ? new FileReport(repaired.get(), found) : found);
        } else {
            repaired.ifPresent(lines::print);
            lines.print(found);
            if (!found.mendable().isEmpty()) {
                terminal.print(found.mendable().size() + " of them can be mended in a copy: --repair DIR");
            }
        }
        return found.errors().isEmpty() ? Main.DONE : Main.FAILED;
    }

    private Inspection inspection(Path file) throws IOException {
        return volume == null ? Inspection.of(file) : Inspection.of(file, volume);
    }

    private int dataset() throws IOException {
        int threads = Runtime.getRuntime().availableProcessors();
        Optional<Repair> repaired = repair == null
                ? Optional.empty()
                : Optional.of(Repair.of(Dataset.open(path), repair, threads, terminal));
        Dataset dataset = Dataset.open(repaired.map(Repair::folder).orElse(path));
        DatasetInspection found = DatasetInspection.of(dataset, threads, terminal);
        if (terminal.speaksJson()) {
            terminal.result(report(dataset, found, repaired));
        } else {
            repaired.ifPresent(lines::print);
            lines.print(dataset, found);
            Repair.advice(path, found.problems()).ifPresent(terminal::print);
        }
        return found.problems().stream().anyMatch(Problem::isError) ? Main.FAILED : Main.DONE;
    }

    /** Returns what is told of a dataset in JSON. */
    static DatasetReport report(Dataset dataset, DatasetInspection found, Optional<Repair> repaired) {
        return new DatasetReport(
                dataset.name(),
                dataset.channelNames(),
                dataset.classes(),
                dataset.training().size(),
                dataset.test().size(),
                found.contents(),
                found.cases(),
                found.problems().stream().map(Problem::toString).toList(),
                found.problems().stream()
                        .filter(Problem::isMendable)
                        .map(Problem::toString)
                        .toList(),
                repaired);
    }
}
