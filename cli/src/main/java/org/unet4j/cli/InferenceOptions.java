package org.unet4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.unet4j.benchmark.InferenceFolder;
import org.unet4j.benchmark.InferenceSpeed;
import org.unet4j.benchmark.InferenceVariant;
import org.unet4j.export.TrainedFiles;
import org.unet4j.infer.ModelPackage;
import org.unet4j.infer.Weights;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.io.Json;
import org.unet4j.io.Split;
import org.unet4j.report.InferenceResult;
import org.unet4j.report.InferenceTable;
import org.unet4j.torch.Torch;
import org.unet4j.train.RunFolder;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of {@code throughput --inference}, and what it does. */
final class InferenceOptions {
    private static final int CASES = 3;

    /** What {@code throughput} takes for both. */
    private static final Set<String> SHARED =
            Set.of("--inference", "--threads", "--cases", "--rounds", "--out", "--debug", "--quiet", "--json");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--inference",
            paramLabel = "RUN",
            description =
                    "Measure how fast this run folder or package segments scans, and its Dice, in libtorch and in ONNX"
                            + " Runtime; in place of training.")
    private Path model;

    @Option(
            names = "--threads",
            split = ",",
            paramLabel = "LIST",
            description = "With --inference: how many threads (default: 1 and the number of cores).")
    private List<Integer> threads = List.of();

    @Option(
            names = "--cases",
            paramLabel = "N",
            description =
                    "With --inference: scans to segment, first those that the run did not learn from (default: 3).")
    private Integer cases;

    /** Returns whether inference is to be measured, and not training. */
    boolean given() {
        Set<String> named = command.commandLine().getParseResult().matchedOptions().stream()
                .map(option -> option.longestName())
                .collect(Collectors.toSet());
        if (model == null && (named.contains("--threads") || named.contains("--cases"))) {
            throw new UsageException("--threads and --cases go with --inference RUN");
        }
        named.removeAll(SHARED);
        if (model != null && !named.isEmpty()) {
            throw new UsageException(named.stream().sorted().collect(Collectors.joining(", "))
                    + " goes with training only; --inference takes --threads, --cases, --rounds and --out");
        }
        return model != null;
    }

    /** Measures into {@code out} and prints the table. */
    void measure(Dataset dataset, int rounds, InferenceFolder out, Terminal terminal) throws IOException {
        if ((cases != null && cases < 1) || threads.stream().anyMatch(count -> count < 1)) {
            throw new UsageException("--cases and --threads must be at least 1");
        }
        out.requireFree();
        Torch.start(Torch.physicalCores(), true);
        List<Integer> counts = threads.isEmpty()
                ? Stream.of(1, Torch.physicalCores()).distinct().toList()
                : threads.stream().distinct().toList();
        InferenceResult result = ModelPackage.open(model, folder -> {
            TrainedFiles network = TrainedFiles.in(folder, model, Weights.LAST.fileName());
            List<String> measured = ids(dataset, folder);
            List<Case> calibration = CalibrationCases.of(dataset, folder, measured);
            if (calibration.isEmpty()) {
                terminal.note("int8 is left out: there is no case for its ranges but those that are measured");
            }
            InferenceSpeed speed = new InferenceSpeed(
                    network,
                    dataset,
                    measured,
                    calibration,
                    InferenceVariant.all(counts, !calibration.isEmpty()),
                    rounds,
                    out,
                    text(dataset, counts, rounds));
            return speed.run(new Lines(terminal), () -> false).orElseThrow();
        });
        terminal.print(new InferenceTable(result).text());
        terminal.print("results: " + out.result());
        terminal.result(result);
    }

    /** Returns the cases: those that were kept from the run first, where it says which these are. */
    private List<String> ids(Dataset dataset, Path run) throws IOException {
        List<String> all = dataset.trainingIds();
        if (all.isEmpty()) {
            throw new IOException("[" + dataset.folder() + "] has no labelled case to segment");
        }
        List<String> first = new ArrayList<>();
        Path split = new RunFolder(run).split();
        if (Files.exists(split)) {
            Set<String> known = new HashSet<>(all);
            Json.read(split, Split.class).validation().stream()
                    .filter(known::contains)
                    .forEach(first::add);
        }
        return Stream.concat(first.stream(), all.stream())
                .distinct()
                .limit(cases == null ? CASES : cases)
                .toList();
    }

    /** Returns the command with every value that decides a speed; of an absolute path only the last name. */
    private String text(Dataset dataset, List<Integer> counts, int rounds) {
        return "unet4j throughput " + dataset.folder().getFileName() + " --inference "
                + (model.isAbsolute() ? model.getFileName() : model) + " --threads "
                + counts.stream().map(String::valueOf).collect(Collectors.joining(",")) + " --cases "
                + (cases == null ? CASES : cases) + " --rounds " + rounds;
    }

    private record Lines(Terminal terminal) implements InferenceSpeed.Listener {
        @Override
        public void started(InferenceVariant variant, int index, int count) {
            terminal.update(Work.of("measuring", index, count, "runs").withDetail(variant.toString()));
        }

        @Override
        public void failed(InferenceVariant variant, String reason) {
            terminal.error(variant + " failed: " + reason);
        }
    }
}
