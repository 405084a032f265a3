package org.unet4j.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.unet4j.torch.Autocast;
import org.unet4j.torch.Scope;

/**
 * Activation checkpointing (Chen et al. 2016): forward keeps the outputs of the parts and nothing inside them; backward goes
 * through the parts from the last to the first, computes each again and takes its gradient. A third more computing for about
 * half of the memory. Gradients are equal: to the bit where features go at most two ways, as in {@link UNet}; where they go three
 * ways, they are added in another order.
 *
 * <p>Of one thread and one forward pass; close it when its gradient is taken, or is not wanted.
 */
final class Recomputation implements Passage, AutoCloseable {

    private record Step(Part part, List<Tensor> inputs, Tensor output) {}

    private final Supplier<Autocast> casting;
    private final List<Step> steps = new ArrayList<>();

    /** @param casting how the forward pass casts, to do it again in the same way */
    Recomputation(Supplier<Autocast> casting) {
        this.casting = casting;
    }

    @Override
    public Tensor through(Part part, Tensor... inputs) {
        try (Scope scope = new Scope();
                AutoGradMode off = new AutoGradMode(false)) {
            Tensor output = Scope.own(part.forward(inputs).detach());
            output.set_requires_grad(true);
            steps.add(new Step(part, List.of(inputs), output));
            return output;
        }
    }

    /** Adds the gradients of the parameters, given that of the outputs that the loss is made of, which is taken. */
    void backward() {
        for (int i = steps.size() - 1; i >= 0; i--) {
            Step step = steps.remove(i);
            try (Scope scope = new Scope()) {
                Tensor gradient = new Tensor(step.output().grad()); // grad() lies in the output and goes with it
                step.output().close();
                if (gradient.defined()) {
                    Tensor again;
                    try (Autocast cast = casting.get()) {
                        again = step.part().forward(step.inputs().toArray(Tensor[]::new));
                    }
                    again.backward(gradient, new BoolOptional(), false, new TensorArrayRefOptional());
                }
            }
        }
    }

    @Override
    public void close() {
        steps.forEach(step -> step.output().close());
        steps.clear();
    }
}
