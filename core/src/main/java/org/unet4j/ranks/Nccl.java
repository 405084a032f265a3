package org.unet4j.ranks;

import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.nccl.ProcessGroupNCCL;
import org.unet4j.torch.Scope;

/**
 * c10d between NVIDIA cards. Only the natives for CUDA have it: nothing but a run on a card may load this class.
 *
 * <p>Never seen running. The environment must hold {@code TORCH_NCCL_BLOCKING_WAIT=1}: else a wait for a lost rank does not throw,
 * and libtorch's watchdog ends the process without a word of ours.
 */
final class Nccl {

    private Nccl() {}

    /** Returns the connections to all other ranks, which meet in {@code store}. No scope frees them. */
    static Backend connect(World world, Store store) {
        try (Scope scope = new Scope()) {
            ProcessGroupNCCL.Options options = ProcessGroupNCCL.Options.create();
            options.timeout(Board.milliseconds(world.timeout()));
            return Scope.release(new ProcessGroupNCCL(store, world.rank(), world.size(), options));
        }
    }
}
