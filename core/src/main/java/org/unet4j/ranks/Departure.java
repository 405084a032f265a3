package org.unet4j.ranks;

import java.util.Collection;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/** How a rank leaves the board: with a note, and its host last. */
final class Departure {

    private static final long LOOK_MILLIS = 20;

    private final World world;
    private final Board board;

    Departure(World world, Board board) {
        this.world = world;
        this.board = board;
    }

    /** Returns whether {@code note} was left; it is not where the host of the board is gone or does not answer. */
    boolean leaves(Runnable note) {
        FutureTask<Void> task = new FutureTask<>(note, null);
        Thread thread = new Thread(task, "unet4j-departure");
        thread.setDaemon(true);
        thread.start();
        try {
            task.get(Inquest.GRACE.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Returns whether the board was left in order. Its host waits for the others, but for those that are {@code lost}. */
    boolean leave(Collection<Integer> lost) {
        try {
            boolean said = lost.contains(0) || leaves(() -> board.add(left(world.rank()), 1));
            if (said && world.hostsStore()) {
                awaitOthers(lost);
            }
            return said;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void awaitOthers(Collection<Integer> lost) throws InterruptedException {
        long end = System.nanoTime() + world.timeout().toNanos();
        while (System.nanoTime() < end
                && IntStream.range(0, world.size())
                        .filter(rank -> !lost.contains(rank))
                        .anyMatch(rank -> !board.has(left(rank)))) {
            Thread.sleep(LOOK_MILLIS);
        }
    }

    private static String left(int rank) {
        return "left/" + rank;
    }
}
