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
     * Returns the weights of {@code classes}, of the type and device of {@code like}.
     *
     * @throws IllegalArgumentException if there are more or fewer weights than classes
     */
    static Tensor tensorC(List<Double> weights, long classes, Tensor like) {
        if (weights.size() != classes) {
            throw new IllegalArgumentException("class weights " + weights + " must be one for each of the " + classes
                    + " classes of the logits; [] weighs no class");
        }
        float[] values = new float[weights.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = weights.get(i).floatValue();
        }
        return Tensors.of(values, values.length)
                .to(Device.of(like).toTorch(), like.scalar_type().intern(), true, false, new MemoryFormatOptional());
    }
}
