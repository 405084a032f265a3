package org.unet4j.ranks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.bytedeco.pytorch.AllreduceOptions;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.BackendOptional;
import org.bytedeco.pytorch.ProcessGroup;
import org.bytedeco.pytorch.ProcessGroup.BackendType;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.unet4j.Card;
import org.unet4j.torch.Device;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.torch.Torch;

/** NCCL in a world of one rank: whether it loads, meets and computes. Several ranks need several cards. */
@Tag("gpu")
@Timeout(60)
class CardNcclTest {

    @Test
    void oneRankSumsAndBroadcastsWhatItHas() throws IOException {
        Device card = Card.required();
        Torch.start(1, false);
        World world = World.local(0, 1, FreePort.choose()).withTimeout(Duration.ofSeconds(30));
        try (Board board = Board.host(world);
                Scope scope = new Scope()) {
            Backend nccl = Nccl.connect(world, board.store());
            ProcessGroup group = Scope.release(new ProcessGroup(0, 1));
            group.setBackend(DeviceType.CUDA, BackendType.NCCL, new BackendOptional(nccl));
            group.setDefaultBackend(BackendType.NCCL);
            Tensor values = Tensors.to(Tensors.of(new float[] {1, 2, 3}, 3), card, ScalarType.Float);
            AllreduceOptions options = new AllreduceOptions();
            options.timeout(Board.milliseconds(world.timeout()));
            group.allreduce(new TensorVector(values), options)._wait();
            torch.broadcast_coalesced(group, new TensorVector(values), 1 << 20, 0);
            assertThat(Tensors.toFloats(values)).containsExactly(1, 2, 3);
            nccl.deallocate();
            group.deallocate();
        }
    }
}
