package org.unet4j.model;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.unet4j.augment.Batch;
import org.unet4j.torch.Autocast;
import org.unet4j.torch.Device;
import org.unet4j.torch.FreedMemory;
import org.unet4j.torch.Precision;
import org.unet4j.torch.Scope;

/** Forward pass, loss and backward pass of a network over some samples, on each thread that calls it. */
final class Backpropagation implements AutoCloseable {

    /**
     * While features are computed again, freed memory is given back when it may be more than so many outputs at full resolution of the samples
     * that are learned side by side; a part there needs about fifteen. Two take less memory in all and more time to
     * clear it again (docs/LOG.md).
     */
    private static final long OUTPUTS_KEPT = 4;

    private final Device device;
    private final Precision precision;
    private final boolean recompute;
    private final Optional<FreedMemory> freed;

    /** Makes passes on {@code device} in {@code precision}, with features computed again for the gradient or kept for it. */
    Backpropagation(Device device, Precision precision, boolean recompute) {
        this.device = device;
        this.precision = precision;
        this.recompute = recompute;
        freed = recompute && !device.isCuda() ? Optional.of(new FreedMemory()) : Optional.empty();
    }

    /**
     * Adds the gradient of {@code objective} to that of the parameters of {@code network}.
     *
     * @param batch the samples
     * @param scale what the loss is turned into before it goes back
     * @param beside how many threads do this at the same time
     * @return the loss before scaling, without a graph, in the open scope
     */
    Tensor through(
            Network network, Batch batch, BatchGradient.Objective objective, UnaryOperator<Tensor> scale, int beside) {
        try (Scope scope = new Scope();
                Recomputation recomputation = new Recomputation(
                        () -> precision.autocast(device),
                        bytes -> freed.ifPresent(memory -> memory.keep(OUTPUTS_KEPT * beside * bytes)))) {
            List<Tensor> logits;
            try (Autocast autocast = precision.autocast(device)) {
                Passage passage = recompute ? recomputation : Passage.DIRECT;
                logits = network.forward(batch.imageNCDHW(), network.outputs(), passage);
            }
            Tensor loss = objective.of(logits, batch.targetNDHW());
            scale.apply(loss).backward();
            recomputation.backward();
            return scope.keep(loss.detach());
        }
    }

    @Override
    public void close() {
        freed.ifPresent(FreedMemory::close);
    }
}
