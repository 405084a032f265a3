package org.unet4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unet4j.Golden;
import org.unet4j.prep.Topology;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Shape;
import tools.jackson.databind.JsonNode;

/** Our U-Net is nnU-Net's PlainConvUNet, but for the heads that nnU-Net makes for deep supervision. */
class NnunetTest {

    /** Rounding: PyTorch's own float32 logits of this network are up to 3e-4 from its float64 ones. */
    private static final double FLOAT32 = 5e-5;

    @ParameterizedTest
    @CsvSource({"'32,64,128,256', 5603177", "'32,64,128,256,320,320', 31196399"})
    void parametersAreNnunetsWithoutTheHeadsOfCoarserStages(String widths, long nnunet) {
        Integer[] features =
                Arrays.stream(widths.split(",")).map(Integer::valueOf).toArray(Integer[]::new);
        // nnU-Net makes a head of (features + 1) * classes numbers for each decoder stage; here only the finest has
        // one.
        int classes = 3;
        long heads = 0;
        for (int stage = 1; stage < features.length - 1; stage++) {
            heads += (features[stage] + 1L) * classes;
        }
        try (Network network = new UNet(1, classes, Topologies.cubes(features)).build(0)) {
            assertThat(network.parameterCount() + heads).isEqualTo(nnunet);
        }
    }

    @Test
    void logitsEqualNnunets() {
        JsonNode golden = Golden.json("networks.json").path("nnunet");
        Topology topology = Topologies.cubes(32, 64, 128, 256);
        try (Scope scope = new Scope();
                Network network = new UNet(1, 3, topology).build(0);
                NoGradGuard noGradients = new NoGradGuard()) {
            NetworkContractTest.fill(nnunetsOrder(network.state()));
            float[] logits = Tensors.toFloats(network.forward(NetworkContractTest.image(1, 1, Shape.cube(32))));
            double mean = 0;
            for (float value : logits) {
                mean += value / (double) logits.length;
            }
            double variance = 0;
            for (float value : logits) {
                variance += (value - mean) * (value - mean) / (logits.length - 1.0);
            }
            assertThat(mean).isCloseTo(golden.path("mean").asDouble(), within(1e-5));
            assertThat(Math.sqrt(variance)).isCloseTo(golden.path("std").asDouble(), within(1e-5));
            double[] first = Golden.numbers(golden.path("first8"));
            for (int i = 0; i < first.length; i++) {
                assertThat((double) logits[i]).isCloseTo(first[i], within(FLOAT32));
            }
        }
    }

    /** nnU-Net registers encoder, decoder stages from the coarsest, transposed convolutions, heads. */
    private static List<Tensor> nnunetsOrder(Map<String, Tensor> state) {
        List<Tensor> order = new ArrayList<>();
        for (int stage = 0; stage < 4; stage++) {
            addStage(order, state, "encoder." + stage);
        }
        for (int stage = 2; stage >= 0; stage--) {
            addStage(order, state, "decoder." + stage);
        }
        for (int stage = 2; stage >= 0; stage--) {
            order.add(state.get("up." + stage + ".weight"));
            order.add(state.get("up." + stage + ".bias"));
        }
        for (int features : new int[] {128, 64}) {
            order.add(Tensors.of(new float[3 * features], 3, features, 1, 1, 1));
            order.add(Tensors.of(new float[3], 3));
        }
        order.add(state.get("head.weight"));
        order.add(state.get("head.bias"));
        return order;
    }

    private static void addStage(List<Tensor> order, Map<String, Tensor> state, String stage) {
        for (int convolution = 0; convolution < 2; convolution++) {
            for (String part : List.of("conv.weight", "conv.bias", "norm.weight", "norm.bias")) {
                order.add(state.get(stage + "." + convolution + "." + part));
            }
        }
    }
}
