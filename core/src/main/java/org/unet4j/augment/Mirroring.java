package org.unet4j.augment;

import java.util.List;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;

/**
 * Flips the patch along some axes, exactly.
 *
 * <p>Where classes tell left from right (left and right kidney), leave out the left-right axis, which is x in RAS.
 *
 * @param probability for each axis on its own
 * @param axes that may be flipped: 0 is z, 1 is y, 2 is x
 */
public record Mirroring(double probability, List<Integer> axes) implements SpatialTransform<Mirroring.Draw> {

    /** Checks the probability and the axes. */
    public Mirroring {
        Range.probability("mirroring", probability);
        axes = Axes.check("mirroring", axes);
    }

    /**
     * What was drawn.
     *
     * @param axes the axes to flip, ascending; empty for none
     */
    public record Draw(List<Integer> axes) implements org.unet4j.augment.Draw {

        /** The draw of no flip. */
        public static final Draw IDENTITY = new Draw(List.of());

        /** Checks the axes. */
        public Draw {
            axes = Axes.check("mirroring", axes);
        }

        @Override
        public boolean isIdentity() {
            return axes.isEmpty();
        }
    }

    /** Returns the axes that a network which learned with this has seen flipped: along others its answers mean nothing. */
    public List<Integer> trainedAxes() {
        return probability > 0 ? axes : List.of();
    }

    @Override
    public Draw sample(RandomGenerator random) {
        return new Draw(
                axes.stream().filter(axis -> random.nextDouble() < probability).toList());
    }

    @Override
    public Tensor apply(Draw draw, Tensor imageCDHW) {
        return flip(draw, imageCDHW, 1);
    }

    @Override
    public Tensor applyToLabels(Draw draw, Tensor labelsDHW) {
        return flip(draw, labelsDHW, 0);
    }

    private static Tensor flip(Draw draw, Tensor tensor, int first) {
        if (draw.isIdentity()) {
            return tensor;
        }
        return tensor.flip(draw.axes.stream().mapToLong(axis -> first + axis).toArray());
    }
}
