package org.unet4j.augment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

class DrawsTest {

    private static final Augmentation STANDARD = Augmentation.standard(new Spacing(1, 1, 1), Shape.cube(32));

    private static final Draws EVERYTHING = new Draws(
            new Rotation.Draw(12.34, -4, 20),
            new Scaling.Draw(0.8, 1, 1.25),
            new Elastic.Draw(1.2, 7),
            new Noise.Draw(0.05, 3),
            new Blur.Draw(List.of(new Blur.Sigma(0.5, 0.5, 0.5), new Blur.Sigma(0.5, 0, 1))),
            new Brightness.Draw(List.of(1.1, 1.0)),
            new Contrast.Draw(List.of(0.9, 1.2)),
            new LowResolution.Draw(List.of(0.5, 1.0)),
            new Gamma.Draw(List.of(0.7, 1.0)),
            new Gamma.Draw(List.of(1.5, 1.0)),
            new Mirroring.Draw(List.of(0, 2)));

    @Test
    void wordsSayWhatWasDrawn() {
        assertThat(EVERYTHING.words())
                .isEqualTo("rotation 12.3, -4.0, 20.0 degrees about z, y, x; scaling 0.80, 1.00, 1.25 along z, y, x;"
                        + " elastic deformation of points by up to 1.2 mm; noise of standard deviation 0.050;"
                        + " blur of sigma 0.50; 0.50, 0.00, 1.00 along z, y, x; brightness times 1.10; 1.00;"
                        + " contrast times 0.90; 1.20; low resolution with zoom 0.50; 1.00;"
                        + " gamma of the negative 0.70; 1.00; gamma 1.50; 1.00; mirroring along z, x");
        assertThat(Augmentation.none().sample(1, 1).words()).isEqualTo("nothing");
        assertThat(new Scaling.Draw(2, 2, 2).words()).isEqualTo("2.00");
    }

    @Test
    void takenApartEachTransformIsAloneAndTogetherTheyAreTheWhole() {
        List<Draws.Alone> parts = EVERYTHING.eachAlone();
        assertThat(parts).extracting(Draws.Alone::transform).isEqualTo(Draws.transforms());
        assertThat(parts)
                .allSatisfy(part ->
                        assertThat(part.draws().eachAlone()).singleElement().isEqualTo(part));
        assertThat(parts.stream().map(part -> part.draws().words()).toList())
                .containsExactly(EVERYTHING.words().split("; (?=[a-z])"));
    }

    @Test
    void theStandardAugmentationDrawsEveryTransform() {
        Set<String> drawn = new HashSet<>();
        for (long seed = 0; seed < 300; seed++) {
            STANDARD.sample(seed, 1).eachAlone().forEach(part -> drawn.add(part.transform()));
        }
        assertThat(drawn).containsExactlyInAnyOrderElementsOf(Draws.transforms());
    }
}
