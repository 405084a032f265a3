package org.unet4j.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

class PresetTest {

    private static final Spacing SPACING = new Spacing(2, 1, 1);
    private static final Shape PATCH = new Shape(64, 96, 96);
    private static final Shape FLAT = new Shape(20, 256, 224);

    @Test
    void nnunetIsWhatItsDefaultTrainerDoes() {
        // nnUNetTrainer.get_training_transforms of nnU-Net v2, read line by line
        Augmentation a = Preset.NNUNET.of(SPACING, PATCH);
        assertThat(a.rotation()).isEqualTo(new Rotation(0.2, 30, 30, 30, SPACING));
        assertThat(a.scaling()).isEqualTo(new Scaling(0.2, new Range(1 / 1.4, 1 / 0.7), 0, Axes.ALL));
        assertThat(a.elastic().probability()).isZero();
        assertThat(a.noise()).isEqualTo(new Noise(0.1, new Range(0, 0.1)));
        assertThat(a.blur()).isEqualTo(new Blur(0.2, 0.5, new Range(0.5, 1), 1));
        assertThat(a.brightness()).isEqualTo(new Brightness(0.15, new Range(0.75, 1.25)));
        assertThat(a.contrast()).isEqualTo(new Contrast(0.15, new Range(0.75, 1.25)));
        assertThat(a.lowResolution()).isEqualTo(new LowResolution(0.25, 0.5, new Range(0.5, 1), Axes.ALL));
        assertThat(a.invertedGamma()).isEqualTo(new Gamma(0.1, new Range(0.7, 1.5), true));
        assertThat(a.gamma()).isEqualTo(new Gamma(0.3, new Range(0.7, 1.5), false));
        assertThat(a.mirroring()).isEqualTo(new Mirroring(0.5, Axes.ALL));
    }

    @Test
    void nnunetTurnsFlatPatchesInTheirPlaneByHalfATurn() {
        Augmentation flat = Preset.NNUNET.of(SPACING, FLAT);
        assertThat(flat.rotation()).isEqualTo(new Rotation(0.2, 180, 0, 0, SPACING));
        assertThat(flat.scaling().axes()).containsExactly(1, 2);
        assertThat(flat.lowResolution().axes()).containsExactly(1, 2);
        assertThat(flat.mirroring().axes()).containsExactly(0, 1, 2);
        assertThat(flat.sourceShape(FLAT).z()).isEqualTo(FLAT.z());
    }

    @Test
    void spatialMovesVoxelsAndChangesNoIntensity() {
        Augmentation spatial = Preset.SPATIAL.of(SPACING, PATCH);
        int moved = 0;
        for (long seed = 0; seed < 200; seed++) {
            Draws draws = spatial.sample(seed, 1);
            moved += draws.resamples() ? 1 : 0;
            assertThat(draws.eachAlone())
                    .extracting(Draws.Alone::transform)
                    .isSubsetOf("rotation", "scaling", "elastic deformation");
        }
        assertThat(moved).isBetween(155, 190); // 7 of 8, four standard errors either way
    }

    @ParameterizedTest
    @EnumSource
    void everyPresetHasItsNameAndFitsEveryPatch(Preset preset) {
        assertThat(Preset.named(preset.toString())).isSameAs(preset);
        for (Shape patch : List.of(PATCH, FLAT, Shape.cube(1))) {
            assertThat(preset.of(SPACING, patch).sample(1, 2)).isNotNull();
        }
    }

    @Test
    void aNameThatIsNoneIsRefusedWithTheNearest() {
        assertThat(Preset.names()).containsExactly("standard", "nnunet", "spatial", "light", "none");
        assertThatThrownBy(() -> Preset.named("nnunt"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("augmentation 'nnunt' is unknown; did you mean 'nnunet'?");
        assertThatThrownBy(() -> Preset.named("xyz")).hasMessageContaining("valid: standard, nnunet, spatial");
    }
}
