package org.unet4j.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.io.Json;
import org.unet4j.loss.Ranks;
import org.unet4j.ranks.Peers;
import org.unet4j.torch.Device;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;

/**
 * The processes that train one network together, each on its share of every batch. All of them see the run folder and the
 * prepared cases; only the first, which leads, writes there. Alone, a process is a team of one.
 *
 * @param peers the others; empty for a process alone
 */
public record Team(Optional<Peers> peers) implements Ranks {

    /** Returns the team of a process alone. */
    public static Team alone() {
        return new Team(Optional.empty());
    }

    /** Returns the team of this process and {@code peers}. */
    public static Team of(Peers peers) {
        return new Team(Optional.of(peers));
    }

    /** Returns which process this is, from 0. */
    public int rank() {
        return peers.map(others -> others.world().rank()).orElse(0);
    }

    @Override
    public int count() {
        return peers.map(others -> others.world().size()).orElse(1);
    }

    /** Returns whether this process writes what the run leaves behind. */
    public boolean leads() {
        return rank() == 0;
    }

    @Override
    public Tensor sum(Tensor local) {
        Tensor detached = local.detach();
        return peers.isPresent() ? peers.get().sum(detached.clone()) : detached;
    }

    /** Returns the sums of {@code mine} over all processes. */
    List<Double> sum(List<Double> mine) {
        if (peers.isEmpty()) {
            return mine;
        }
        try (Scope scope = new Scope()) {
            Tensor values = Tensors.zeros(new long[] {mine.size()}, ScalarType.Double, Device.cpu());
            ByteBuffer memory = Tensors.memory(values);
            mine.forEach(memory::putDouble);
            peers.get().sum(values);
            memory.rewind();
            List<Double> sums = new ArrayList<>();
            for (int i = 0; i < mine.size(); i++) {
                sums.add(memory.getDouble());
            }
            return sums;
        }
    }

    /** Returns whether one of the processes says {@code mine}; each calls this. */
    public boolean any(boolean mine) {
        return peers.isEmpty() ? mine : sum(List.of(mine ? 1.0 : 0.0)).get(0) > 0;
    }

    /** Returns once all processes have called it; {@code limit} is how long the first waits for the last. */
    public void barrier(Duration limit) {
        peers.ifPresent(others -> others.barrier(limit));
    }

    /** Sets {@code tensors} to those of the leader. */
    void broadcast(List<Tensor> tensors) {
        peers.ifPresent(others -> others.broadcast(tensors));
    }

    /** Returns what each process gives, in the order of their ranks. */
    <T> List<T> gather(T mine, Class<T> type, RunFolder run) throws IOException {
        if (peers.isEmpty()) {
            return List.of(mine);
        }
        List<T> all = new ArrayList<>();
        for (byte[] bytes : peers.get().gather(Json.line(mine).getBytes(StandardCharsets.UTF_8))) {
            all.add(Json.parse(run.path(), new String(bytes, StandardCharsets.UTF_8), type));
        }
        return all;
    }

    /** Tells the others how the run begins. */
    void announce(Start start) {
        peers.ifPresent(others -> others.gather(Json.line(start).getBytes(StandardCharsets.UTF_8)));
    }

    /** Returns how the run begins, from the leader. */
    Start follow(RunFolder run) throws IOException {
        byte[] bytes = peers.orElseThrow().gather(new byte[0]).get(0);
        return Json.parse(run.path(), new String(bytes, StandardCharsets.UTF_8), Start.class);
    }

    /**
     * How a run begins or goes on, as the leader found it.
     *
     * @param config with everything decided
     * @param position from where
     * @param ended whether it came to its end before, so that nothing is left to do
     */
    record Start(TrainConfig config, Checkpoint.Position position, boolean ended) {}
}
