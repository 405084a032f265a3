package org.unet4j.torch;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.cuda.CUDAStream;
import org.bytedeco.pytorch.cuda.CUDAStreamGuard;
import org.bytedeco.pytorch.global.torch_cuda;

/**
 * A queue of a card's work beside the one in which networks compute: copies in it wait for no kernel, and no kernel waits for
 * them. Threads may share it.
 */
public final class SideStream implements AutoCloseable {

    private final Device card;
    private final CUDAStream stream;

    /** Makes a queue of {@code card}. */
    public SideStream(Device card) {
        this.card = card;
        try (Scope scope = new Scope()) {
            stream = Scope.release(torch_cuda.getStreamFromPool(false, (byte) card.index()));
        }
    }

    /**
     * Returns a copy of {@code pinned} on the card once it is there: the memory of {@code pinned} is free again. Only the calling
     * thread waits. The copy is nobody's: close it. Before a network computes with it, {@link #lend} it.
     *
     * @param pinned in pinned memory of the processor
     */
    public Tensor copy(Tensor pinned) {
        try (Scope scope = new Scope();
                CUDAStreamGuard here = new CUDAStreamGuard(stream.asStream())) {
            Tensor copy = pinned.to(card.toTorch(), pinned.scalar_type(), true, false, null);
            stream.synchronize();
            return Scope.own(copy);
        }
    }

    /**
     * Returns a handle, of the open scope, of what {@link #copy} gave, which the calling thread's work on the card may use: its
     * memory is given to nobody else before that work is done, whenever the handles are closed.
     */
    public Tensor lend(Tensor copied) {
        copied.record_stream(
                torch_cuda.getCurrentCUDAStream((byte) card.index()).asStream());
        return new Tensor(copied);
    }

    @Override
    public void close() {
        stream.deallocate();
    }
}
