package org.unet4j.augment;

import java.util.ArrayList;
import java.util.List;

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

    private static final List<String> NAMES = List.of(
            "rotation",
            "scaling",
            "elastic deformation",
            "noise",
            "blur",
            "brightness",
            "contrast",
            "low resolution",
            "gamma of the negative",
            "gamma",
            "mirroring");

    /**
     * One transform's draw, everything else left as it is.
     *
     * @param transform its name in words
     * @param draws which no other transform takes part in
     */
    public record Alone(String transform, Draws draws) {}

    /** Returns the names of all transforms in the order in which {@link #eachAlone} and {@link #words} name them. */
    public static List<String> transforms() {
        return NAMES;
    }

    /** Returns the draws taken apart: one after the other, each transform that changes something. */
    public List<Alone> eachAlone() {
        List<Alone> parts = new ArrayList<>();
        for (int place = 0; place < NAMES.size(); place++) {
            if (!all().get(place).isIdentity()) {
                parts.add(new Alone(NAMES.get(place), only(place)));
            }
        }
        return parts;
    }

    /** Returns in words what was drawn, {@code "nothing"} where that is so. */
    public String words() {
        List<String> words = new ArrayList<>();
        for (int place = 0; place < NAMES.size(); place++) {
            if (!all().get(place).isIdentity()) {
                words.add(NAMES.get(place) + " " + all().get(place).words());
            }
        }
        return words.isEmpty() ? "nothing" : String.join("; ", words);
    }

    private List<Draw> all() {
        return List.of(
                rotation,
                scaling,
                elastic,
                noise,
                blur,
                brightness,
                contrast,
                lowResolution,
                invertedGamma,
                gamma,
                mirroring);
    }

    private Draws only(int place) {
        return new Draws(
                place == 0 ? rotation : Rotation.Draw.IDENTITY,
                place == 1 ? scaling : Scaling.Draw.IDENTITY,
                place == 2 ? elastic : Elastic.Draw.IDENTITY,
                place == 3 ? noise : Noise.Draw.IDENTITY,
                place == 4 ? blur : Blur.Draw.IDENTITY,
                place == 5 ? brightness : Brightness.Draw.IDENTITY,
                place == 6 ? contrast : Contrast.Draw.IDENTITY,
                place == 7 ? lowResolution : LowResolution.Draw.IDENTITY,
                place == 8 ? invertedGamma : Gamma.Draw.IDENTITY,
                place == 9 ? gamma : Gamma.Draw.IDENTITY,
                place == 10 ? mirroring : Mirroring.Draw.IDENTITY);
    }
}
