package org.unet4j.ranks;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The ranks meet at the board, before anything else is made between them. */
final class RollCall {

    private static final long LOOK_MILLIS = 20;

    private final World world;

    RollCall(World world) {
        this.world = world;
    }

    /**
     * Returns the board, once all ranks have come to it.
     *
     * @throws LostRankException if some do not come within the time-out
     */
    Board meet() throws InterruptedException {
        Board board = open();
        Inquest inquest = new Inquest(board, world);
        try {
            call(board, inquest);
            return board;
        } catch (LostRankException e) {
            // The host stays until those that came have read who did not.
            if (new Departure(world, board).leave(e.lost())) {
                board.close();
            }
            throw e;
        } catch (IllegalStateException e) {
            board.close();
            throw e;
        } catch (RuntimeException e) {
            throw inquest.boardIsGone(false);
        }
    }

    private Board open() {
        try {
            return world.hostsStore() ? Board.host(world) : Board.visit(world);
        } catch (RuntimeException e) {
            if (world.hostsStore()) {
                throw new IllegalStateException(
                        "rank 0 cannot listen at port " + world.port()
                                + ": another process has it, or the system keeps it; choose another MASTER_PORT ("
                                + firstLine(e) + ")",
                        e);
            }
            throw new LostRankException(
                    "rank " + world.rank() + " of " + world.size() + " could not reach "
                            + (world.agentStore() ? "the launcher's store" : "rank 0") + " at " + world.meetingPlace()
                            + " within " + Inquest.seconds(world.timeout()) + why(),
                    world.agentStore() ? List.of() : List.of(0),
                    world.rank() == (world.agentStore() ? 0 : 1));
        }
    }

    private String why() {
        try {
            InetAddress.getByName(world.address());
            return "";
        } catch (UnknownHostException e) {
            return ": no host is called " + world.address();
        }
    }

    private static String firstLine(RuntimeException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private void call(Board board, Inquest inquest) throws InterruptedException {
        if (board.add(here(world.rank()), 1) > 1) {
            throw new IllegalStateException("two processes say that they are rank " + world.rank() + " of "
                    + world.size() + " at " + world.meetingPlace() + ": each needs its own RANK");
        }
        long end = System.nanoTime() + world.timeout().toNanos();
        while (true) {
            List<Integer> missing = IntStream.range(0, world.size())
                    .filter(rank -> !board.has(here(rank)))
                    .boxed()
                    .toList();
            if (missing.isEmpty()) {
                return;
            }
            Optional<LostRankException> found = inquest.find();
            if (found.isPresent()) {
                throw found.get();
            }
            if (System.nanoTime() > end) {
                throw inquest.verdict(
                        missing,
                        inquest.words(missing) + " did not come to " + world.meetingPlace() + " within "
                                + Inquest.seconds(world.timeout()));
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    private static String here(int rank) {
        return "here/" + rank;
    }
}
