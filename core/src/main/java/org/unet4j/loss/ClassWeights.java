package org.unet4j.loss;

import java.util.List;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.unet4j.torch.Device;
import org.unet4j.torch.Tensors;

/** One weight for each class from 0 on; an empty list weighs none. */
final class ClassWeights {

    private ClassWeights() {}

    /**
     * Returns an immutable copy of {@code weights}.
     *
     * @throws IllegalArgumentException if one is negative or not finite, or all are 0
     */
    static List<Double> checked(String loss, List<Double> weights) {
        for (double weight : weights) {
            if (!(weight >= 0 && weight <= Float.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        loss + ": class weight " + weight + " of " + weights + " must be finite and at least 0");
            }
        }
        if (!weights.isEmpty() && weights.stream().allMatch(weight -> weight == 0)) {
            throw new IllegalArgumentException(
                    loss + ": class weights " + weights + " must not all be 0; [] weighs no class");
        }
        return List.copyOf(weights);
    }

    /**
     * Returns the weights along the axis of the classes, of the type and device of {@code likeNCV}.
     *
     * @throws IllegalArgumentException if there are more or fewer weights than classes
     */
    static Tensor tensor1C1(List<Double> weights, Tensor likeNCV) {
        if (weights.size() != likeNCV.size(1)) {
            throw new IllegalArgumentException("class weights " + weights + " must be one for each of the "
                    + likeNCV.size(1) + " classes of the logits; [] weighs no class");
        }
        float[] values = new float[weights.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = weights.get(i).floatValue();
        }
        return Tensors.of(values, 1, values.length, 1)
                .to(
                        Device.of(likeNCV).toTorch(),
                        likeNCV.scalar_type().intern(),
                        true,
                        false,
                        new MemoryFormatOptional());
    }
}
