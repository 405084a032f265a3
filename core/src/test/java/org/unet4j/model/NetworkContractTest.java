package org.unet4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unet4j.Golden;
import org.unet4j.loss.Loss;
import org.unet4j.prep.Topology;
import org.unet4j.torch.Autocast;
import org.unet4j.torch.Descent;
import org.unet4j.torch.Device;
import org.unet4j.torch.Gradients;
import org.unet4j.torch.Optimizer;
import org.unet4j.torch.Precision;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.torch.Torch;
import org.unet4j.volume.Shape;
import tools.jackson.databind.JsonNode;

/** What every network must do. A new one is covered by being named in {@link ModelSpec#names}. */
class NetworkContractTest {

    /** float32 through a dozen convolutions, summed in another order. */
    private static final double LOGITS_TOLERANCE = 1e-5;

    /** As above, but for logits of size 10. */
    private static final float FLOAT32_TOLERANCE = 1e-4f;

    private Scope scope;

    @BeforeAll
    static void start() {
        // One thread: threads of one operation wait for each other by spinning, which takes long where others compute
        // too.
        Torch.start(1, true);
    }

    @BeforeEach
    void open() {
        scope = new Scope();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    static Stream<ModelSpec> specs() {
        return ModelSpec.names().stream()
                .flatMap(name -> Stream.of(
                        ModelSpec.of(name, 1, 3, Topologies.cubes(8, 16, 32)),
                        ModelSpec.of(name, 2, 2, Topologies.slices())));
    }

    static Stream<JsonNode> golden() {
        return Golden.json("networks.json").path("cases").valueStream();
    }

    /** sin(.3 z + .3) cos(.2 y) + .1 z sin(.25 x) - .05 x y, as in golden/networks.py. */
    static Tensor image(int samples, int channels, Shape shape) {
        float[] voxels = new float[samples * channels * shape.arrayLength()];
        int at = 0;
        for (int n = 0; n < samples; n++) {
            for (int c = 0; c < channels; c++) {
                for (int z = 0; z < shape.z(); z++) {
                    for (int y = 0; y < shape.y(); y++) {
                        for (int x = 0; x < shape.x(); x++) {
                            double base =
                                    Math.sin(.3 * z + .3) * Math.cos(.2 * y) + .1 * z * Math.sin(.25 * x) - .05 * x * y;
                            voxels[at++] = (float) (base + .1 * n + .05 * c);
                        }
                    }
                }
            }
        }
        return Tensors.of(voxels, samples, channels, shape.z(), shape.y(), shape.x());
    }

    /** Sets number i of the j-th of {@code parameters} to sin(0.37 i + j) / sqrt(numbers in p[0]). */
    static void fill(List<Tensor> parameters) {
        for (int j = 0; j < parameters.size(); j++) {
            Tensor parameter = parameters.get(j);
            float[] values = new float[Math.toIntExact(parameter.numel())];
            double fan = (double) parameter.numel() / parameter.size(0);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (Math.sin(0.37 * i + j) / Math.sqrt(fan));
            }
            parameter.detach().copy_(Tensors.of(values, Tensors.shape(parameter)));
        }
    }

    private static List<Shape> shapes(JsonNode node) {
        List<Shape> shapes = new ArrayList<>();
        node.forEach(size -> shapes.add(
                new Shape(size.get(0).asInt(), size.get(1).asInt(), size.get(2).asInt())));
        return shapes;
    }

    @ParameterizedTest
    @MethodSource("golden")
    void logitsAndGradientsEqualPyTorchs(JsonNode expected) {
        List<Integer> features = new ArrayList<>();
        expected.path("features").forEach(f -> features.add(f.asInt()));
        ModelSpec spec = ModelSpec.of(
                expected.path("model").asString(),
                expected.path("channels").asInt(),
                expected.path("classes").asInt(),
                new Topology(shapes(expected.path("strides")), shapes(expected.path("kernels")), features));
        JsonNode size = expected.path("shape");
        Shape shape =
                new Shape(size.get(1).asInt(), size.get(2).asInt(), size.get(3).asInt());
        try (Network network = spec.build(1)) {
            assertThat(network.parameterCount())
                    .isEqualTo(expected.path("parameters").asLong());
            fill(network.parameters());
            Tensor logits = network.forward(image(size.get(0).asInt(), spec.channels(), shape));
            float[] values = Tensors.toFloats(logits);
            double[] some = Golden.numbers(expected.path("logits"));
            int step = expected.path("step").asInt();
            for (int i = 0; i < some.length; i++) {
                assertThat((double) values[i * step]).isCloseTo(some[i], within(LOGITS_TOLERANCE));
            }
            float[] weights = new float[values.length];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = (float) Math.sin(i * 0.1);
            }
            logits.mul(Tensors.of(weights, Tensors.shape(logits))).mean().backward();
            double[] norms = Golden.numbers(expected.path("gradientNorms"));
            for (int j = 0; j < norms.length; j++) {
                double norm = 0;
                for (float g : Tensors.toFloats(network.parameters().get(j).grad())) {
                    norm += (double) g * g;
                }
                assertThat(Math.sqrt(norm)).isCloseTo(norms[j], within(1e-5 + 1e-4 * norms[j]));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void everyParameterGetsAFiniteGradientInEveryPrecision(ModelSpec spec) {
        Shape shape = new Shape(4, 16, 8);
        for (Precision precision : Precision.values()) {
            try (Network network = spec.build(3)) {
                network.to(Device.cpu(), precision.parameterType());
                Tensor image = Tensors.to(image(2, spec.channels(), shape), Device.cpu(), precision.parameterType());
                Tensor logits;
                try (Autocast autocast = precision.autocast(Device.cpu())) {
                    logits = network.forward(image);
                }
                assertThat(Tensors.shape(logits)).containsExactly(2, spec.classes(), 4, 16, 8);
                assertThat(logits.scalar_type().intern()).isEqualTo(precision.scalarType());
                Tensor target = Tensors.zeros(new long[] {2, 4, 16, 8}, ScalarType.Long, Device.cpu());
                target.narrow(1, 1, 2).fill_(new Scalar(1));
                Loss.diceCrossEntropy().of(logits, target).backward();
                network.state().forEach((name, parameter) -> {
                    assertThat(parameter.grad().defined()).as(name).isTrue();
                    for (float g : Tensors.toFloats(parameter.grad())) {
                        assertThat(g).as(name).isFinite();
                    }
                });
            }
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void aSampleIsTheSameAloneAndInABatch(ModelSpec spec) {
        Shape shape = new Shape(4, 16, 8);
        try (Network network = spec.build(3);
                NoGradGuard noGradients = new NoGradGuard()) {
            Tensor batch = image(3, spec.channels(), shape);
            float[] together = Tensors.toFloats(network.forward(batch).narrow(0, 1, 1));
            float[] alone = Tensors.toFloats(network.forward(batch.narrow(0, 1, 1)));
            assertThat(together).containsExactly(alone, within(FLOAT32_TOLERANCE));
            try (Autocast autocast = Precision.BF16.autocast(Device.cpu())) {
                float[] halfTogether = Tensors.toFloats(network.forward(batch).narrow(0, 1, 1));
                assertThat(halfTogether).containsExactly(Tensors.toFloats(network.forward(batch.narrow(0, 1, 1))));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void theSeedAloneDecidesTheWeights(ModelSpec spec) {
        try (Network one = spec.build(5);
                Network same = spec.build(5);
                Network other = spec.build(6)) {
            one.state().forEach((name, parameter) -> {
                float[] values = Tensors.toFloats(parameter);
                assertThat(Tensors.toFloats(same.state().get(name))).as(name).containsExactly(values);
                if (parameter.dim() == 5) {
                    assertThat(Tensors.toFloats(other.state().get(name)))
                            .as(name)
                            .isNotEqualTo(values);
                }
            });
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void kernelsStartWithTheDeviationOfHe(ModelSpec spec) {
        try (Network network = spec.build(5)) {
            network.state().forEach((name, kernel) -> {
                if (kernel.dim() == 5 && kernel.numel() > 500) {
                    double squares = 0;
                    for (float w : Tensors.toFloats(kernel)) {
                        squares += (double) w * w;
                    }
                    double fan = (double) kernel.numel() / kernel.size(0);
                    double expected = Math.sqrt(2 / (1.0001 * fan));
                    // The deviation of n draws is off by 1 / sqrt(2 n): at most 3.2 % here; four times that.
                    assertThat(Math.sqrt(squares / kernel.numel()))
                            .as(name)
                            .isCloseTo(expected, within(0.13 * expected));
                }
            });
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void aSavedNetworkComesBackBitForBit(ModelSpec spec, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("last.safetensors");
        Path yaml = folder.resolve("model.yaml");
        Tensor image = image(1, spec.channels(), new Shape(4, 16, 8));
        try (Network network = spec.build(9)) {
            ModelFile.save(file, network, spec);
            ModelFile.writeSpec(yaml, spec);
            assertThat(ModelFile.readSpec(yaml)).isEqualTo(spec);
            assertThat(ModelFile.spec(file)).isEqualTo(spec);
            try (Network loaded = ModelFile.load(file);
                    Network given = ModelFile.load(file, spec)) {
                float[] logits = Tensors.toFloats(network.forward(image));
                assertThat(Tensors.toFloats(loaded.forward(image))).containsExactly(logits);
                assertThat(Tensors.toFloats(given.forward(image))).containsExactly(logits);
            }
        }
        assertThat(Files.size(file)).isPositive();
    }

    @ParameterizedTest
    @MethodSource("names")
    void twentyStepsAreTheSameBitsEachTime(String name) {
        ModelSpec spec = ModelSpec.of(name, 1, 2, Topologies.cubes(8, 16));
        Torch.start(2, true);
        for (Precision precision : List.of(Precision.FP32, Precision.BF16)) {
            List<float[]> first = train(spec, precision, 20);
            List<float[]> second = train(spec, precision, 20);
            for (int i = 0; i < first.size(); i++) {
                assertThat(second.get(i)).containsExactly(first.get(i));
            }
        }
        Torch.start(1, true);
    }

    static Stream<String> names() {
        return ModelSpec.names().stream();
    }

    /** Returns the weights after {@code steps} steps on two threads. */
    private static List<float[]> train(ModelSpec spec, Precision precision, int steps) {
        try (Network network = spec.build(4);
                Descent descent = Optimizer.adamW(1e-4).over(network.state());
                BatchGradient gradient = new BatchGradient(network, Device.cpu(), precision, false)) {
            for (int step = 0; step < steps; step++) {
                try (Scope scope = new Scope()) {
                    Tensor image = image(2, spec.channels(), new Shape(8, 16, 16));
                    Tensor target = image.squeeze(1).gt(new Scalar(0.3)).to(ScalarType.Long);
                    gradient.add(new BatchGradientTest.Samples(image, target), BatchGradientTest.MEAN, loss -> loss);
                    Gradients.clip(network.parameters(), 12);
                    descent.step(1e-3);
                    Gradients.drop(network.parameters());
                }
            }
            return network.parameters().stream().map(Tensors::toFloats).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void theStateOfAnotherNetworkIsRefused(ModelSpec spec) {
        try (Network network = spec.build(1)) {
            SortedMap<String, Tensor> wider = new TreeMap<>(network.state());
            wider.put("head.bias", Tensors.of(new float[7], 7));
            assertThatThrownBy(() -> network.load(wider))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the state is of another network: tensor 'head.bias' is [7], expected ["
                            + spec.classes() + "]");
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void parametersAsUsedFollowTheForwardPass(ModelSpec spec) {
        try (Network network = spec.build(1, 1)) {
            IdentityHashMap<Tensor, String> called = new IdentityHashMap<>();
            network.state().forEach((name, parameter) -> called.put(parameter, name));
            List<String> names =
                    network.parametersAsUsed().stream().map(called::get).toList();
            assertThat(names)
                    .containsExactlyInAnyOrderElementsOf(network.state().keySet());
            List<String> parts = names.stream()
                    .map(name -> name.replaceFirst("^([a-z]+(\\.[0-9]+)?)\\..*", "$1"))
                    .distinct()
                    .filter(part -> !part.startsWith("gate"))
                    .toList();
            List<String> expected = new ArrayList<>(List.of("auxiliary.1"));
            int coarsest = spec.topology().stages() - 1;
            for (int stage = 0; stage <= coarsest; stage++) {
                expected.add("encoder." + stage);
            }
            for (int stage = coarsest - 1; stage >= 0; stage--) {
                expected.addAll(List.of("up." + stage, "decoder." + stage));
            }
            expected.add("head");
            assertThat(parts).isEqualTo(expected);
        }
    }
}
