package org.unet4j.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import org.unet4j.ranks.LostRankException;
import org.unet4j.ranks.Peers;
import org.unet4j.ranks.World;
import org.unet4j.torch.Device;
import org.unet4j.train.Team;

/** A command as one of several processes that compute together. The first tells what there is to tell. */
final class Together {
    /** How long the others wait for the first process to prepare a dataset. */
    static final Duration PREPARING = Duration.ofDays(1);

    private final World world;
    private final Terminal terminal;
    private final Supplier<String> goingOn;

    /** What a command does. */
    @FunctionalInterface
    interface Work {
        /** Returns the exit code; says nothing but on {@code shown}. */
        int run(Team team, Terminal shown) throws Exception;
    }

    /** Makes one that tells how to go on where another process is lost. */
    Together(World world, Terminal terminal, Supplier<String> goingOn) {
        this.world = world;
        this.terminal = terminal;
        this.goingOn = goingOn;
    }

    /** Returns the exit code. */
    int run(Work work) throws Exception {
        try (Peers peers = Peers.connect(world, device(world))) {
            try {
                int code = work.run(Team.of(peers), world.rank() == 0 ? terminal : Terminal.silent());
                peers.finish();
                return code;
            } catch (IOException | RuntimeException e) {
                peers.giveUp(e.getMessage());
                throw e;
            }
        } catch (LostRankException e) {
            boolean toldByLeader = e.lost().contains(0) && e.gaveUp();
            if (e.spokesman() && !toldByLeader) {
                terminal.error(e.getMessage() + "; " + goingOn.get());
            }
            return Main.FAILED;
        } catch (IOException | RuntimeException e) {
            if (world.rank() == 0) {
                throw e;
            }
            return Main.FAILED; // The leader has met it too, or tells of a rank that gave up.
        }
    }

    /** Returns the device of this process. */
    static Device device(Team team) {
        return team.peers().map(peers -> device(peers.world())).orElseGet(Device::best);
    }

    private static Device device(World world) {
        return Device.best().isCuda() ? Device.cuda(world.localRank()) : Device.cpu();
    }
}
