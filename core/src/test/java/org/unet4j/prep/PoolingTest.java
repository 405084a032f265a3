package org.unet4j.prep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import tools.jackson.databind.JsonNode;

class PoolingTest {

    @Test
    void sixPatchesArePooledAsByNnunet() {
        JsonNode cases = Golden.nnunet().get("topology");
        assertThat(cases.size()).isEqualTo(6);
        for (JsonNode golden : cases) {
            Shape patch = Golden.shape(golden.get("patch"));
            Pooling pooling = Pooling.of(Golden.spacing(golden.get("spacing")), patch.z(), patch.y(), patch.x());
            assertThat(pooling.strides()).isEqualTo(Golden.shapes(golden.get("pool")));
            assertThat(pooling.kernels()).isEqualTo(Golden.shapes(golden.get("conv")));
            assertThat(pooling.patch()).isEqualTo(Golden.shape(golden.get("patch_out")));
            assertThat(pooling.topology(Budget.STANDARD).divisor())
                    .isEqualTo(Golden.shape(golden.get("must_be_divisible_by")));
        }
    }

    @Test
    void aTinyPatchIsNotPooled() {
        Pooling pooling = Pooling.of(new Spacing(1, 1, 1), 7, 7, 7);
        assertThat(pooling.strides()).isEqualTo(List.of(Shape.cube(1)));
        assertThat(pooling.patch()).isEqualTo(Shape.cube(7));
    }

    @Test
    void halvesAreRoundedUpToWhatStridesDivide() {
        assertThat(Pooling.of(new Spacing(1, 1, 1), 36.5, 50.5, 35).patch()).isEqualTo(new Shape(40, 56, 40));
    }

    @Test
    void featuresDoubleUpToTheCap() {
        Pooling deep = Pooling.of(new Spacing(1, 1, 1), 256, 256, 256);
        assertThat(deep.topology(Budget.STANDARD).features()).containsExactly(32, 64, 128, 256, 320, 320, 320);
        assertThat(deep.topology(Budget.COMPACT).features()).containsExactly(16, 32, 64, 128, 256, 320, 320);
    }
}
