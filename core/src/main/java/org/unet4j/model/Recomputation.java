package org.unet4j.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;
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
    private final LongConsumer outputBytes;

    /**
     * Makes it for one pass.
     *
     * @param casting how the forward pass casts, to do it again in the same way
     * @param outputBytes gets the size of each part's output
     */
    Recomputation(Supplier<Autocast> casting, LongConsumer outputBytes) {
        this.casting = casting;
        this.outputBytes = outputBytes;
    }

    @Override
    public Tensor through(Part part, Tensor... inputs) {
        // With a graph, though it is dropped at once: kernels without one compute other bits than those with (Norm,
        // Blocks).
        try (Scope scope = new Scope()) {
            Tensor output = Scope.own(part.forward(inputs).detach());
            output.set_requires_grad(true);
            outputBytes.accept(output.nbytes());
            steps.add(new Step(part, List.of(inputs), output));
            return output;
        }
    }

    /** Adds the gradients of the parameters, given that of the outputs that the loss is made of, which is taken. */
    void backward() {
        for (int i = steps.size() - 1; i >= 0; i--) {
            backward(steps.remove(i));
        }
    }

    private void backward(Step step) {
        try (Scope scope = new Scope()) {
            Tensor gradient = new Tensor(step.output().grad()); // grad() lies in the output and goes with it
            step.output().close();
            if (gradient.defined()) {
                root(step, gradient).backward();
            }
        }
    }

    /**
     * Returns a number whose gradient by the output of {@code step}, computed again, is {@code gradient}, to the bit. It alone holds
     * both, so that libtorch frees each as soon as backward has gone past it: handles would hold two tensors to the end, as
     * {@code backward} does that is given a gradient.
     */
    private Tensor root(Step step, Tensor gradient) {
        try (Scope scope = new Scope();
                gradient) {
            Tensor again;
            try (Autocast cast = casting.get()) {
                again = step.part().forward(step.inputs().toArray(Tensor[]::new));
            }
            return scope.keep(again.mul(gradient).sum());
        }
    }

    @Override
    public void close() {
        steps.forEach(step -> step.output().close());
        steps.clear();
    }
}
