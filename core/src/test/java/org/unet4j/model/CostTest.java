package org.unet4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.unet4j.volume.Shape;

class CostTest {

    private static final Shape PATCH = Shape.cube(8);

    @Test
    void twoStagesAreCountedByHand() {
        // 512 voxels at stage 0, 64 at stage 1, 27 weights a pair of features.
        long encoder = 512 * 27 * (1 * 4 + 4 * 4) + 64 * 27 * (4 * 6 + 6 * 6);
        long up = 64 * 8 * (6 * 4);
        long decoder = 512 * 27 * (8 * 4 + 4 * 4);
        long head = 512 * (4 * 3);
        long convolutions = 27 * (4 + 16 + 24 + 36 + 32 + 16);
        long biasesAndNorms = 3 * (4 + 4 + 6 + 6 + 4 + 4);
        long rest = 8 * 24 + 4 + 4 * 3 + 3;
        assertThat(Cost.of(new UNet(1, 3, Topologies.cubes(4, 6)), PATCH))
                .isEqualTo(new Cost(convolutions + biasesAndNorms + rest, encoder + up + decoder + head));
    }

    @Test
    void shortcutsAddConvolutionsOfOneVoxel() {
        Cost plain = Cost.of(new UNet(1, 3, Topologies.cubes(4, 6)), PATCH);
        Cost residual = Cost.of(new ResUNet(1, 3, Topologies.cubes(4, 6)), PATCH);
        long shortcuts = 512 * (1 * 4) + 64 * (4 * 6) + 512 * (8 * 4);
        assertThat(residual.multiplyAdds() - plain.multiplyAdds()).isEqualTo(shortcuts);
        assertThat(residual.parameters() - plain.parameters()).isEqualTo(4 + 24 + 32 + 3 * (4 + 6 + 4));
    }

    @Test
    void gatesAddThreeConvolutionsAtTheCoarserStage() {
        Cost plain = Cost.of(new UNet(1, 3, Topologies.cubes(4, 6, 8)), PATCH);
        Cost gated = Cost.of(new AttentionUNet(1, 3, Topologies.cubes(4, 6, 8)), PATCH);
        // One gate: the skip of stage 1 (6 features, 3 inside) by the signal of stage 2 (8 features, 8 voxels).
        assertThat(gated.multiplyAdds() - plain.multiplyAdds()).isEqualTo(8 * (8 * 6 * 3 + 8 * 3 + 3));
        assertThat(gated.parameters() - plain.parameters()).isEqualTo(8 * 6 * 3 + (8 * 3 + 3) + (3 + 1));
    }

    @Test
    void aPatchMustDivide() {
        assertThatThrownBy(() -> Cost.of(new UNet(1, 3, Topologies.cubes(4, 6)), Shape.cube(7)))
                .hasMessageContaining("must be divisible by (2, 2, 2)");
    }
}
