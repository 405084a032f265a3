package org.unet4j.augment;

/**
 * What every transform drew for one sample: all there is to know to make the same patch again.
 *
 * @param rotation what was drawn for {@link Rotation}
 * @param scaling what was drawn for {@link Scaling}
 * @param elastic what was drawn for {@link Elastic}
 * @param noise what was drawn for {@link Noise}
 * @param blur what was drawn for {@link Blur}
 * @param brightness what was drawn for {@link Brightness}
 * @param contrast what was drawn for {@link Contrast}
 * @param lowResolution what was drawn for {@link LowResolution}
 * @param invertedGamma what was drawn for the {@link Gamma} of the negative
 * @param gamma what was drawn for {@link Gamma}
 * @param mirroring what was drawn for {@link Mirroring}
 */
public record Draws(
        Rotation.Draw rotation,
        Scaling.Draw scaling,
        Elastic.Draw elastic,
        Noise.Draw noise,
        Blur.Draw blur,
        Brightness.Draw brightness,
        Contrast.Draw contrast,
        LowResolution.Draw lowResolution,
        Gamma.Draw invertedGamma,
        Gamma.Draw gamma,
        Mirroring.Draw mirroring) {

    /** Returns whether the patch must be resampled; else it is the centre of its source, voxel by voxel. */
    public boolean resamples() {
        return !(rotation.isIdentity() && scaling.isIdentity() && elastic.isIdentity());
    }
}
