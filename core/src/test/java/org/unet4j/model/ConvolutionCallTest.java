package org.unet4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unet4j.prep.Topology;
import org.unet4j.volume.Shape;

class ConvolutionCallTest {
    private static final Shape PATCH = new Shape(4, 16, 8);

    static List<String> names() {
        return ModelSpec.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void theCallsHaveTheProductsOfTheNetwork(String name) {
        ModelSpec spec = ModelSpec.of(name, 2, 3, Topologies.slices());
        long multiplyAdds = 0;
        for (ConvolutionCall call : ConvolutionCall.of(spec, PATCH)) {
            long perVoxel = call.in() * (long) call.out() * call.kernel().voxels();
            long voxels = call.transposed()
                    ? call.input().voxels()
                    : call.input().voxels() / call.stride().voxels();
            multiplyAdds += perVoxel * voxels;
        }
        assertThat(multiplyAdds).isEqualTo(Cost.of(spec, PATCH).multiplyAdds());
    }

    @ParameterizedTest
    @MethodSource("names")
    void onlyWhatReadsTheImageNeedsNoGradientOfItsInput(String name) {
        Topology topology = Topologies.slices();
        for (ConvolutionCall call : ConvolutionCall.of(ModelSpec.of(name, 2, 3, topology), PATCH)) {
            boolean readsTwoChannels = call.in() == 2; // no stage has so few features
            assertThat(call.ofImage()).as(call.name()).isEqualTo(readsTwoChannels);
        }
    }

    @Test
    void aNetworkWithGatesIsListedByHand() {
        ModelSpec spec = ModelSpec.of("attention-resunet", 1, 3, Topologies.cubes(4, 6, 8));
        Map<String, ConvolutionCall> calls = ConvolutionCall.of(spec, Shape.cube(8)).stream()
                .collect(Collectors.toMap(ConvolutionCall::name, Function.identity()));
        Shape one = Shape.cube(1);
        Shape two = Shape.cube(2);
        Shape three = Shape.cube(3);
        assertThat(calls.get("encoder.1.0.conv.weight"))
                .isEqualTo(call("encoder.1.0.conv.weight", false, 4, 6, three, two, 8, true));
        assertThat(calls.get("encoder.1.shortcut.conv.weight"))
                .isEqualTo(call("encoder.1.shortcut.conv.weight", false, 4, 6, one, two, 8, true));
        assertThat(calls.get("up.0.weight")).isEqualTo(call("up.0.weight", true, 6, 4, two, two, 4, false));
        assertThat(calls.get("gate.1.skip.weight"))
                .isEqualTo(call("gate.1.skip.weight", false, 6, 3, two, two, 4, false));
        assertThat(calls.get("gate.1.psi.weight")).isEqualTo(call("gate.1.psi.weight", false, 3, 1, one, one, 2, true));
        assertThat(calls.get("encoder.2.1.conv.weight").overhangs()).isTrue(); // 3 voxels over 2
        assertThat(calls.get("encoder.1.1.conv.weight").overhangs()).isFalse();
        assertThat(calls.get("encoder.1.1.conv.weight").padding(0)).isEqualTo(1);
        assertThat(calls.get("gate.1.skip.weight").padding(0)).isZero();
    }

    private static ConvolutionCall call(
            String name, boolean transposed, int in, int out, Shape kernel, Shape stride, int input, boolean bias) {
        return new ConvolutionCall(name, transposed, in, out, kernel, stride, Shape.cube(input), bias, false);
    }
}
