package org.unet4j.eval;

import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The masks of the golden files, drawn anew: class 1 in an ellipsoid. */
final class Ellipsoids {

    private Ellipsoids() {}

    static Labels prediction(JsonNode golden) {
        return labels(golden, golden.get("prediction"));
    }

    static Labels reference(JsonNode golden) {
        return labels(golden, golden.get("reference"));
    }

    private static Labels labels(JsonNode golden, JsonNode centreAndRadii) {
        int[] size = JsonMapper.shared().convertValue(golden.get("shape"), int[].class);
        double[] mm = JsonMapper.shared().convertValue(golden.get("spacing"), double[].class);
        return new Labels(Grid.of(Shape.of(size), Spacing.of(mm)), mask(size, centreAndRadii));
    }

    /** Returns 1 in the ellipsoid and 0 elsewhere; all 0 where there is none. */
    static byte[] mask(int[] size, JsonNode centreAndRadii) {
        byte[] mask = new byte[size[0] * size[1] * size[2]];
        if (centreAndRadii.isEmpty()) {
            return mask;
        }
        for (int i = 0; i < mask.length; i++) {
            int[] at = {i / (size[1] * size[2]), i / size[2] % size[1], i % size[2]};
            double distance = 0;
            for (int axis = 0; axis < 3; axis++) {
                double d = (at[axis] - centreAndRadii.get(0).get(axis).asDouble())
                        / centreAndRadii.get(1).get(axis).asDouble();
                distance += d * d;
            }
            mask[i] = (byte) (distance <= 1 ? 1 : 0);
        }
        return mask;
    }
}
