package org.unet4j.jmh;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.unet4j.benchmark.ThroughputFolder;
import org.unet4j.model.ConvolutionCall;
import org.unet4j.model.ModelSpec;
import org.unet4j.prep.Plan;
import org.unet4j.report.ThroughputResult;
import org.unet4j.report.ThroughputRow;
import org.unet4j.torch.Device;
import org.unet4j.torch.Precision;
import org.unet4j.torch.Torch;

/**
 * How long the convolutions of a training step take by themselves: forward and backward of each, back to back, without norms,
 * activations, loss, data or optimizer. A step cannot be faster with these operators.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 10)
@Fork(2)
public class RawLimit {
    private static final double HALF = 50;

    @Param("")
    private String plan;

    @Param({"unet", "resunet", "attention-unet", "attention-resunet"})
    private String network;

    @Param({"fp32", "bf16"})
    private String precision;

    @Param("2")
    private int threads;

    private Convolutions convolutions;

    /** Makes the numbers that are convolved. */
    @Setup
    public void prepare() throws IOException {
        Device device = Device.best();
        Torch.start(threads, !device.isCuda());
        Plan read = Plan.read(Path.of(plan));
        ModelSpec spec = ModelSpec.of(network, read.channels().size(), read.classCount(), read.topology());
        convolutions = new Convolutions(
                ConvolutionCall.of(spec, read.patch()),
                read.batch(),
                Precision.valueOf(precision.toUpperCase(Locale.ROOT)),
                device);
    }

    /** Frees them. */
    @TearDown
    public void free() {
        convolutions.close();
    }

    /** Computes all convolutions of a step. */
    @Benchmark
    public void step() throws InterruptedException, ExecutionException {
        convolutions.run();
    }

    /** Prints raw time and step time side by side, for the networks whose throughput was measured into the folder {@code arguments[0]}. */
    public static void main(String[] arguments) throws IOException, RunnerException {
        if (arguments.length != 1) {
            throw new IllegalArgumentException("give the folder of a measured throughput");
        }
        ThroughputFolder folder = new ThroughputFolder(Path.of(arguments[0]));
        ThroughputResult steps = ThroughputResult.read(folder.result());
        List<ThroughputRow> rows = steps.rows().stream()
                .filter(row -> row.path().equals(ThroughputRow.OFFLINE)
                        && row.figures().isPresent())
                .toList();
        Options options = new OptionsBuilder()
                .include("^" + RawLimit.class.getName().replace(".", "\\.") + "\\.step$")
                .param("plan", folder.plan().toAbsolutePath().toString())
                .param("network", distinct(rows, ThroughputRow::network))
                .param("precision", distinct(rows, ThroughputRow::precision))
                .param("threads", steps.provenance().get("threads"))
                .resultFormat(ResultFormatType.JSON)
                .result(folder.path().resolve("raw-limit.json").toString())
                .build();
        Collection<RunResult> raw = new Runner(options).run();
        System.out.printf("%n%-18s %-9s %10s %10s %6s%n", "network", "precision", "raw s", "step s", "share");
        for (ThroughputRow row : rows) {
            double rawSeconds = median(raw, row).orElseThrow();
            double stepSeconds = row.figures().orElseThrow().stepSeconds();
            System.out.printf(
                    "%-18s %-9s %10.4f %10.4f %5.1f %%%n",
                    row.network(), row.precision(), rawSeconds, stepSeconds, 100 * rawSeconds / stepSeconds);
        }
    }

    private static String[] distinct(List<ThroughputRow> rows, Function<ThroughputRow, String> part) {
        return rows.stream().map(part).distinct().toArray(String[]::new);
    }

    private static Optional<Double> median(Collection<RunResult> results, ThroughputRow row) {
        return results.stream()
                .filter(result -> result.getParams().getParam("network").equals(row.network())
                        && result.getParams().getParam("precision").equals(row.precision()))
                .map(result -> result.getPrimaryResult().getStatistics().getPercentile(HALF))
                .findFirst();
    }
}
