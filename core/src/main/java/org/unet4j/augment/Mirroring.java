package org.unet4j.augment;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
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

        @Override
        public String words() {
            return "along " + axes.stream().map(Axes::name).collect(Collectors.joining(", "));
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
        return flip(draw.axes, imageCDHW, 1);
    }

    @Override
    public Tensor applyToLabels(Draw draw, Tensor labelsDHW) {
        return flip(draw.axes, labelsDHW, 0);
    }

    /** Returns {@code tensor} flipped along {@code axes} of its last three, the first of which is {@code first}. */
    static Tensor flip(List<Integer> axes, Tensor tensor, int first) {
        return axes.isEmpty()
                ? tensor
                : tensor.flip(axes.stream().mapToLong(axis -> first + axis).toArray());
    }
}
