package org.unet4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.unet4j.augment.Batch;
import org.unet4j.loss.Loss;
import org.unet4j.torch.Autocast;
import org.unet4j.torch.Device;
import org.unet4j.torch.Gradients;
import org.unet4j.torch.Precision;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.torch.Torch;
import org.unet4j.volume.Shape;

class BatchGradientTest {

    private static final Shape PATCH = new Shape(8, 16, 8);
    private static final int SAMPLES = 3;

    private Scope scope;
    private Network network;
    private Tensor image;
    private Tensor target;

    @BeforeEach
    void open() {
        Torch.start(2, true);
        scope = new Scope();
        network = new AttentionResUNet(1, 3, Topologies.cubes(8, 16, 32)).build(3);
        image = NetworkContractTest.image(SAMPLES, 1, PATCH);
        target = image.squeeze(1).gt(new Scalar(0.3)).to(ScalarType.Long);
    }

    @AfterEach
    void close() {
        network.close();
        scope.close();
        Torch.start(1, true);
    }

    private Tensor loss(Tensor logits) {
        return Loss.diceCrossEntropy().of(logits, target);
    }

    /** Dice and cross-entropy, a mean over samples. */
    static final BatchGradient.Objective MEAN = new BatchGradient.Objective() {
        @Override
        public Tensor of(List<Tensor> logitsNCDHW, Tensor targetNDHW) {
            return Loss.diceCrossEntropy().of(logitsNCDHW.get(0), targetNDHW);
        }

        @Override
        public boolean isMeanOfSamples() {
            return true;
        }
    };

    /** The samples of a batch that is there. */
    record Samples(Tensor image, Tensor target) implements BatchGradient.Source {
        @Override
        public int samples() {
            return Math.toIntExact(image.size(0));
        }

        @Override
        public Batch all() {
            return new Batch(image, target);
        }

        @Override
        public Batch one(int sample) {
            return new Batch(image.narrow(0, sample, 1), target.narrow(0, sample, 1));
        }
    }

    private List<float[]> gradients() {
        List<float[]> gradients = network.parameters().stream()
                .map(p -> Tensors.toFloats(p.grad()))
                .toList();
        Gradients.drop(network.parameters());
        return gradients;
    }

    private static double norm(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void itIsTheGradientOfForwardAndBackward(Precision precision) {
        Tensor logits;
        try (Autocast autocast = precision.autocast(Device.cpu())) {
            logits = network.forward(image);
        }
        Tensor expected = loss(logits);
        expected.backward();
        List<float[]> reference = gradients();
        try (BatchGradient gradient = new BatchGradient(network, Device.cpu(), precision, false)) {
            Tensor value = gradient.add(new Samples(image, target), MEAN, loss -> loss);
            // One thread a sample sums a norm in another order than two: now and then a bfloat16 is rounded the other
            // way.
            assertThat(value.item_float()).isCloseTo(expected.item_float(), within(1e-3f));
        }
        List<float[]> given = gradients();
        for (int i = 0; i < reference.size(); i++) {
            float[] difference = new float[reference.get(i).length];
            for (int j = 0; j < difference.length; j++) {
                difference[j] = given.get(i)[j] - reference.get(i)[j];
            }
            // Samples are added in float32 here, in bfloat16 (2^-8) there; biases before a norm have nothing but
            // rounding.
            assertThat(norm(difference)).isLessThan(0.02 * norm(reference.get(i)) + 2e-3);
        }
    }

    @Test
    void gradientsAddUpAndScale() {
        try (BatchGradient gradient = new BatchGradient(network, Device.cpu(), Precision.BF16, false)) {
            gradient.add(new Samples(image, target), MEAN, loss -> loss);
            List<float[]> once = gradients();
            UnaryOperator<Tensor> half = loss -> loss.mul(new Scalar(0.5));
            Tensor first = gradient.add(new Samples(image, target), MEAN, half);
            Tensor second = gradient.add(new Samples(image, target), MEAN, half);
            assertThat(first.item_float()).isEqualTo(second.item_float());
            List<float[]> halves = gradients();
            for (int i = 0; i < once.size(); i++) {
                assertThat(halves.get(i)).containsExactly(once.get(i), within(1e-7f));
            }
        }
    }

    @Test
    void theBitsAreTheSameEachTime() {
        List<float[]> first = null;
        for (int run = 0; run < 5; run++) {
            try (BatchGradient gradient = new BatchGradient(network, Device.cpu(), Precision.BF16, false)) {
                gradient.add(new Samples(image, target), MEAN, loss -> loss);
            }
            List<float[]> gradients = gradients();
            first = first == null ? gradients : first;
            for (int i = 0; i < first.size(); i++) {
                assertThat(gradients.get(i)).containsExactly(first.get(i));
            }
        }
    }

    @Test
    void aSampleThatFailsIsReportedAndTheNextBatchWorks() {
        try (BatchGradient gradient = new BatchGradient(network, Device.cpu(), Precision.BF16, false)) {
            Tensor odd = NetworkContractTest.image(2, 1, new Shape(7, 16, 8));
            assertThatThrownBy(() ->
                            gradient.add(new Samples(odd, target.narrow(0, 0, 2).narrow(1, 0, 7)), MEAN, loss -> loss))
                    .hasMessageContaining("Sizes of tensors must match");
            assertThat(gradient.add(new Samples(image, target), MEAN, loss -> loss)
                            .item_float())
                    .isFinite();
        }
    }

    @Test
    void theCallersThreadsStayAsTheyWere() {
        try (BatchGradient gradient = new BatchGradient(network, Device.cpu(), Precision.BF16, false)) {
            gradient.add(new Samples(image, target), MEAN, loss -> loss);
        }
        assertThat(Torch.threads()).isEqualTo(2);
    }

    /** Dice and cross-entropy of all heads, each with the target as coarse as its logits. */
    private static final BatchGradient.Objective ALL_HEADS = new BatchGradient.Objective() {
        @Override
        public Tensor of(List<Tensor> logitsNCDHW, Tensor targetNDHW) {
            Tensor sum = MEAN.of(logitsNCDHW, targetNDHW);
            for (int head = 1; head < logitsNCDHW.size(); head++) {
                Tensor coarse = targetNDHW;
                for (int axis = 1; axis < 4; axis++) {
                    coarse = coarse.slice(axis, new LongOptional(0), new LongOptional(), 1L << head);
                }
                sum = sum.add(Loss.diceCrossEntropy().of(logitsNCDHW.get(head), coarse));
            }
            return sum;
        }

        @Override
        public boolean isMeanOfSamples() {
            return true;
        }
    };

    static List<Arguments> everyNetworkInThreePrecisions() {
        List<Arguments> all = new ArrayList<>();
        for (String name : ModelSpec.names()) {
            for (Precision precision : List.of(Precision.FP64, Precision.FP32, Precision.BF16)) {
                all.add(Arguments.of(name, precision));
            }
        }
        return all;
    }

    /** Where features go three ways, as in residual and gated networks, their gradients are added in another order. */
    @ParameterizedTest
    @MethodSource("everyNetworkInThreePrecisions")
    void featuresComputedAgainGiveTheSameGradient(String name, Precision precision) {
        ModelSpec spec = ModelSpec.of(name, 1, 3, Topologies.cubes(4, 8, 12, 16));
        try (Network deep = spec.build(5, 2)) {
            deep.to(Device.cpu(), precision.parameterType());
            Tensor input = Tensors.to(
                    NetworkContractTest.image(SAMPLES, 1, Shape.cube(16)), Device.cpu(), precision.parameterType());
            Samples samples =
                    new Samples(input, input.squeeze(1).gt(new Scalar(0.3)).to(ScalarType.Long));
            List<Tensor> kept = gradient(deep, samples, precision, false);
            List<Tensor> again = gradient(deep, samples, precision, true);
            for (int i = 0; i < kept.size(); i++) {
                double difference = again.get(i).sub(kept.get(i)).norm().item_double();
                double norm = kept.get(i).norm().item_double();
                switch (name.equals("unet") ? Precision.TF32 : precision) {
                    case FP64 -> assertThat(difference).isLessThanOrEqualTo(1e-12 * norm + 1e-13);
                    case FP32 -> assertThat(difference).isLessThanOrEqualTo(1e-5 * norm + 1e-5);
                    case BF16 -> assertThat(difference).isLessThanOrEqualTo(0.02 * norm + 2e-3);
                    default -> assertThat(difference).as("U-Net, to the bit").isZero();
                }
            }
        }
    }

    /** One sample takes kernels of its own where there is no graph, in float32, in either layout. */
    @ParameterizedTest
    @EnumSource(names = {"CONTIGUOUS", "CHANNELS_LAST"})
    void featuresOfOneSampleAreComputedAgainToTheBit(Layout layout) {
        try (Network deep =
                ModelSpec.of("unet", 1, 3, Topologies.cubes(4, 8, 12, 16)).build(5, 2)) {
            deep.arrange(layout);
            Tensor input = NetworkContractTest.image(1, 1, Shape.cube(16));
            Samples samples =
                    new Samples(input, input.squeeze(1).gt(new Scalar(0.3)).to(ScalarType.Long));
            List<Tensor> kept = gradient(deep, samples, Precision.FP32, false);
            List<Tensor> again = gradient(deep, samples, Precision.FP32, true);
            for (int i = 0; i < kept.size(); i++) {
                assertThat(again.get(i).equal(kept.get(i))).isTrue();
            }
        }
    }

    private List<Tensor> gradient(Network deep, Samples samples, Precision precision, boolean recompute) {
        try (BatchGradient gradient = new BatchGradient(deep, Device.cpu(), precision, recompute)) {
            gradient.add(samples, ALL_HEADS, loss -> loss);
        }
        List<Tensor> gradients = deep.parameters().stream()
                .map(parameter -> parameter.grad().clone())
                .toList();
        Gradients.drop(deep.parameters());
        return gradients;
    }

    @ParameterizedTest
    @EnumSource(names = {"CONTIGUOUS", "CHANNELS_LAST"})
    void bothLayoutsGiveTheSameGradient(Layout layout) {
        Samples samples = new Samples(image, target);
        List<float[]> usual;
        try (BatchGradient gradient = new BatchGradient(network, Device.cpu(), Precision.FP32, false)) {
            gradient.add(samples, MEAN, loss -> loss);
            usual = gradients();
        }
        network.arrange(layout);
        try (BatchGradient gradient = new BatchGradient(network, Device.cpu(), Precision.FP32, false)) {
            gradient.add(samples, MEAN, loss -> loss);
        }
        List<float[]> given = gradients();
        for (int i = 0; i < usual.size(); i++) {
            assertThat(given.get(i)).containsExactly(usual.get(i), within(1e-4f));
        }
    }

    @Test
    void theGradientOfPartsIsThatOfTheWholeInDoublePrecision() {
        network.to(Device.cpu(), ScalarType.Double);
        Tensor doubles = image.to(ScalarType.Double);
        try (BatchGradient gradient = new BatchGradient(network, Device.cpu(), Precision.FP64, false)) {
            gradient.add(new Samples(doubles, target), MEAN, loss -> loss);
            List<float[]> whole = gradients();
            for (int part = 0; part < SAMPLES; part++) {
                Samples one = new Samples(doubles.narrow(0, part, 1), target.narrow(0, part, 1));
                gradient.add(one, MEAN, loss -> loss.mul(new Scalar(1.0 / SAMPLES)));
            }
            List<float[]> parts = gradients();
            for (int i = 0; i < whole.size(); i++) {
                float[] difference = new float[whole.get(i).length];
                for (int j = 0; j < difference.length; j++) {
                    difference[j] = parts.get(i)[j] - whole.get(i)[j];
                }
                assertThat(norm(difference)).isLessThanOrEqualTo(1e-6 * norm(whole.get(i)) + 1e-12);
            }
        }
    }

    @Test
    void anOddSampleIsComputedByAllThreads() {
        // Three samples on two threads: two side by side, and then one; each gradient is that of its sample.
        try (BatchGradient gradient = new BatchGradient(network, Device.cpu(), Precision.BF16, false)) {
            float mean = 0;
            for (int i = 0; i < SAMPLES; i++) {
                Samples one = new Samples(image.narrow(0, i, 1), target.narrow(0, i, 1));
                mean += gradient.add(one, MEAN, loss -> loss).item_float() / SAMPLES;
            }
            assertThat(gradient.add(new Samples(image, target), MEAN, loss -> loss)
                            .item_float())
                    .isCloseTo(mean, within(1e-3f));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Precision.class,
            names = {"FP32", "TF32", "BF16"})
    void samplesAreMadeSideBySideInEveryPrecision(Precision precision) {
        Set<String> threads = ConcurrentHashMap.newKeySet();
        Set<Integer> made = ConcurrentHashMap.newKeySet();
        BatchGradient.Source source = new BatchGradient.Source() {
            @Override
            public int samples() {
                return SAMPLES;
            }

            @Override
            public Batch all() {
                throw new AssertionError("one thread was asked for all samples");
            }

            @Override
            public Batch one(int sample) {
                threads.add(Thread.currentThread().getName());
                made.add(sample);
                return new Samples(image, target).one(sample);
            }
        };
        try (BatchGradient gradient = new BatchGradient(network, Device.cpu(), precision, false)) {
            float loss = gradient.add(source, MEAN, value -> value).item_float();
            List<float[]> given = gradients();
            assertThat(threads).hasSize(2).doesNotContain(Thread.currentThread().getName());
            assertThat(made).containsExactlyInAnyOrder(0, 1, 2);
            assertThat(gradient.add(new Samples(image, target), MEAN, value -> value)
                            .item_float())
                    .isEqualTo(loss);
            List<float[]> again = gradients();
            for (int i = 0; i < given.size(); i++) {
                assertThat(again.get(i)).containsExactly(given.get(i));
            }
            if (!precision.isReduced()) {
                assertThat(loss(network.forward(image)).item_float()).isEqualTo(loss);
            }
        }
    }
}
