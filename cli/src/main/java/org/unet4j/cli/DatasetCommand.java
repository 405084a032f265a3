package org.unet4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.unet4j.io.ClassNames;
import org.unet4j.io.Dataset;
import org.unet4j.io.DatasetSource;
import org.unet4j.io.FilePattern;
import org.unet4j.io.Problem;
import org.unet4j.io.Repair;
import org.unet4j.prep.DatasetInspection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a dataset of somebody's scans and label maps. */
@Command(
        name = "dataset",
        mixinStandardHelpOptions = true,
        description = "Makes a dataset of your scans and label maps (NIfTI), and inspects it.",
        footer = {
            "",
            "Scans and labels of one name belong together. Where names lie in a path, * stands for them; put it in quotes:",
            "  unet4j dataset liver --images CT=scans --labels masks --classes liver,tumour",
            "  unet4j dataset brain --images 'T1=patients/*/t1.nii.gz' --images 'FLAIR=patients/*/flair.nii.gz'"
                    + " --labels 'patients/*/seg.nii.gz' --classes 1=core,2=oedema,4=core",
            "",
            "Originals are never changed. Scans without labels are kept as imagesTs, from which nothing is learnt. The exit code is 1"
                    + " if something keeps the dataset from being used, as for inspect."
        })
final class DatasetCommand implements Callable<Integer> {
    private static final int MOST_NAMED = 10;

    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "DIR", description = "The dataset's folder; it must not exist or be empty.")
    private Path folder;

    @Parameters(index = "1..*", hidden = true, description = "What a shell makes of a pattern without quotes.")
    private List<String> expanded = List.of();

    @Option(
            names = "--images",
            required = true,
            paramLabel = "WHAT=FILES",
            description =
                    "What the scans show, and a folder of them or a pattern. CT keeps Hounsfield units; anything else, such"
                            + " as MRI or T1, is normalised scan by scan. Once for each channel.")
    private List<String> images;

    @Option(names = "--labels", required = true, paramLabel = "FILES", description = "The label maps, as the scans.")
    private String labels;

    @Option(
            names = "--classes",
            required = true,
            paramLabel = "NAME,...|VALUE=NAME,...",
            description =
                    "What the values 1, 2, ... in the label maps are called, or what others are: 205=muscle,420=aorta"
                            + " become 1 and 2. Values of one name become one class, those called background none; 0 is"
                            + " background, which a list of names leaves out.")
    private String classes;

    @Option(
            names = "--link",
            description = "Make symbolic links in place of copies: the originals must stay where they are.")
    private boolean link;

    DatasetCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (!expanded.isEmpty()) {
            throw new UsageException("put patterns in quotes, such as --labels 'masks/*_seg.nii.gz': there is one"
                    + " DIR, and " + expanded.get(0) + " is given too");
        }
        DatasetSource source = source();
        int threads = Runtime.getRuntime().availableProcessors();
        List<String> unlabelled = source.write(folder, link, threads, terminal);
        if (!unlabelled.isEmpty()) {
            terminal.note("without labels, so that nothing is learnt from them: " + some(unlabelled));
        }
        Dataset dataset = Dataset.open(folder);
        DatasetInspection found = DatasetInspection.of(dataset, threads, terminal);
        if (terminal.speaksJson()) {
            terminal.result(InspectCommand.report(dataset, found, Optional.empty()));
        } else {
            new InspectionLines(terminal).print(dataset, found);
            Repair.advice(folder, found.problems()).ifPresent(terminal::print);
        }
        return found.problems().stream().anyMatch(Problem::isError) ? Main.FAILED : Main.DONE;
    }

    private static String some(List<String> names) {
        int more = Math.max(0, names.size() - MOST_NAMED);
        return String.join(", ", names.subList(0, names.size() - more)) + (more == 0 ? "" : " and " + more + " more");
    }

    private DatasetSource source() {
        List<DatasetSource.Channel> channels =
                images.stream().map(DatasetCommand::channel).toList();
        try {
            return new DatasetSource(channels, new FilePattern(labels), ClassNames.parse(classes));
        } catch (IllegalArgumentException e) {
            UsageException usage = new UsageException("--classes: " + e.getMessage());
            usage.initCause(e);
            throw usage;
        }
    }

    private static DatasetSource.Channel channel(String given) {
        int sign = given.indexOf('=');
        if (sign < 1 || sign == given.length() - 1) {
            throw new UsageException("--images " + given + " must say what the scans show and where they are, such as"
                    + " CT=scans or T1=scans");
        }
        return new DatasetSource.Channel(given.substring(0, sign), new FilePattern(given.substring(sign + 1)));
    }
}
