package org.unet4j.ranks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Finds out which rank is lost, once waiting for the others failed.
 *
 * <p>Each rank that notices says so on the board, and looks for a while at the others: one that neither notices nor beats is
 * dead or stopped; after a time-out one that beats and has not noticed is stuck. What the first of them finds is the verdict
 * for all. Where the board does not answer, its host is lost.
 */
final class Inquest {

    /** How long a living rank may take to say anything. */
    static final Duration GRACE = Duration.ofSeconds(3);

    /** How long the board's host may keep an inquest waiting: a living one answers in milliseconds. */
    private static final Duration LONGEST = GRACE.multipliedBy(3).dividedBy(2);

    private static final Duration LOOK = Duration.ofMillis(100);
    private static final String VERDICT = "verdict";

    private final Board board;
    private final World world;

    Inquest(Board board, World world) {
        this.board = board;
        this.world = world;
    }

    /** Returns what to throw, where ranks are lost; {@code timedOut} says that the wait for them was as long as it may be. */
    Optional<LostRankException> hold(boolean timedOut) throws InterruptedException {
        FutureTask<Optional<LostRankException>> task = new FutureTask<>(() -> look(timedOut));
        Thread thread = new Thread(task, "unet4j-inquest");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            return Optional.of(boardIsGone(false));
        } catch (TimeoutException e) {
            return Optional.of(boardIsGone(timedOut));
        }
    }

    /** Says on the board why this rank ends before the others; the first reason counts. */
    void giveUp(String why) {
        if (!board.has(gaveUp(world.rank()))) {
            board.write(gaveUp(world.rank()), why);
        }
    }

    /** Returns the verdict that {@code lost} ranks are lost, or an earlier one. */
    LostRankException verdict(List<Integer> lost, String message) {
        String ranks = lost.stream().map(String::valueOf).collect(Collectors.joining(","));
        if (board.add("verdicts", 1) == 1) {
            board.write(VERDICT, ranks + "\n" + message);
            return exception(lost, message);
        }
        return find().orElseGet(() -> exception(lost, message));
    }

    /** Returns the verdict, where there is one. */
    Optional<LostRankException> find() {
        return board.read(VERDICT).map(note -> {
            String[] parts = note.split("\n", 2);
            List<Integer> lost =
                    List.of(parts[0].split(",")).stream().map(Integer::valueOf).toList();
            return exception(lost, parts[1]);
        });
    }

    private Optional<LostRankException> look(boolean timedOut) throws InterruptedException {
        board.add(noticed(world.rank()), 1);
        List<Long> before = Pulse.beats(board, world);
        long end = System.nanoTime() + GRACE.toNanos();
        while (System.nanoTime() < end) {
            Optional<LostRankException> found = find();
            if (found.isPresent()) {
                return found;
            }
            for (int rank : others()) {
                Optional<String> why = board.read(gaveUp(rank));
                if (why.isPresent()) {
                    return Optional.of(
                            verdict(List.of(rank), words(List.of(rank)) + LostRankException.GAVE_UP + why.get()));
                }
            }
            if (unaware().isEmpty()) {
                return Optional.empty();
            }
            Thread.sleep(LOOK.toMillis());
        }
        return judge(before, timedOut);
    }

    private Optional<LostRankException> judge(List<Long> before, boolean timedOut) {
        List<Long> after = Pulse.beats(board, world);
        List<Integer> unaware = unaware();
        List<Integer> silent = unaware.stream()
                .filter(rank -> before.get(rank).equals(after.get(rank)))
                .toList();
        List<Integer> lost = silent.isEmpty() && timedOut ? unaware : silent;
        return lost.isEmpty() ? Optional.empty() : Optional.of(verdict(lost, words(lost) + fate(lost, timedOut)));
    }

    private List<Integer> others() {
        return IntStream.range(0, world.size())
                .filter(rank -> rank != world.rank())
                .boxed()
                .toList();
    }

    /** Returns the other ranks that have not noticed that something is wrong. */
    private List<Integer> unaware() {
        return others().stream().filter(rank -> !board.has(noticed(rank))).toList();
    }

    /** Returns that the host of the board is lost. */
    LostRankException boardIsGone(boolean timedOut) {
        List<Integer> lost = new ArrayList<>();
        String who = "the launcher's store at " + world.meetingPlace();
        if (!world.agentStore()) {
            lost.add(0);
            who = words(lost);
        }
        return exception(lost, who + fate(List.of(0), timedOut));
    }

    private LostRankException exception(List<Integer> lost, String message) {
        int spokesman = IntStream.range(0, world.size())
                .filter(rank -> !lost.contains(rank))
                .findFirst()
                .orElse(-1);
        return new LostRankException(message, lost, spokesman == world.rank());
    }

    private String fate(List<Integer> lost, boolean timedOut) {
        if (timedOut) {
            return " did not answer within " + seconds(world.timeout());
        }
        return lost.size() == 1 ? " is gone" : " are gone";
    }

    /** Returns such as {@code "ranks 1, 3 of 4"}. */
    String words(List<Integer> ranks) {
        return (ranks.size() == 1 ? "rank " : "ranks ")
                + ranks.stream().map(String::valueOf).collect(Collectors.joining(", ")) + " of " + world.size();
    }

    /** Returns such as {@code "60 s"}. */
    static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    private static String noticed(int rank) {
        return "noticed/" + rank;
    }

    static String gaveUp(int rank) {
        return "gave-up/" + rank;
    }
}
