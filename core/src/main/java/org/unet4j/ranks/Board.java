package org.unet4j.ranks;

import java.time.Duration;
import java.util.Optional;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.PrefixStore;
import org.bytedeco.pytorch.StringVector;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;
import org.unet4j.torch.Scope;

/**
 * A connection to c10d's store, where ranks leave notes for each other. No call waits for a note; each waits for the host of the
 * store. Any thread may call.
 */
final class Board implements AutoCloseable {

    private final TCPStore tcp;
    private final PrefixStore store;

    private Board(TCPStore tcp, PrefixStore store) {
        this.tcp = tcp;
        this.store = store;
    }

    /** Returns the store itself, kept by this process. Others reach it as long as it is open. */
    static Board host(World world) {
        return open(world, true);
    }

    /** Returns a connection to the store, once it is there. */
    static Board visit(World world) {
        return open(world, false);
    }

    private static Board open(World world, boolean host) {
        try (Scope scope = new Scope()) {
            TCPStoreOptions options = new TCPStoreOptions();
            options.port((short) world.port());
            options.isServer(host);
            options.waitWorkers(false);
            options.timeout(milliseconds(world.timeout()));
            TCPStore tcp = Scope.release(new TCPStore(world.address(), options));
            // A job that is started again meets the notes of the one before on the agent's store.
            return new Board(tcp, Scope.release(new PrefixStore("unet4j/" + world.attempt(), tcp)));
        }
    }

    static Milliseconds milliseconds(Duration duration) {
        return new Milliseconds(duration.toMillis());
    }

    /** Returns the store for libtorch's own notes. */
    PrefixStore store() {
        return store;
    }

    boolean has(String key) {
        try (Scope scope = new Scope()) {
            return store.check(new StringVector(key));
        }
    }

    /** Returns the note called {@code key}, where there is one. */
    Optional<String> read(String key) {
        if (!has(key)) {
            return Optional.empty();
        }
        try (Scope scope = new Scope()) {
            return Optional.of(store.get_to_str(key));
        }
    }

    void write(String key, String note) {
        try (Scope scope = new Scope()) {
            store.set(key, note);
        }
    }

    /** Returns the number called {@code key} after it was raised by {@code amount}; it starts at 0. */
    long add(String key, long amount) {
        try (Scope scope = new Scope()) {
            return store.add(key, amount);
        }
    }

    @Override
    public void close() {
        store.deallocate();
        tcp.deallocate();
    }
}
