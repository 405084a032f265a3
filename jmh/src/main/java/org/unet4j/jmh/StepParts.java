package org.unet4j.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.augment.Augmentation;
import org.unet4j.augment.Batch;
import org.unet4j.io.Split;
import org.unet4j.model.BatchGradient;
import org.unet4j.model.ConvolutionCall;
import org.unet4j.model.ModelSpec;
import org.unet4j.model.Network;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Store;
import org.unet4j.torch.Descent;
import org.unet4j.torch.Device;
import org.unet4j.torch.Gradients;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.torch.Torch;
import org.unet4j.train.StepEvent;
import org.unet4j.train.TrainConfig;
import org.unet4j.train.TrainListener;
import org.unet4j.train.TrainRequest;
import org.unet4j.train.Trainer;
import org.unet4j.volume.Shape;

/**
 * What a training step is made of, by leaving parts out: its convolutions alone; the network, forward and backward; with the loss;
 * with augmentation; with clipping and optimizer; and a real step of {@link Trainer}, where samples are cut meanwhile and curves
 * are written. They take turns, so that what slows the machine down falls on all of them.
 */
public final class StepParts {

    private static final int ROUNDS = 3;
    private static final int STEPS = 10;
    private static final double NANOS = 1e-9;

    private final TrainConfig config;
    private final Plan plan;
    private final Device device = Device.best();
    private final Map<String, List<Double>> seconds = new LinkedHashMap<>();

    private StepParts(TrainConfig config, Plan plan) {
        this.config = config;
        this.plan = plan;
    }

    /** Something that is timed. */
    private interface Part {
        void run() throws InterruptedException, ExecutionException;
    }

    /** Measures the networks {@code arguments[1]} and following on the prepared cases in the folder {@code arguments[0]}. */
    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        Store store = Store.open(Path.of(arguments[0]));
        for (String model : Arrays.asList(arguments).subList(1, arguments.length)) {
            TrainConfig config = TrainConfig.defaults(model, store.plan(), Device.best())
                    .withBatch(store.plan().batch())
                    .withValidateEvery(0)
                    .withSteps(STEPS + 2);
            Torch.start(Torch.physicalCores(), !Device.best().isCuda());
            StepParts parts = new StepParts(config, store.plan());
            parts.measure(store);
            parts.print();
        }
    }

    private void measure(Store store) throws IOException, InterruptedException, ExecutionException {
        ModelSpec spec = ModelSpec.of(config.model(), plan.channels().size(), plan.classCount(), plan.topology());
        BatchGradient.Objective sum =
                objective((logits, target) -> logits.get(0).sum());
        BatchGradient.Objective loss =
                objective((logits, target) -> config.loss().of(logits.get(0), target));
        try (Scope scope = new Scope();
                Network network = spec.build(1)) {
            network.arrange(config.numerics().layout());
            network.to(device, config.numerics().precision().parameterType());
            Samples fixed = new Samples(batch(plan.patch()), Optional.empty(), plan.patch());
            Augmentation augmentation = config.samples().augmentation();
            Samples augmented =
                    new Samples(batch(augmentation.sourceShape(plan.patch())), Optional.of(augmentation), plan.patch());
            try (BatchGradient gradient =
                            new BatchGradient(network, device, config.numerics().precision(), false);
                    Descent descent = config.optimization().optimizer().over(network.state());
                    Convolutions convolutions = new Convolutions(
                            ConvolutionCall.of(spec, plan.patch()),
                            plan.batch(),
                            config.numerics().precision(),
                            device)) {
                Map<String, Part> parts = new LinkedHashMap<>();
                parts.put("convolutions", convolutions::run);
                parts.put("network", () -> pass(gradient, network, fixed, sum));
                parts.put("with loss", () -> pass(gradient, network, fixed, loss));
                parts.put("with augmentation", () -> pass(gradient, network, augmented, loss));
                parts.put("with clipping and optimizer", () -> {
                    gradient.add(augmented, loss, UnaryOperator.identity());
                    Gradients.clip(network.parameters(), config.optimization().gradientClip());
                    descent.step(1e-4);
                    Gradients.drop(network.parameters());
                });
                for (int round = 0; round < ROUNDS; round++) {
                    time(parts);
                    train(store);
                }
            }
        }
    }

    private void time(Map<String, Part> parts) throws InterruptedException, ExecutionException {
        for (int i = -2; i < STEPS; i++) {
            for (Map.Entry<String, Part> part : parts.entrySet()) {
                long start = System.nanoTime();
                try (Scope scope = new Scope()) {
                    part.getValue().run();
                }
                if (i >= 0) {
                    add(part.getKey(), start);
                }
            }
        }
    }

    private void add(String name, long start) {
        seconds.computeIfAbsent(name, key -> new ArrayList<>()).add((System.nanoTime() - start) * NANOS);
    }

    private static void pass(
            BatchGradient gradient, Network network, Samples samples, BatchGradient.Objective objective) {
        gradient.add(samples, objective, UnaryOperator.identity()).item_float();
        Gradients.drop(network.parameters());
    }

    private void train(Store store) throws IOException {
        Path folder = Files.createTempDirectory("unet4j-step-parts");
        try {
            long[] last = {0};
            TrainListener clock = new TrainListener() {
                @Override
                public void step(StepEvent event) {
                    if (event.step() > 2) {
                        add("step of training", last[0]);
                    }
                    last[0] = System.nanoTime();
                }
            };
            Split all = new Split(store.ids(), List.of());
            Trainer.train(TrainRequest.of(config, store, all, folder.resolve("run"), device, clock, () -> false));
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private Batch batch(Shape shape) {
        long[] image = {plan.batch(), plan.channels().size(), shape.z(), shape.y(), shape.x()};
        long[] target = {plan.batch(), shape.z(), shape.y(), shape.x()};
        Tensor foreground = torch.rand(target).gt(new org.bytedeco.pytorch.Scalar(0.9));
        return new Batch(
                Tensors.to(torch.randn(image), device, ScalarType.Float),
                Tensors.to(foreground, device, ScalarType.Byte));
    }

    private void print() {
        double step = median("step of training");
        System.out.printf(
                "%n%s, %s, %d x %s%n", config.model(), config.numerics().precision(), plan.batch(), plan.patch());
        double before = 0;
        for (String name : seconds.keySet()) {
            double now = median(name);
            System.out.printf(
                    "%-28s %8.4f s %7.1f %% of a step %+7.1f %%%n",
                    name, now, 100 * now / step, 100 * (now - before) / step);
            before = now;
        }
        System.out.printf(
                "neither convolution nor normalisation (a step less its network): %.1f %%%n",
                100 * (1 - median("network") / step));
    }

    private double median(String name) {
        double[] sorted = seconds.get(name).stream()
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        return (sorted[sorted.length / 2] + sorted[(sorted.length - 1) / 2]) / 2;
    }

    /** A loss of logits and target. */
    private interface Formula {
        Tensor of(List<Tensor> logits, Tensor target);
    }

    private static BatchGradient.Objective objective(Formula formula) {
        return new BatchGradient.Objective() {
            @Override
            public Tensor of(List<Tensor> logitsNCDHW, Tensor targetNDHW) {
                return formula.of(logitsNCDHW, targetNDHW);
            }

            @Override
            public boolean isMeanOfSamples() {
                return true;
            }
        };
    }

    /** The same samples again and again, augmented anew where they are to be. */
    private record Samples(Batch cut, Optional<Augmentation> augmentation, Shape patch)
            implements BatchGradient.Source {

        @Override
        public int samples() {
            return Math.toIntExact(cut.imageNCDHW().size(0));
        }

        @Override
        public Batch all() {
            return augmented(cut, 0);
        }

        @Override
        public Batch one(int sample) {
            return augmented(
                    new Batch(
                            cut.imageNCDHW().narrow(0, sample, 1),
                            cut.targetNDHW().narrow(0, sample, 1)),
                    sample);
        }

        private Batch augmented(Batch part, int first) {
            Batch made = part;
            if (augmentation.isPresent()) {
                int count = Math.toIntExact(part.imageNCDHW().size(0));
                List<Long> seeds = IntStream.range(first, first + count)
                        .mapToObj(i -> System.nanoTime() + i)
                        .toList();
                made = augmentation.get().apply(part, patch, seeds);
            }
            return new Batch(made.imageNCDHW(), made.targetNDHW().to(ScalarType.Long));
        }
    }
}
