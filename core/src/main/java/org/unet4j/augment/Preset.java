package org.unet4j.augment;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.unet4j.io.Nearest;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/** Augmentations with a name, which a configuration can give in place of all settings. */
public enum Preset {

    /** {@link Augmentation#standard(Spacing, Shape)}. */
    STANDARD {
        @Override
        public Augmentation of(Spacing spacing, Shape patch) {
            return Augmentation.standard(spacing, patch);
        }
    },

    /**
     * What nnU-Net's default trainer does: its transforms in its order with its probabilities and ranges (nnU-Net v2,
     * nnUNetTrainer.get_training_transforms, with batchgeneratorsv2): no elastic deformation; a standard deviation of blur for each axis;
     * half a turn either way in the plane of an anisotropic patch.
     *
     * <p>Differs: what turns is millimetres ({@link Rotation}); the factor of {@link Scaling} has nnU-Net's bounds and is drawn evenly, not
     * its reciprocal; {@link Blur} cuts off at four standard deviations, not three; labels take the nearest one, where nnU-Net asks
     * which label has most weight among eight; mirroring comes before the intensities and not after.
     */
    NNUNET {
        @Override
        public Augmentation of(Spacing spacing, Shape patch) {
            Augmentation standard = Augmentation.standard(spacing, patch);
            Rotation turns = standard.rotation();
            return new Augmentation(
                    new Rotation(
                            turns.probability(),
                            degrees(turns, turns.zDegrees()),
                            degrees(turns, turns.yDegrees()),
                            degrees(turns, turns.xDegrees()),
                            spacing),
                    new Scaling(
                            0.2,
                            new Range(1 / 1.4, 1 / 0.7),
                            0,
                            standard.scaling().axes()),
                    Augmentation.none().elastic(),
                    standard.noise(),
                    new Blur(0.2, 0.5, new Range(0.5, 1), 1),
                    standard.brightness(),
                    standard.contrast(),
                    standard.lowResolution(),
                    standard.invertedGamma(),
                    standard.gamma(),
                    standard.mirroring());
        }

        /** In a flat patch only one axis is turned about, and about that one by half a turn. */
        private static double degrees(Rotation turns, double standard) {
            boolean everyAxis = turns.zDegrees() > 0 && turns.yDegrees() > 0 && turns.xDegrees() > 0;
            return everyAxis || standard == 0 ? standard : 180;
        }
    },

    /**
     * Rotation, scaling and elastic deformation in the ranges of {@link #STANDARD}, each of every second sample, and nothing else. The
     * probability is a guess.
     */
    SPATIAL {
        @Override
        public Augmentation of(Spacing spacing, Shape patch) {
            Augmentation standard = Augmentation.standard(spacing, patch);
            Augmentation none = Augmentation.none();
            Rotation turns = standard.rotation();
            Elastic bends = standard.elastic();
            return new Augmentation(
                    new Rotation(EVERY_SECOND, turns.zDegrees(), turns.yDegrees(), turns.xDegrees(), spacing),
                    new Scaling(
                            EVERY_SECOND,
                            standard.scaling().factor(),
                            0,
                            standard.scaling().axes()),
                    new Elastic(EVERY_SECOND, bends.controlMm(), bends.magnitudeMm(), bends.axes(), spacing),
                    none.noise(),
                    none.blur(),
                    none.brightness(),
                    none.contrast(),
                    none.lowResolution(),
                    none.invertedGamma(),
                    none.gamma(),
                    none.mirroring());
        }
    },

    /** {@link Augmentation#light()}. */
    LIGHT {
        @Override
        public Augmentation of(Spacing spacing, Shape patch) {
            return Augmentation.light();
        }
    },

    /** {@link Augmentation#none()}. */
    NONE {
        @Override
        public Augmentation of(Spacing spacing, Shape patch) {
            return Augmentation.none();
        }
    };

    private static final double EVERY_SECOND = 0.5;

    /** Returns the settings for patches of a shape, of voxels of a spacing. */
    public abstract Augmentation of(Spacing spacing, Shape patch);

    /**
     * Returns the preset of a name in lower case, such as {@code "nnunet"}.
     *
     * @throws IllegalArgumentException where there is none, naming the nearest
     */
    public static Preset named(String name) {
        return Arrays.stream(values())
                .filter(preset -> preset.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "augmentation '" + name + "' is unknown" + Nearest.hint(name, names())));
    }

    /** Returns the names of all presets. */
    public static List<String> names() {
        return Arrays.stream(values()).map(Preset::toString).toList();
    }

    /** Returns the name. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
