package org.unet4j.ranks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.AllreduceOptions;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.BackendOptional;
import org.bytedeco.pytorch.ProcessGroup;
import org.bytedeco.pytorch.ProcessGroup.BackendType;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.torch.Device;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;

/**
 * The other processes that train the same network: c10d with Gloo between processors and NCCL between cards.
 *
 * <p>All ranks call the same methods in the same order, each from one thread. Where one dies, hangs or gives up, the call fails on
 * all others with a {@link LostRankException} that names it, within the world's time-out and some seconds. After that only
 * {@link #close} is of use.
 *
 * <pre>{@code
 * try (Peers peers = Peers.connect(World.from(environment), device)) {
 *     peers.broadcast(network.parameters());
 *     ...
 *     peers.finish();
 * }
 * }</pre>
 */
public final class Peers implements AutoCloseable {

    private static final Pattern TIMED_OUT = Pattern.compile("(?i)tim(ed|e) ?-?out");

    /** What one call of c10d broadcasts at once. */
    private static final long BROADCAST_BYTES = 250L << 20;

    private final World world;
    private final Board board;
    private final List<Board> boards = new ArrayList<>();
    private final Pulse pulse;
    private final Inquest inquest;
    private final List<Backend> backends = new ArrayList<>();
    private final ProcessGroup group;
    private boolean finished;
    private Optional<LostRankException> lost = Optional.empty();

    private Peers(World world, Board board, ProcessGroup group) {
        this.world = world;
        this.board = board;
        this.group = group;
        boards.add(board);
        pulse = Pulse.start(board, world);
        inquest = new Inquest(board, world);
    }

    /**
     * Returns the connections to all other ranks of {@code world}, once all have come.
     *
     * @throws LostRankException if some do not come within the time-out
     */
    public static Peers connect(World world, Device device) {
        if (world.isAlone()) {
            throw new IllegalArgumentException("a world of one rank has no peers");
        }
        // From here on TORCH_CPP_LOG_LEVEL counts: FATAL keeps c10d from telling stack by stack what a message of ours
        // says.
        torch.initLogging();
        Board board = uninterrupted(() -> new RollCall(world).meet());
        ProcessGroup group;
        try (Scope scope = new Scope()) {
            // The constructor with a store fails: it takes the store's reference count for broken.
            group = Scope.release(new ProcessGroup(world.rank(), world.size()));
        }
        Peers peers = new Peers(world, board, group);
        try {
            peers.guard(() -> peers.connectBackends(device));
        } catch (RuntimeException e) {
            peers.close();
            throw e;
        }
        return peers;
    }

    private void connectBackends(Device device) {
        try (Scope scope = new Scope()) {
            // A connection of its own: libtorch waits on it, and the pulse must not.
            Board meeting = Board.visit(world);
            boards.add(meeting);
            Backend gloo = Gloo.connect(world, meeting.store());
            backends.add(gloo);
            group.setBackend(DeviceType.CPU, BackendType.GLOO, new BackendOptional(gloo));
            if (device.isCuda()) {
                Backend nccl = Nccl.connect(world, meeting.store());
                backends.add(nccl);
                group.setBackend(DeviceType.CUDA, BackendType.NCCL, new BackendOptional(nccl));
            }
            group.setDefaultBackend(device.isCuda() ? BackendType.NCCL : BackendType.GLOO);
        }
    }

    /** Returns which process this is. */
    public World world() {
        return world;
    }

    ProcessGroup group() {
        return group;
    }

    /** Returns {@code values}, a tensor that is dense in memory, whose values are now the sums over all ranks; equal bits on all. */
    public Tensor sum(Tensor values) {
        return sum(values, world.timeout());
    }

    private Tensor sum(Tensor values, Duration limit) {
        guard(() -> {
            try (Scope scope = new Scope()) {
                AllreduceOptions options = new AllreduceOptions();
                options.timeout(Board.milliseconds(limit));
                // synchronize() returns before the sum is there.
                group.allreduce(new TensorVector(values.detach()), options)._wait();
            }
        });
        return values;
    }

    /** Returns once all ranks have called it. */
    public void barrier() {
        barrier(world.timeout());
    }

    /** Returns once all ranks have called it; {@code limit} takes the place of the time-out, for work that differs in length. */
    public void barrier(Duration limit) {
        try (Scope scope = new Scope()) {
            sum(Tensors.zeros(new long[] {1}, ScalarType.Float, Device.cpu()), limit);
        }
    }

    /** Returns the bytes of all ranks, in the order of the ranks. Their lengths may differ. */
    public List<byte[]> gather(byte[] mine) {
        try (Scope scope = new Scope()) {
            Tensor lengths = Tensors.zeros(new long[] {world.size()}, ScalarType.Long, Device.cpu());
            Tensors.memory(lengths).asLongBuffer().put(world.rank(), mine.length);
            sum(lengths);
            long[] length = new long[world.size()];
            Tensors.memory(lengths).asLongBuffer().get(length);
            long[] start = new long[world.size() + 1];
            for (int rank = 0; rank < length.length; rank++) {
                start[rank + 1] = start[rank] + length[rank];
            }
            // Each rank adds its bytes to zeros: the sum is all of them.
            Tensor all = Tensors.zeros(new long[] {start[world.size()]}, ScalarType.Byte, Device.cpu());
            if (all.numel() > 0) {
                Tensors.byteBuffer(all).put(Math.toIntExact(start[world.rank()]), mine);
                sum(all);
            }
            List<byte[]> parts = new ArrayList<>();
            for (int rank = 0; rank < length.length; rank++) {
                byte[] part = new byte[Math.toIntExact(length[rank])];
                if (part.length > 0) {
                    Tensors.byteBuffer(all).get(Math.toIntExact(start[rank]), part);
                }
                parts.add(part);
            }
            return parts;
        }
    }

    /** Sets {@code tensors}, of the same shapes on all ranks, to those of rank 0. */
    public void broadcast(List<Tensor> tensors) {
        guard(() -> {
            try (Scope scope = new Scope();
                    AutoGradMode off = new AutoGradMode(false)) {
                TensorVector values = new TensorVector();
                tensors.forEach(tensor -> values.push_back(tensor.detach()));
                torch.broadcast_coalesced(group, values, BROADCAST_BYTES, 0);
            }
        });
    }

    /**
     * Does {@code work}, in which c10d may wait for the other ranks.
     *
     * @throws LostRankException if it fails and ranks are lost; other failures are thrown as they are
     */
    public void guard(Runnable work) {
        try {
            work.run();
        } catch (LostRankException e) {
            throw e;
        } catch (RuntimeException e) {
            if (lost.isPresent()) {
                throw lost.get();
            }
            boolean timedOut = TIMED_OUT.matcher(String.valueOf(e.getMessage())).find();
            lost = uninterrupted(() -> inquest.hold(timedOut));
            lost.ifPresent(found -> found.addSuppressed(e));
            throw lost.isPresent() ? lost.get() : e;
        }
    }

    /** Tells the other ranks why this one ends before them: what they wait for fails with that. Then {@link #close}. */
    public void giveUp(String why) {
        if (lost.isEmpty() && !finished) {
            inquest.giveUp(why);
        }
    }

    /** Returns once all ranks have come to the end. Without it, {@link #close} means that this rank gives up. */
    public void finish() {
        barrier();
        finished = true;
    }

    /** Ends the connections. Rank 0, where it keeps the store, stays until all that are left have read what they need. */
    @Override
    public void close() {
        Departure departure = new Departure(world, board);
        if (!finished && lost.isEmpty()) {
            departure.leaves(() -> inquest.giveUp("it ended early"));
        }
        // The others wait for this rank no longer: their calls fail.
        backends.forEach(Backend::deallocate);
        group.deallocate();
        boolean said = departure.leave(lost.map(LostRankException::lost).orElse(List.of()));
        // A thread that still waits for the board's host keeps the connections.
        if (pulse.end() && said) {
            boards.forEach(Board::close);
        }
    }

    /** What a thread waits for that may be interrupted. */
    private interface Waiting<T> {
        T get() throws InterruptedException;
    }

    private static <T> T uninterrupted(Waiting<T> waiting) {
        try {
            return waiting.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for the other ranks");
        }
    }
}
