package org.unet4j.ranks;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Says twice a second on the board that this process lives, from a thread of its own: a rank that computes for long can be told
 * from one that is dead or stopped.
 */
final class Pulse {

    private static final Duration BEAT = Duration.ofMillis(500);

    private final Board board;
    private final World world;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    private Pulse(Board board, World world) {
        this.board = board;
        this.world = world;
        thread = new Thread(this::beat, "unet4j-pulse");
        thread.setDaemon(true);
    }

    static Pulse start(Board board, World world) {
        Pulse pulse = new Pulse(board, world);
        pulse.thread.start();
        return pulse;
    }

    private void beat() {
        try {
            do {
                board.add(key(world.rank()), 1);
            } while (!closed.await(BEAT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // The board is gone. Whoever waits for its host finds out, and tells; this thread has nobody to tell.
        }
    }

    /** Returns how often each rank has beaten. */
    static List<Long> beats(Board board, World world) {
        return IntStream.range(0, world.size())
                .mapToObj(rank -> board.add(key(rank), 0))
                .toList();
    }

    private static String key(int rank) {
        return "beat/" + rank;
    }

    /** Returns whether the thread has ended; it does not where the host of the board is stopped. */
    boolean end() {
        closed.countDown();
        try {
            thread.join(BEAT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }
}
