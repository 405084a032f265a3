package org.unet4j.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link OptimizerTest} compares averages with PyTorch's. */
@ExtendWith(OneThread.class)
class WeightAverageTest {

    private static final float[] START = {1, -2, 3, 0.1f};

    private final Scope scope = new Scope();
    private final Tensor weight = Tensors.of(START, 2, 2).set_requires_grad(true);
    private final SortedMap<String, Tensor> parameters = new TreeMap<>();

    WeightAverageTest() {
        parameters.put("w", weight);
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private static float[] averages(WeightAverage average) {
        return Tensors.toFloats(average.state().get("average/w"));
    }

    private void set(double value) {
        weight.detach().fill_(new Scalar(value));
    }

    @Test
    void theAverageOfEqualWeightsIsTheWeights() {
        try (WeightAverage average = new WeightAverage(parameters, 0.99)) {
            for (int i = 0; i < 100; i++) {
                average.update();
            }
            assertThat(averages(average)).containsExactly(START);
        }
    }

    @Test
    void theFirstUpdatesForgetTheStart() {
        // TensorFlow's ExponentialMovingAverage(0.99, num_updates): 0 and then 5, 10, 10 gives 4.5, 9, 9.75.
        set(0);
        try (WeightAverage average = new WeightAverage(parameters, 0.99)) {
            float[] weights = {5, 10, 10};
            float[] expected = {4.5f, 9, 9.75f};
            for (int i = 0; i < weights.length; i++) {
                set(weights[i]);
                average.update();
                assertThat(averages(average)[0]).isCloseTo(expected[i], within(1e-6f));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.2, 0.5, 0.9, 0.999})
    void theAverageIsThatOfItsFormula(double decay) {
        double expected = 0;
        set(0);
        try (WeightAverage average = new WeightAverage(parameters, decay)) {
            for (int t = 0; t < 50; t++) {
                double d = Math.min(decay, (1.0 + t) / (10.0 + t));
                expected = d * expected + (1 - d) * Math.sin(t);
                set(Math.sin(t));
                average.update();
            }
            assertThat((double) averages(average)[3]).isCloseTo(expected, within(1e-6));
        }
    }

    @Test
    void exchangedTwiceAllIsAsItWas() {
        try (WeightAverage average = new WeightAverage(parameters, 0.9)) {
            weight.detach().mul_(new Scalar(1 / 3.0));
            average.update();
            float[] weights = Tensors.toFloats(weight);
            float[] averages = averages(average);
            assertThat(averages).isNotEqualTo(weights);
            Tensor shared = weight.detach();
            try (WeightAverage.Exchange exchange = average.exchange()) {
                assertThat(Tensors.toFloats(weight)).containsExactly(averages);
                assertThat(Tensors.toFloats(shared)).containsExactly(averages);
                exchange.close(); // and once more by the block
            }
            assertThat(Tensors.toFloats(weight)).containsExactly(weights);
            assertThat(Tensors.toFloats(shared)).containsExactly(weights);
            assertThat(averages(average)).containsExactly(averages);
            assertThat(weight.requires_grad()).isTrue();
        }
    }

    @Test
    void aStateThatIsLoadedGoesOnBitForBit() {
        try (WeightAverage average = new WeightAverage(parameters, 0.5)) {
            set(7);
            average.update();
            average.update();
            try (WeightAverage resumed = new WeightAverage(parameters, 0.5)) {
                resumed.load(average.state());
                set(0.1);
                average.update();
                resumed.update();
                assertThat(averages(resumed)).containsExactly(averages(average));
                assertThat(resumed.state().get("updates").item_long()).isEqualTo(3);
            }
        }
    }

    @Test
    void anAverageInUseIsNeitherUpdatedNorSaved() {
        try (WeightAverage average = new WeightAverage(parameters, 0.5);
                WeightAverage.Exchange exchange = average.exchange()) {
            assertThatThrownBy(average::update)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("a weight average cannot be updated while it stands in for the weights:"
                            + " close the exchange before");
            assertThatThrownBy(average::state).hasMessageContaining("cannot be saved");
            assertThatThrownBy(average::exchange).hasMessageContaining("cannot be exchanged");
            assertThat(exchange).isNotNull();
        }
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> new WeightAverage(parameters, 1))
                .hasMessage("the decay 1.0 of a weight average must be above 0 and below 1");
        assertThatThrownBy(() -> new WeightAverage(parameters, 0)).hasMessageContaining("0.0");
        try (WeightAverage average = new WeightAverage(parameters, 0.5)) {
            SortedMap<String, Tensor> less = new TreeMap<>(average.state());
            less.remove("updates");
            assertThatThrownBy(() -> average.load(less))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("of other parameters: tensor 'updates' is missing");
        }
    }
}
