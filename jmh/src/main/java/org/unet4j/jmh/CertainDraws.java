package org.unet4j.jmh;

import java.util.List;
import java.util.random.RandomGenerator;
import org.unet4j.augment.Augmentation;
import org.unet4j.augment.Blur;
import org.unet4j.augment.Brightness;
import org.unet4j.augment.Contrast;
import org.unet4j.augment.Draws;
import org.unet4j.augment.Elastic;
import org.unet4j.augment.Gamma;
import org.unet4j.augment.LowResolution;
import org.unet4j.augment.Mirroring;
import org.unet4j.augment.Noise;
import org.unet4j.augment.Rotation;
import org.unet4j.augment.Scaling;
import org.unet4j.torch.Seeds;

/** Draws of an augmentation's ranges in which what is asked for happens with certainty, to one channel, and nothing else. */
record CertainDraws(Augmentation of) {

    /** Returns the draw of {@code transform}, the name of a component, of "spatial" for the three first, or of "everything". */
    Draws only(String transform, long seed) {
        RandomGenerator random = Seeds.random(seed);
        boolean all = transform.equals("everything");
        boolean spatial = all || transform.equals("spatial");
        return new Draws(
                spatial || transform.equals("rotation") ? rotation(random) : Rotation.Draw.IDENTITY,
                spatial || transform.equals("scaling") ? scaling(random) : Scaling.Draw.IDENTITY,
                spatial || transform.equals("elastic") ? elastic(seed) : Elastic.Draw.IDENTITY,
                all || transform.equals("noise") ? new Noise.Draw(0.05, seed) : Noise.Draw.IDENTITY,
                all || transform.equals("blur") ? new Blur.Draw(List.of(sigma(0.5 + 0.06 * seed))) : Blur.Draw.IDENTITY,
                all || transform.equals("brightness") ? new Brightness.Draw(List.of(1.1)) : Brightness.Draw.IDENTITY,
                all || transform.equals("contrast") ? new Contrast.Draw(List.of(1.2)) : Contrast.Draw.IDENTITY,
                all || transform.equals("lowResolution")
                        ? new LowResolution.Draw(List.of(0.5 + 0.06 * seed))
                        : LowResolution.Draw.IDENTITY,
                all || transform.equals("invertedGamma") ? new Gamma.Draw(List.of(1.3)) : Gamma.Draw.IDENTITY,
                all || transform.equals("gamma") ? new Gamma.Draw(List.of(0.8)) : Gamma.Draw.IDENTITY,
                all || transform.equals("mirroring") ? new Mirroring.Draw(List.of(0, 1, 2)) : Mirroring.Draw.IDENTITY);
    }

    private Rotation.Draw rotation(RandomGenerator random) {
        double most = of.rotation().zDegrees();
        return new Rotation.Draw(
                random.nextDouble(-most, most), random.nextDouble(-most, most), random.nextDouble(-most, most));
    }

    private Scaling.Draw scaling(RandomGenerator random) {
        double low = of.scaling().factor().low();
        double high = of.scaling().factor().high();
        return new Scaling.Draw(
                random.nextDouble(low, high), random.nextDouble(low, high), random.nextDouble(low, high));
    }

    private Elastic.Draw elastic(long seed) {
        return new Elastic.Draw(of.elastic().magnitudeMm(), seed + 1);
    }

    private static Blur.Sigma sigma(double voxels) {
        return new Blur.Sigma(voxels, voxels, voxels);
    }
}
