package org.unet4j.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdamTest {

    private static final float[] START = {1, -2, 3, 0.5f, -0.25f, 4};

    private final Scope scope = new Scope();
    private final SortedMap<String, Tensor> parameters = new TreeMap<>();

    AdamTest() {
        parameters.put("a", leaf(START, 2, 3));
        parameters.put("b", leaf(new float[] {0.1f}, 1));
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private static Tensor leaf(float[] values, long... shape) {
        return Tensors.of(values, shape).set_requires_grad(true);
    }

    /** Gives every parameter p the gradient p^2 - 0.3 * step. */
    private void gradients(SortedMap<String, Tensor> of, int step) {
        of.values().forEach(p -> p.mutable_grad().put(p.detach().mul(p.detach()).sub(new Scalar(0.3 * step))));
    }

    private static void reference(double[] p, double[] m, double[] v, int t, double lr, double decay) {
        for (int i = 0; i < p.length; i++) {
            double g = p[i] * p[i] - 0.3 * t;
            p[i] -= lr * decay * p[i];
            m[i] = 0.9 * m[i] + 0.1 * g;
            v[i] = 0.999 * v[i] + 0.001 * g * g;
            p[i] -= lr * (m[i] / (1 - Math.pow(0.9, t))) / (Math.sqrt(v[i] / (1 - Math.pow(0.999, t))) + 1e-8);
        }
    }

    @Test
    void stepsAreThoseOfThePapers() {
        double[] p = new double[START.length];
        Arrays.setAll(p, i -> START[i]);
        double[] m = new double[p.length];
        double[] v = new double[p.length];
        try (Adam adam = new Adam(parameters, 0.05)) {
            for (int t = 1; t <= 20; t++) {
                gradients(parameters, t);
                adam.step(0.01 * t);
                reference(p, m, v, t, 0.01 * t, 0.05);
            }
        }
        float[] values = Tensors.toFloats(parameters.get("a"));
        for (int i = 0; i < p.length; i++) {
            assertThat((double) values[i]).isCloseTo(p[i], within(2e-5));
        }
    }

    @Test
    void aStateThatIsLoadedGoesOnBitForBit() {
        try (Adam adam = new Adam(parameters, 0)) {
            steps(adam, parameters, 1, 5);
            SortedMap<String, Tensor> copies = new TreeMap<>();
            parameters.forEach((name, p) -> copies.put(name, p.detach().clone().set_requires_grad(true)));
            SortedMap<String, Tensor> state = new TreeMap<>();
            adam.state().forEach((name, tensor) -> state.put(name, tensor.clone()));
            steps(adam, parameters, 6, 9);
            try (Adam resumed = new Adam(copies, 0)) {
                resumed.load(state);
                steps(resumed, copies, 6, 9);
            }
            parameters.forEach(
                    (name, p) -> assertThat(Tensors.toFloats(copies.get(name))).containsExactly(Tensors.toFloats(p)));
        }
    }

    private void steps(Adam adam, SortedMap<String, Tensor> of, int from, int to) {
        for (int t = from; t <= to; t++) {
            gradients(of, t);
            adam.step(0.01);
        }
    }

    @Test
    void theStateFollowsTheParametersLayout() {
        float[] values = new float[2 * 3 * 8];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(i);
        }
        Tensor usual = leaf(values, 2, 3, 2, 2, 2);
        Tensor innermost = Tensors.of(values, 2, 3, 2, 2, 2)
                .contiguous(MemoryFormat.ChannelsLast3d)
                .set_requires_grad(true);
        SortedMap<String, Tensor> both = new TreeMap<>(Map.of("usual", usual, "innermost", innermost));
        try (Adam adam = new Adam(both, 0)) {
            steps(adam, both, 1, 3);
            assertThat(Tensors.toFloats(innermost)).containsExactly(Tensors.toFloats(usual));
            assertThat(Tensors.toFloats(adam.state().get("exp_avg/innermost")))
                    .containsExactly(Tensors.toFloats(adam.state().get("exp_avg/usual")));
        }
    }

    @Test
    void parametersWithoutGradientStay() {
        try (Adam adam = new Adam(parameters, 0)) {
            parameters.get("a").mutable_grad().put(Tensors.of(START, 2, 3));
            adam.step(0.1);
            assertThat(Tensors.toFloats(parameters.get("b"))).containsExactly(0.1f);
            assertThat(Tensors.toFloats(parameters.get("a"))[0]).isCloseTo(0.9f, within(1e-5f));
        }
    }

    @Test
    void gradientsAreClippedToOneNormTogether() {
        parameters.get("a").mutable_grad().put(Tensors.of(new float[] {3, 0, 0, 0, 0, 0}, 2, 3));
        parameters.get("b").mutable_grad().put(Tensors.of(new float[] {4}, 1));
        try (Adam adam = new Adam(parameters, 0)) {
            assertThat(adam.clipGradients(10)).isEqualTo(5);
            assertThat(Tensors.toFloats(parameters.get("b").grad())).containsExactly(4);
            assertThat(adam.clipGradients(1)).isEqualTo(5);
            assertThat(Tensors.toFloats(parameters.get("a").grad())[0]).isCloseTo(0.6f, within(1e-6f));
            assertThat(Tensors.toFloats(parameters.get("b").grad())[0]).isCloseTo(0.8f, within(1e-6f));
            parameters.get("b").grad().fill_(new Scalar(Float.NaN));
            assertThat(adam.clipGradients(1)).isNaN();
        }
    }

    @Test
    void zeroedGradientsAreGone() {
        gradients(parameters, 1);
        try (Adam adam = new Adam(parameters, 0)) {
            adam.zeroGradients();
            assertThat(parameters.get("a").grad().defined()).isFalse();
            assertThat(adam.clipGradients(1)).isZero();
        }
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> new Adam(parameters, -1)).hasMessage("weightDecay -1.0 must be at least 0");
        try (Adam adam = new Adam(parameters, 0)) {
            assertThatThrownBy(() -> adam.clipGradients(0)).hasMessageContaining("must be above 0");
            SortedMap<String, Tensor> less = new TreeMap<>(adam.state());
            less.remove("step/b");
            assertThatThrownBy(() -> adam.load(less)).hasMessageContaining("'step/b'");
            SortedMap<String, Tensor> other = new TreeMap<>(adam.state());
            other.put("exp_avg/a", Tensors.of(new float[6], 6));
            assertThatThrownBy(() -> adam.load(other)).hasMessageContaining("'exp_avg/a' is [6]");
        }
    }
}
