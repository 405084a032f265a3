package org.unet4j.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
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
import org.unet4j.torch.Precision;
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
 * What a training step is made of, each part by itself: its convolutions; the network, forward and backward; the loss and its
 * gradient; augmentation; clipping and optimizer; and a real step of {@link Trainer}, where samples are cut meanwhile and curves
 * are written. They take turns, so that what slows the machine down falls on all of them. Shares are those of processor time, which
 * counts the threads that cut samples too and other work on the machine hardly; the loss of a batch in reduced precision is
 * computed by as many threads as one in float32, not sample by sample as in training.
 */
public final class StepParts {

    private static final int ROUNDS = 3;
    private static final int STEPS = 10;
    private static final String STEP = "step of training";
    private static final String CONVOLUTIONS = "convolutions";
    private static final String NETWORK = "network";

    /** What a step is made of besides, in the order in which it happens. */
    private static final List<String> BESIDE = List.of("augmentation", "loss", "clipping and optimizer");

    private final TrainConfig config;
    private final Plan plan;
    private final Device device = Device.best();
    private final PartTimes times = new PartTimes();

    private StepParts(TrainConfig config, Plan plan) {
        this.config = config;
        this.plan = plan;
    }

    /** Something that is timed. */
    private interface Part {
        void run() throws InterruptedException, ExecutionException;
    }

    /**
     * Measures, and prints after each round, the networks {@code arguments[2]} and following in the precision {@code arguments[1]} on the prepared cases in the
     * folder {@code arguments[0]}.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        Store store = Store.open(Path.of(arguments[0]));
        Precision precision = Precision.valueOf(arguments[1].toUpperCase(Locale.ROOT));
        for (String model : Arrays.asList(arguments).subList(2, arguments.length)) {
            TrainConfig config = TrainConfig.defaults(model, store.plan(), Device.best())
                    .withPrecision(precision)
                    .withBatch(store.plan().batch())
                    .withValidateEvery(0)
                    .withSteps(STEPS + 2);
            Torch.start(Torch.physicalCores(), !Device.best().isCuda());
            StepParts parts = new StepParts(config, store.plan());
            parts.measure(store);
        }
    }

    private void measure(Store store) throws IOException, InterruptedException, ExecutionException {
        ModelSpec spec = ModelSpec.of(config.model(), plan.channels().size(), plan.classCount(), plan.topology());
        Precision precision = config.numerics().precision();
        try (Scope scope = new Scope();
                Network network = spec.build(1);
                Convolutions convolutions =
                        new Convolutions(ConvolutionCall.of(spec, plan.patch()), plan.batch(), precision, device)) {
            network.arrange(config.numerics().layout());
            network.to(device, precision.parameterType());
            Samples fixed = new Samples(batch(plan.patch()), Optional.empty(), plan.patch());
            Augmentation augmentation = config.samples().augmentation();
            Samples augmented =
                    new Samples(batch(augmentation.sourceShape(plan.patch())), Optional.of(augmentation), plan.patch());
            Tensor targetNDHW = fixed.all().targetNDHW();
            long[] shape = {
                plan.batch(),
                plan.classCount(),
                plan.patch().z(),
                plan.patch().y(),
                plan.patch().x()
            };
            ScalarType type = precision.isReduced() ? precision.scalarType() : precision.parameterType();
            Tensor logits = Tensors.to(torch.randn(shape), device, type).set_requires_grad(true);
            try (BatchGradient gradient = new BatchGradient(network, device, precision, false);
                    Descent descent = config.optimization().optimizer().over(network.state())) {
                Map<String, Part> parts = new LinkedHashMap<>();
                parts.put(CONVOLUTIONS, convolutions::run);
                parts.put(
                        NETWORK,
                        () -> gradient.add(fixed, new Sum(), UnaryOperator.identity())
                                .item_float());
                parts.put(BESIDE.get(0), augmented::all);
                parts.put(BESIDE.get(1), () -> {
                    config.loss().of(logits, targetNDHW).backward();
                    Gradients.drop(List.of(logits));
                });
                parts.put(BESIDE.get(2), () -> {
                    Gradients.clip(network.parameters(), config.optimization().gradientClip());
                    descent.step(1e-4);
                });
                for (int round = 0; round < ROUNDS; round++) {
                    for (int i = -2; i < STEPS; i++) {
                        time(parts, i >= 0);
                        Gradients.drop(network.parameters());
                    }
                    train(store);
                    print(round + 1);
                }
            }
        }
    }

    private void time(Map<String, Part> parts, boolean counts) throws InterruptedException, ExecutionException {
        for (Map.Entry<String, Part> part : parts.entrySet()) {
            PartTimes.Start start = times.start();
            try (Scope scope = new Scope()) {
                part.getValue().run();
                // A card has only been told of the part; it has computed it when a number that is made after it can be
                // read.
                Tensors.zeros(new long[] {1}, ScalarType.Float, device).item_float();
            }
            if (counts) {
                times.add(part.getKey(), start);
            }
        }
    }

    private void train(Store store) throws IOException {
        Path folder = Files.createTempDirectory("unet4j-step-parts");
        try {
            AtomicReference<PartTimes.Start> last = new AtomicReference<>();
            TrainListener clock = new TrainListener() {
                @Override
                public void step(StepEvent event) {
                    if (event.step() > 2) {
                        times.add(STEP, last.get());
                    }
                    last.set(times.start());
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

    private void print(int rounds) {
        System.out.printf(
                "%n%s, %s, %d x %s; median by the clock and mean processor time of %d%n",
                config.model(), config.numerics().precision(), plan.batch(), plan.patch(), rounds * STEPS);
        PartTimes.Taken step = times.usual(STEP);
        PartTimes.Taken convolutions = times.usual(CONVOLUTIONS);
        PartTimes.Taken network = times.usual(NETWORK);
        double wall = step.wallSeconds() - network.wallSeconds();
        double processor = step.processorSeconds() - network.processorSeconds();
        line(STEP, step.wallSeconds(), step.processorSeconds());
        line(CONVOLUTIONS, convolutions.wallSeconds(), convolutions.processorSeconds());
        line(
                "rest of the network",
                network.wallSeconds() - convolutions.wallSeconds(),
                network.processorSeconds() - convolutions.processorSeconds());
        line("all that is not the network", wall, processor);
        for (String part : BESIDE) {
            PartTimes.Taken taken = times.usual(part);
            line("- " + part, taken.wallSeconds(), taken.processorSeconds());
            wall -= taken.wallSeconds();
            processor -= taken.processorSeconds();
        }
        line("- the rest: data and Java", wall, processor);
    }

    private void line(String part, double wallSeconds, double processorSeconds) {
        double share = 100 * processorSeconds / times.usual(STEP).processorSeconds();
        System.out.printf(
                "%-28s %8.1f ms by the clock %8.1f ms of processor time %6.1f %%%n",
                part, 1000 * wallSeconds, 1000 * processorSeconds, share);
    }

    /** The sum of the logits: an objective that costs next to nothing. */
    private record Sum() implements BatchGradient.Objective {

        @Override
        public Tensor of(List<Tensor> logitsNCDHW, Tensor targetNDHW) {
            return logitsNCDHW.get(0).sum();
        }

        @Override
        public boolean isMeanOfSamples() {
            return true;
        }
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
