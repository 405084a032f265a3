package org.unet4j.augment;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Shape;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Small images for tests of this package. */
final class Worlds {

    private Worlds() {}

    /** Returns voxels drawn evenly from [-1, 1), as C x D x H x W. */
    static Tensor random(long seed, int channels, Shape shape) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[channels * shape.arrayLength()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (2 * random.nextDouble() - 1);
        }
        return Tensors.of(values, channels, shape.z(), shape.y(), shape.x());
    }

    /** Returns a ball of 1 in zeros, as D x H x W float32. */
    static Tensor ball(Shape shape, double z, double y, double x, double radius) {
        float[] values = new float[shape.arrayLength()];
        for (int i = 0; i < values.length; i++) {
            double dz = Math.floorDiv(i, shape.y() * shape.x()) - z;
            double dy = i / shape.x() % shape.y() - y;
            double dx = i % shape.x() - x;
            values[i] = dz * dz + dy * dy + dx * dx <= radius * radius ? 1 : 0;
        }
        return Tensors.of(values, shape.z(), shape.y(), shape.x());
    }

    static Tensor bytes(Tensor tensor) {
        return tensor.to(ScalarType.Byte);
    }

    /** Returns the mean position of voxels above one half, z, y, x. */
    static double[] centroid(Tensor tensorDHW) {
        float[] values = Tensors.toFloats(tensorDHW);
        Shape shape = Batch.spatial(tensorDHW, 0);
        double[] sum = new double[3];
        int count = 0;
        for (int i = 0; i < values.length; i++) {
            if (values[i] > 0.5) {
                sum[0] += Math.floorDiv(i, shape.y() * shape.x());
                sum[1] += i / shape.x() % shape.y();
                sum[2] += i % shape.x();
                count++;
            }
        }
        return new double[] {sum[0] / count, sum[1] / count, sum[2] / count};
    }

    static JsonNode golden() throws IOException {
        try (InputStream stream = Worlds.class.getResourceAsStream("/golden/augment.json")) {
            return JsonMapper.shared().readTree(Objects.requireNonNull(stream));
        }
    }

    /** Returns all numbers of a nested list in order. */
    static float[] numbers(JsonNode node) {
        if (node.isNumber()) {
            return new float[] {(float) node.asDouble()};
        }
        float[][] parts = new float[node.size()][];
        int length = 0;
        for (int i = 0; i < parts.length; i++) {
            parts[i] = numbers(node.get(i));
            length += parts[i].length;
        }
        float[] all = new float[length];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
