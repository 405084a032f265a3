package org.unet4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.unet4j.benchmark.DataPath;
import org.unet4j.benchmark.InferenceFolder;
import org.unet4j.benchmark.Throughput;
import org.unet4j.benchmark.ThroughputConfig;
import org.unet4j.benchmark.ThroughputFolder;
import org.unet4j.benchmark.ThroughputListener;
import org.unet4j.benchmark.Variant;
import org.unet4j.io.Dataset;
import org.unet4j.io.Phantom;
import org.unet4j.model.Layout;
import org.unet4j.model.ModelSpec;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Store;
import org.unet4j.report.Repetition;
import org.unet4j.report.ThroughputResult;
import org.unet4j.report.ThroughputTable;
import org.unet4j.torch.Device;
import org.unet4j.torch.Precision;
import org.unet4j.train.TrainConfig;
import org.unet4j.volume.Shape;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures how fast networks train. */
@Command(
        name = "throughput",
        mixinStandardHelpOptions = true,
        description =
                "Measures how fast networks train: time of a step, memory, waiting, how busy the device is; or, with"
                        + " --inference, how fast a trained one segments, engine by engine.",
        footer = {
            "",
            "Without DATASET three synthetic CTs of 512 x 512 x 90 voxels are made and used, two patches of 64x64x64 a step.",
            "Each training, and each way to segment, runs in a process of its own. Nothing else should run on the machine meanwhile."
        })
final class ThroughputCommand implements Callable<Integer> {
    private static final int CASES = 3;
    private static final Shape PATCH = Shape.cube(64);
    private static final int BATCH = 2;

    private final Terminal terminal;

    @Parameters(
            arity = "0..1",
            paramLabel = "DATASET",
            description = "A folder in the layout of the Decathlon or of nnU-Net.")
    private Path dataset;

    @Option(
            names = "--models",
            split = ",",
            paramLabel = "LIST",
            description = "Names with commas between them (default: all four).")
    private List<String> models = ModelSpec.names();

    @Option(
            names = "--precisions",
            split = ",",
            paramLabel = "LIST",
            description = "Of fp32, tf32, bf16, fp16 and fp64 (default: fp32,bf16).")
    private List<String> precisions = List.of("fp32", "bf16");

    @Option(
            names = "--layouts",
            split = ",",
            paramLabel = "LIST",
            description =
                    "How features lie in memory: contiguous, channels_last, or auto, the usual one of the device and"
                            + " precision (default: auto).")
    private List<Layout> layouts = List.of(Layout.AUTO);

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Measured steps of each run (default: ${DEFAULT-VALUE}).")
    private int steps = 20;

    @Option(names = "--warmup", paramLabel = "N", description = "Steps before them (default: ${DEFAULT-VALUE}).")
    private int warmup = 5;

    @Option(names = "--rounds", paramLabel = "N", description = "Runs of each, in turn (default: ${DEFAULT-VALUE}).")
    private int rounds = 2;

    @Option(
            names = "--patch",
            paramLabel = "ZxYxX",
            description = "Such as 64x64x64 (default: the plan's; 64x64x64 without DATASET).")
    private String patch;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Patches a step (default: the plan's; 2 without DATASET).")
    private Integer batch;

    @Option(
            names = "--naive",
            description = "Measure too how long it takes where scans are read and prepared inside the loop.")
    private boolean naive;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "YAML with what shall differ from the defaults of training, such as {machine: {recompute: true}}.")
    private Path training;

    @Mixin
    private PlanOptions plan;

    @Mixin
    private InferenceOptions inference;

    @Option(names = "--out", paramLabel = "DIR", description = "Default: work/throughput/<dataset>.")
    private Path out;

    ThroughputCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        requireCounts();
        if (inference.given()) {
            String name = Workspace.nameOf(dataset == null ? Workspace.fullPhantom() : dataset);
            inference.measure(
                    dataset == null ? phantom() : Dataset.open(dataset),
                    rounds,
                    new InferenceFolder(out == null ? Workspace.throughput(name) : out),
                    terminal);
            return Main.DONE;
        }
        requireNetworks();
        List<Precision> chosen =
                precisions.stream().map(ThroughputCommand::precision).toList();
        if (new HashSet<>(chosen).size() < chosen.size()) {
            throw new UsageException("--precisions " + String.join(",", precisions) + " names a precision twice");
        }
        if (training != null) {
            TrainConfig.requireValid(training, models.get(0), Device.best());
        }
        Optional<Shape> size = patch == null ? Optional.empty() : Optional.of(shape(patch));
        boolean phantom = dataset == null;
        String name = Workspace.nameOf(phantom ? Workspace.fullPhantom() : dataset);
        ThroughputFolder folder = new ThroughputFolder(out == null ? Workspace.throughput(name) : out);
        folder.requireFree();
        Dataset opened = phantom ? phantom() : Dataset.open(dataset);
        Store store = measured(
                Preparations.prepare(opened, plan.plan(), plan.budget(), Workspace.prepared(name), terminal), size);
        Device device = Device.best();
        TrainConfig defaults = TrainConfig.defaults(models.get(0), store.plan(), device);
        TrainConfig base = training == null ? defaults : TrainConfig.read(training, defaults, store.plan());
        List<DataPath> paths = naive ? List.of(DataPath.OFFLINE, DataPath.NAIVE) : List.of(DataPath.OFFLINE);
        ThroughputConfig config = new ThroughputConfig(
                Variant.of(models, chosen, List.copyOf(new LinkedHashSet<>(layouts)), paths, base),
                warmup,
                steps,
                rounds);
        Throughput throughput = new Throughput(config, store, opened, folder.path(), device, command(store.plan()));
        Optional<ThroughputResult> result = throughput.run(new Lines(), () -> false);
        terminal.print(new ThroughputTable(result.orElseThrow()).text());
        terminal.print("results: " + folder.result());
        terminal.result(result.orElseThrow());
        return Main.DONE;
    }

    private void requireCounts() {
        requirePositive("--steps", steps);
        requirePositive("--warmup", warmup);
        requirePositive("--rounds", rounds);
        if (batch != null) {
            requirePositive("--batch", batch);
        }
    }

    private static void requirePositive(String option, int value) {
        if (value < 1) {
            throw new UsageException(option + " " + value + " must be at least 1");
        }
    }

    private void requireNetworks() {
        for (String model : models) {
            if (!ModelSpec.names().contains(model)) {
                throw new UsageException(
                        "--models " + model + " is unknown; choose among " + String.join(", ", ModelSpec.names()));
            }
        }
        if (new HashSet<>(models).size() < models.size()) {
            throw new UsageException("--models " + String.join(",", models) + " names a network twice");
        }
    }

    private static Precision precision(String name) {
        return Arrays.stream(Precision.values())
                .filter(one -> name(one).equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new UsageException("--precisions " + name + " is unknown; choose among "
                        + Arrays.stream(Precision.values())
                                .map(ThroughputCommand::name)
                                .collect(Collectors.joining(", "))));
    }

    private static String name(Precision precision) {
        return precision.name().toLowerCase(Locale.ROOT);
    }

    private static Shape shape(String text) {
        if (!text.matches("[1-9]\\d{0,3}x[1-9]\\d{0,3}x[1-9]\\d{0,3}")) {
            throw new UsageException("--patch " + text + " must be three sizes along z, y and x, such as 64x64x64");
        }
        return Shape.of(
                Arrays.stream(text.split("x")).mapToInt(Integer::parseInt).toArray());
    }

    /** Returns {@code store} with the patch and the batch that are measured; on the disk its plan stays. */
    private Store measured(Store store, Optional<Shape> size) {
        Plan plan = store.plan();
        if (dataset == null) {
            plan = plan.withPatch(size.orElse(PATCH)).withBatch(batch == null ? BATCH : batch);
        } else {
            plan = plan.withPatch(size.orElse(plan.patch())).withBatch(batch == null ? plan.batch() : batch);
        }
        return store.withPlan(plan);
    }

    private Dataset phantom() throws IOException {
        Path folder = Workspace.fullPhantom();
        if (!Files.exists(folder.resolve(Dataset.DESCRIPTION))) {
            terminal.note("no dataset given: making " + CASES + " synthetic CTs of full size in " + folder);
            Phantom.write(folder, Phantom.Settings.full(), CASES, PhantomDefaults.SEED, terminal);
        }
        return Dataset.open(folder);
    }

    /** Returns this command with every value that decides a speed; of an absolute path only the last name. */
    private String command(Plan measured) {
        StringBuilder text = new StringBuilder("unet4j throughput");
        if (dataset != null) {
            text.append(' ').append(dataset.isAbsolute() ? dataset.getFileName() : dataset);
        }
        Shape size = measured.patch();
        text.append(" --models ").append(String.join(",", models));
        text.append(" --precisions ").append(String.join(",", precisions));
        text.append(" --steps ").append(steps).append(" --warmup ").append(warmup);
        text.append(" --rounds ").append(rounds);
        text.append(" --patch %dx%dx%d --batch %d".formatted(size.z(), size.y(), size.x(), measured.batch()));
        if (training != null) {
            text.append(" --config ").append(training.getFileName());
        }
        return text.append(naive ? " --naive" : "").toString();
    }

    /** Shows a line a run. */
    private final class Lines implements ThroughputListener {
        @Override
        public void started(Variant variant, int index, int count) {
            terminal.update(Work.of("measuring", index, count, "runs").withDetail(variant.toString()));
        }

        @Override
        public void measured(Variant variant, Repetition repetition) {
            terminal.note("%s: %.3f s a step".formatted(variant, repetition.medianSeconds()));
        }

        @Override
        public void failed(Variant variant, String reason) {
            terminal.error(variant + " failed: " + reason);
        }
    }
}
