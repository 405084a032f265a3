package org.unet4j.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.unet4j.Golden;
import org.unet4j.io.Yaml;
import tools.jackson.databind.JsonNode;

/** What holds for every optimizer. A kernel "a" is decayed, a bias "b" is not. */
@ExtendWith(OneThread.class)
class OptimizerTest {

    private static final float[] START = {1, -2, 3, 0.5f, -0.25f, 4};
    private static final double DECAY = 0.05;

    /** Float32 rounds each of a dozen operations of each step by 6e-8 of numbers up to 5. */
    private static final double ROUNDING = 2e-5;

    private final Scope scope = new Scope();
    private final SortedMap<String, Tensor> parameters = start(ScalarType.Float);

    /** The members, as golden/optimizers.py calls them. */
    enum Member {
        ADAM,
        ADAMW,
        NESTEROV,
        MOMENTUM,
        PLAIN;

        Descent over(SortedMap<String, Tensor> parameters) {
            Optimizer optimizer = switch (this) {
                case ADAM -> new Adam(0.8, 0.95, 1e-4, DECAY);
                case ADAMW -> new AdamW(0.8, 0.95, 1e-4, DECAY);
                case NESTEROV -> new Sgd(0.9, true, DECAY);
                case MOMENTUM -> new Sgd(0.9, false, DECAY);
                case PLAIN -> new Sgd(0, false, DECAY);
            };
            return optimizer.over(parameters);
        }

        /** Changes {@code p} by step {@code t} of the papers, in double; {@code m} and {@code v} begin at 0. */
        void reference(double[] p, double[] m, double[] v, int t, double rate, double decay) {
            for (int i = 0; i < p.length; i++) {
                double g = p[i] - 0.3 * t;
                if (this == ADAMW) {
                    p[i] -= rate * decay * p[i];
                } else {
                    g += decay * p[i];
                }
                if (this == ADAM || this == ADAMW) {
                    m[i] = 0.8 * m[i] + 0.2 * g;
                    v[i] = 0.95 * v[i] + 0.05 * g * g;
                    double root = Math.sqrt(v[i] / (1 - Math.pow(0.95, t)));
                    p[i] -= rate * (m[i] / (1 - Math.pow(0.8, t))) / (root + 1e-4);
                } else {
                    m[i] = 0.9 * m[i] + g;
                    p[i] -= rate * (this == NESTEROV ? g + 0.9 * m[i] : this == MOMENTUM ? m[i] : g);
                }
            }
        }
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private static SortedMap<String, Tensor> start(ScalarType type) {
        SortedMap<String, Tensor> start = new TreeMap<>();
        start.put("a", Tensors.of(START, 2, 3).to(type).set_requires_grad(true));
        start.put("b", Tensors.of(new float[] {0.1f}, 1).to(type).set_requires_grad(true));
        return start;
    }

    /** Gives every parameter p the gradient p - 0.3 t. */
    private static void gradients(SortedMap<String, Tensor> of, int t) {
        of.values().forEach(p -> p.mutable_grad().put(p.detach().sub(new Scalar(0.3 * t))));
    }

    /** Takes steps {@code from} to {@code to}, at learning rates of a hundredth of their number. */
    private static void steps(Descent descent, SortedMap<String, Tensor> of, int from, int to) {
        for (int t = from; t <= to; t++) {
            gradients(of, t);
            descent.step(0.01 * t);
        }
    }

    private static double[] doubles(Tensor tensor) {
        double[] values = new double[Math.toIntExact(tensor.numel())];
        Arrays.setAll(values, i -> tensor.detach().flatten().get(i).item_double());
        return values;
    }

    private static SortedMap<String, float[]> floats(SortedMap<String, Tensor> tensors) {
        SortedMap<String, float[]> floats = new TreeMap<>();
        tensors.forEach((name, tensor) -> floats.put(name, Tensors.toFloats(tensor)));
        return floats;
    }

    private static void assertEqualBits(SortedMap<String, float[]> given, SortedMap<String, float[]> expected) {
        assertThat(given.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, values) -> assertThat(given.get(name)).as(name).containsExactly(values));
    }

    private static void assertFollowsThePapers(
            Member member, SortedMap<String, Tensor> of, int count, double tolerance) {
        SortedMap<String, double[]> expected = new TreeMap<>();
        of.forEach((name, p) -> expected.put(name, doubles(p)));
        try (Descent descent = member.over(of)) {
            steps(descent, of, 1, count);
        }
        expected.forEach((name, p) -> {
            double[] m = new double[p.length];
            double[] v = new double[p.length];
            for (int t = 1; t <= count; t++) {
                member.reference(p, m, v, t, 0.01 * t, name.equals("a") ? DECAY : 0);
            }
            assertThat(doubles(of.get(name))).as(name).containsExactly(p, within(tolerance));
        });
    }

    @ParameterizedTest
    @EnumSource
    void stepsAreThoseOfThePapers(Member member) {
        assertFollowsThePapers(member, parameters, 8, ROUNDING);
    }

    @ParameterizedTest
    @EnumSource
    void doubleParametersAreSteppedInDouble(Member member) {
        SortedMap<String, Tensor> exact = start(ScalarType.Double);
        assertFollowsThePapers(member, exact, 8, 1e-12);
        try (Descent descent = member.over(exact)) {
            descent.state()
                    .forEach((name, tensor) -> assertThat(tensor.scalar_type().intern())
                            .as(name)
                            .isEqualTo(name.startsWith("step/") ? ScalarType.Float : ScalarType.Double));
        }
    }

    @ParameterizedTest
    @EnumSource
    void stepsAreThoseOfPyTorch(Member member) {
        try (Descent descent = member.over(parameters);
                WeightAverage average = new WeightAverage(parameters, 0.3)) {
            for (int t = 1; t <= 5; t++) {
                steps(descent, parameters, t, t);
                average.update();
            }
            JsonNode golden = Golden.json("optimizers.json").get(member.name().toLowerCase(Locale.ROOT));
            assertGolden(golden.get("weights"), parameters.get("a"), parameters.get("b"));
            assertGolden(
                    golden.get("average"),
                    average.state().get("average/a"),
                    average.state().get("average/b"));
        }
    }

    private static void assertGolden(JsonNode expected, Tensor a, Tensor b) {
        double[] given = Stream.of(a, b)
                .flatMapToDouble(tensor -> Arrays.stream(doubles(tensor)))
                .toArray();
        assertThat(expected.size()).isEqualTo(given.length);
        for (int i = 0; i < given.length; i++) {
            // The same kernel; another processor may fuse a product and a sum.
            assertThat(given[i]).isCloseTo(expected.get(i).asDouble(), within(1e-6));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStateThatIsLoadedGoesOnBitForBit(Member member) {
        try (Descent descent = member.over(parameters)) {
            steps(descent, parameters, 1, 5);
            SortedMap<String, Tensor> copies = new TreeMap<>();
            parameters.forEach((name, p) -> copies.put(name, p.detach().clone().set_requires_grad(true)));
            SortedMap<String, Tensor> state = new TreeMap<>();
            descent.state().forEach((name, tensor) -> state.put(name, tensor.clone()));
            steps(descent, parameters, 6, 9);
            try (Descent resumed = member.over(copies)) {
                resumed.load(state);
                steps(resumed, copies, 6, 9);
                assertEqualBits(floats(copies), floats(parameters));
                assertEqualBits(floats(resumed.state()), floats(descent.state()));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theStateFollowsTheParametersLayout(Member member) {
        float[] values = new float[2 * 3 * 8];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(i);
        }
        Tensor usual = Tensors.of(values, 2, 3, 2, 2, 2).set_requires_grad(true);
        Tensor innermost = Tensors.of(values, 2, 3, 2, 2, 2)
                .contiguous(MemoryFormat.ChannelsLast3d)
                .set_requires_grad(true);
        SortedMap<String, Tensor> both = new TreeMap<>(Map.of("usual", usual, "innermost", innermost));
        try (Descent descent = member.over(both)) {
            steps(descent, both, 1, 3);
            assertThat(Tensors.toFloats(innermost)).containsExactly(Tensors.toFloats(usual));
            SortedMap<String, float[]> state = floats(descent.state());
            state.forEach((name, remembered) ->
                    assertThat(remembered).as(name).containsExactly(state.get(name.replaceAll("/.*", "/usual"))));
        }
    }

    @ParameterizedTest
    @EnumSource
    void parametersWithoutGradientStayAndBeginLater(Member member) {
        double[] late = doubles(parameters.get("b"));
        try (Descent descent = member.over(parameters)) {
            gradients(new TreeMap<>(Map.of("a", parameters.get("a"))), 1);
            descent.step(0.1);
            assertThat(doubles(parameters.get("b"))).containsExactly(late);
            assertThat(doubles(parameters.get("a"))[0]).isNotEqualTo(1);
            gradients(parameters, 1);
            descent.step(0.1);
        }
        member.reference(late, new double[1], new double[1], 1, 0.1, 0);
        assertThat(doubles(parameters.get("b"))).containsExactly(late, within(ROUNDING));
    }

    @ParameterizedTest
    @EnumSource
    void decayPullsKernelsAndLeavesVectorsAlone(Member member) {
        try (Descent descent = member.over(parameters)) {
            parameters.values().forEach(p -> p.mutable_grad().put(p.detach().mul(new Scalar(0))));
            descent.step(0.1);
        }
        float[] kernel = Tensors.toFloats(parameters.get("a"));
        for (int i = 0; i < START.length; i++) {
            assertThat(Math.abs(kernel[i])).isLessThan(Math.abs(START[i]));
        }
        assertThat(Tensors.toFloats(parameters.get("b"))).containsExactly(0.1f);
    }

    @ParameterizedTest
    @EnumSource
    void aStepThatIsSkippedChangesNothing(Member member) {
        SortedMap<String, Tensor> others = start(ScalarType.Float);
        try (Descent descent = member.over(parameters);
                Descent plain = member.over(others)) {
            steps(descent, parameters, 1, 2);
            steps(plain, others, 1, 2);
            parameters.values().forEach(p -> p.grad().fill_(new Scalar(Double.NaN)));
            descent.step(0.1, Tensors.of(new float[] {1}));
            gradients(parameters, 3);
            descent.step(0.03, Tensors.of(new float[] {0}));
            steps(plain, others, 3, 3);
            assertEqualBits(floats(parameters), floats(others));
            assertEqualBits(floats(descent.state()), floats(plain.state()));
        }
    }

    static Stream<Optimizer> presets() {
        return Stream.of(Optimizer.adam(), Optimizer.adamW(0.01), Optimizer.sgd());
    }

    @ParameterizedTest
    @MethodSource("presets")
    void yamlGivesTheOptimizerBack(Optimizer optimizer, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("optimizer.yaml");
        Yaml.write(file, optimizer);
        assertThat(Files.readString(file))
                .contains("type: " + optimizer.getClass().getSimpleName().toLowerCase(Locale.ROOT) + "\n");
        assertThat(Yaml.read(file, Optimizer.class)).isEqualTo(optimizer);
    }

    @Test
    void withoutDecayAdamWIsAdam() {
        SortedMap<String, Tensor> others = start(ScalarType.Float);
        try (Descent adam = Optimizer.adam().over(parameters);
                Descent decoupled = Optimizer.adamW(0).over(others)) {
            steps(adam, parameters, 1, 5);
            steps(decoupled, others, 1, 5);
        }
        assertEqualBits(floats(others), floats(parameters));
    }

    @Test
    void theStateHasPyTorchsNames() {
        try (Descent adam = Optimizer.adam().over(parameters);
                Descent sgd = Optimizer.sgd().over(parameters)) {
            assertThat(adam.state().keySet())
                    .containsExactly("exp_avg/a", "exp_avg/b", "exp_avg_sq/a", "exp_avg_sq/b", "step/a", "step/b");
            assertThat(sgd.state().keySet()).containsExactly("momentum_buffer/a", "momentum_buffer/b");
        }
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> Optimizer.adamW(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("adamw: weightDecay -1.0 must be at least 0 and finite; 0 is none");
        assertThatThrownBy(() -> new Adam(0.9, 0.999, 1e-8, Double.NaN)).hasMessageContaining("adam: weightDecay NaN");
        assertThatThrownBy(() -> new Adam(1, 0.999, 1e-8, 0)).hasMessage("adam: beta1 1.0 must be in [0, 1)");
        assertThatThrownBy(() -> new AdamW(0.9, -0.1, 1e-8, 0)).hasMessage("adamw: beta2 -0.1 must be in [0, 1)");
        assertThatThrownBy(() -> new Adam(0.9, 0.999, 0, 0))
                .hasMessage("adam: epsilon 0.0 must be above 0 and finite; 1e-8 is usual");
        assertThatThrownBy(() -> new Sgd(1, false, 0)).hasMessageContaining("sgd: momentum 1.0 must be in [0, 1)");
        assertThatThrownBy(() -> new Sgd(0, true, 0)).hasMessageContaining("nesterov needs a momentum above 0");
        assertThatThrownBy(() -> new Sgd(0.9, true, -1)).hasMessageContaining("sgd: weightDecay -1.0");
    }

    @Test
    void aLearningRateThatIsNoneIsRefusedBeforeItSpoilsTheWeights() {
        gradients(parameters, 1);
        try (Descent descent = Optimizer.adam().over(parameters)) {
            assertThatThrownBy(() -> descent.step(Double.NaN))
                    .hasMessage("learningRate NaN must be at least 0 and finite");
            assertThat(Tensors.toFloats(parameters.get("a"))).containsExactly(START);
        }
    }

    @Test
    void theStateOfOthersIsRefused() {
        try (Descent adam = Optimizer.adam().over(parameters);
                Descent sgd = Optimizer.sgd().over(parameters)) {
            SortedMap<String, Tensor> less = new TreeMap<>(adam.state());
            less.remove("step/b");
            assertThatThrownBy(() -> adam.load(less)).hasMessageContaining("'step/b' is missing");
            SortedMap<String, Tensor> other = new TreeMap<>(adam.state());
            other.put("exp_avg/a", Tensors.of(new float[6], 6));
            assertThatThrownBy(() -> adam.load(other))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'exp_avg/a' is [6]");
            assertThatThrownBy(() -> sgd.load(adam.state()))
                    .hasMessageContaining("another optimizer")
                    .hasMessageContaining("'exp_avg/a'");
        }
    }
}
