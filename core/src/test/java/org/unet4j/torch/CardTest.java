package org.unet4j.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.bytedeco.pytorch.global.torch_cuda;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unet4j.Card;

/** What only a card does, or does by kernels of its own. */
@Tag("gpu")
class CardTest {

    private Device card;
    private Scope scope;

    @BeforeEach
    void open() {
        card = Card.required();
        Torch.start(1, true);
        scope = new Scope();
    }

    @AfterEach
    void close() {
        if (scope != null) {
            scope.close();
        }
    }

    @Test
    void theCardHeldWhatATensorTakes() {
        PeakMemory.start(card); // wakes the allocator
        torch_cuda.getDeviceAllocator(DeviceType.CUDA).emptyCache();
        PeakMemory memory = PeakMemory.start(card);
        long before = memory.deviceBytes().orElseThrow();
        long bytes = 512L << 20;
        Tensor held = Tensors.empty(new long[] {bytes}, ScalarType.Byte, card, false);
        assertThat(held.numel()).isEqualTo(bytes);
        assertThat(memory.deviceBytes().orElseThrow() - before).isBetween(bytes, bytes + (32L << 20));
    }

    @Test
    void theCardHasAName() {
        assertThat(card.describe()).matches("CUDA 0, .+, driver [\\d.]+");
    }

    /** Memory is filled anew as soon as it was copied, and copies are closed before the card has used them. */
    @Test
    void aSideStreamDeliversEveryBatch() {
        int length = 1 << 22;
        Tensor pinned = Tensors.empty(new long[] {length}, ScalarType.Float, Device.cpu(), true);
        FloatBuffer memory = Tensors.floatBuffer(pinned);
        List<Tensor> sums = new ArrayList<>();
        try (SideStream beside = new SideStream(card)) {
            for (int round = 0; round < 12; round++) {
                for (int i = 0; i < length; i++) {
                    memory.put(i, round + i % 7);
                }
                Tensor copied = beside.copy(pinned);
                Tensor lent = beside.lend(copied);
                sums.add(lent.to(ScalarType.Double).sum());
                copied.close();
            }
            for (int round = 0; round < 12; round++) {
                double expected = (double) round * length;
                for (int i = 0; i < length; i++) {
                    expected += i % 7;
                }
                assertThat(sums.get(round).item_double()).as("round " + round).isEqualTo(expected);
            }
        }
    }

    @Test
    void aGradientThatOverflowsHalvesTheScaleAndLeavesTheWeights() {
        SortedMap<String, Tensor> weights = weights(card);
        Tensor weight = weights.get("w");
        try (GradScaler scaler = new GradScaler(card);
                Descent descent = Optimizer.adamW(0.01).over(weights)) {
            float[] before = Tensors.toFloats(weight);
            scaler.scale(weight.mul(new Scalar(1e35)).sum()).backward(); // 65 536 times that is infinite
            Tensor overflow = scaler.unscale(List.of(weight));
            descent.step(0.1, overflow);
            scaler.update();
            assertThat(scaler.overflowed()).isTrue();
            assertThat(scaler.scale()).isEqualTo(32768);
            assertThat(Tensors.toFloats(weight)).isEqualTo(before);
            assertThat(descent.state().get("step/w").item_float()).isZero();
            Gradients.drop(List.of(weight));
            scaler.scale(weight.sum()).backward();
            descent.step(0.1, scaler.unscale(List.of(weight)));
            assertThat(scaler.overflowed()).isFalse();
            assertThat(Tensors.toFloats(weight.grad())).containsOnly(1);
            assertThat(Tensors.toFloats(weight)).isNotEqualTo(before);
        }
    }

    static Stream<Optimizer> optimizers() {
        return Stream.of(Optimizer.sgd(), Optimizer.adam(), Optimizer.adamW(0.01));
    }

    /** Weights of size 1 after steps of size 0.1, each rounded to 6e-8. */
    @ParameterizedTest
    @MethodSource("optimizers")
    void stepsAreThoseOfTheProcessor(Optimizer optimizer) {
        float[] here = learned(optimizer, Device.cpu());
        assertThat(learned(optimizer, card)).containsExactly(here, within(5e-6f));
    }

    /** Returns weights and their average after five clipped steps down a bowl. */
    private static float[] learned(Optimizer optimizer, Device device) {
        SortedMap<String, Tensor> weights = weights(device);
        try (Descent descent = optimizer.over(weights);
                WeightAverage average = new WeightAverage(weights, 0.9)) {
            for (int step = 0; step < 5; step++) {
                try (Scope inStep = new Scope()) {
                    Tensor w = weights.get("w");
                    w.mul(w).sum().backward();
                    Gradients.clip(weights.values(), 1.5);
                    Tensor go = Tensors.zeros(new long[0], ScalarType.Float, device);
                    descent.step(0.1, go);
                    average.update(go);
                    Gradients.drop(weights.values());
                }
            }
            float[] last = Tensors.toFloats(weights.get("w"));
            float[] mean = Tensors.toFloats(average.state().get("average/w"));
            float[] both = new float[last.length + mean.length];
            System.arraycopy(last, 0, both, 0, last.length);
            System.arraycopy(mean, 0, both, last.length, mean.length);
            return both;
        }
    }

    private static SortedMap<String, Tensor> weights(Device device) {
        Tensor values = Tensors.of(new float[] {1, -0.5f, 0.25f, 2, -1, 0.125f}, 2, 3);
        SortedMap<String, Tensor> weights = new TreeMap<>();
        weights.put("w", Tensors.to(values, device, ScalarType.Float).detach().set_requires_grad(true));
        return weights;
    }
}
