package org.unet4j.benchmark;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.unet4j.eval.Dice;
import org.unet4j.infer.Engine;
import org.unet4j.infer.LibtorchEngine;
import org.unet4j.infer.OnnxEngine;
import org.unet4j.infer.Predictor;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.io.Json;
import org.unet4j.prep.Plan;
import org.unet4j.report.InferencePass;
import org.unet4j.torch.Device;
import org.unet4j.torch.PeakMemory;
import org.unet4j.torch.Torch;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Shape;

/**
 * Some cases segmented in one way and timed, and the process that does it: its peak of memory is that of the one way, and where it is
 * ONNX Runtime no libtorch is loaded.
 *
 * @param variant the way
 * @param file weights for libtorch, or an ONNX file
 * @param plan that the network was trained with
 * @param dataset folder of the cases
 * @param ids of the cases, which have labels
 */
record InferenceTrial(InferenceVariant variant, String file, Plan plan, String dataset, List<String> ids) {

    private static final double NANOS = 1e9;

    /** Runs the trial in the file {@code arguments[0]}; writes its {@link InferencePass} to the file {@code arguments[2]}. */
    public static void main(String[] arguments) throws IOException {
        InferenceTrial trial = Json.read(Path.of(arguments[0]), InferenceTrial.class);
        // Adding up has as many threads as the engine.
        System.setProperty(
                "java.util.concurrent.ForkJoinPool.common.parallelism", Integer.toString(trial.variant.threads()));
        Json.write(Path.of(arguments[2]), trial.run());
    }

    /** Returns what segmenting every case took. */
    InferencePass run() throws IOException {
        Map<String, Case> cases = Dataset.open(Path.of(dataset)).training().stream()
                .collect(Collectors.toMap(Case::id, Function.identity()));
        List<Double> seconds = new ArrayList<>();
        List<Double> dice = new ArrayList<>();
        try (Counted engine = new Counted(engine());
                Predictor predictor = Predictor.of(engine, plan)) {
            predictor.predict(cases.get(ids.get(0)).readScan());
            engine.windows = 0;
            for (String id : ids) {
                Scan scan = cases.get(id).readScan();
                long start = System.nanoTime();
                Labels labels = predictor.predict(scan);
                seconds.add((System.nanoTime() - start) / NANOS);
                dice.add(meanDice(labels, cases.get(id)));
            }
            return new InferencePass(
                    seconds,
                    engine.windows,
                    dice,
                    PeakMemory.ofProcess(Device.cpu()).residentBytes());
        }
    }

    private Engine engine() throws IOException {
        if (variant.engine().equals(InferenceVariant.ONNX)) {
            return OnnxEngine.load(Path.of(file), variant.threads());
        }
        Torch.start(variant.threads(), true);
        return LibtorchEngine.load(Path.of(file), Device.cpu(), variant.torchPrecision());
    }

    private double meanDice(Labels labels, Case reference) throws IOException {
        return Dice.perClass(
                        labels,
                        reference.readLabels(labels.grid()),
                        plan.classes().tailMap(1).keySet())
                .values()
                .stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElseThrow(() -> new IllegalArgumentException("the plan names no class but the background"));
    }

    /** An engine that counts the windows that it runs. */
    private static final class Counted implements Engine {
        private final Engine engine;
        private long windows;

        Counted(Engine engine) {
            this.engine = engine;
        }

        @Override
        public int channels() {
            return engine.channels();
        }

        @Override
        public int classes() {
            return engine.classes();
        }

        @Override
        public void run(FloatBuffer windowsNCDHW, int count, Shape window, Logits logits) {
            windows += count;
            engine.run(windowsNCDHW, count, window, logits);
        }

        @Override
        public void close() {
            engine.close();
        }
    }
}
