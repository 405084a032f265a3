package org.unet4j.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.unet4j.ranks.FreePort;
import org.unet4j.ranks.SameJava;
import org.unet4j.ranks.World;

/**
 * The processes of a command that is computed by several on this machine: each is this command without {@code --ranks}, and finds
 * its rank in its environment, as under any launcher. They print where this one prints.
 */
final class RankProcesses {

    private static final long PATIENCE_MINUTES = 5;

    private final List<String> arguments;
    private final int count;
    private final List<Process> processes = new ArrayList<>();

    RankProcesses(List<String> arguments, int count) {
        this.arguments = withoutRanks(arguments);
        this.count = count;
    }

    /** Returns the exit code: 0 where all end well, else that of the first that does not. They hear of SIGINT and SIGTERM. */
    int run() throws IOException, InterruptedException {
        Thread hook = new Thread(this::stop, "ranks");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            int port = FreePort.choose();
            for (int rank = 0; rank < count; rank++) {
                ProcessBuilder builder = new ProcessBuilder(SameJava.command(Main.class, arguments)).inheritIO();
                builder.environment().putAll(World.local(rank, count, port).environment());
                processes.add(builder.start());
            }
            int code = Main.DONE;
            for (Process process : processes) {
                int one = process.waitFor();
                code = code == Main.DONE ? one : code;
            }
            return code;
        } finally {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException ending) {
                // The process ends already; the hook waits for the others.
            }
        }
    }

    private void stop() {
        processes.forEach(Process::destroy);
        for (Process process : processes) {
            try {
                if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Returns {@code arguments} but for {@code --ranks} and its number. */
    static List<String> withoutRanks(List<String> arguments) {
        List<String> others = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i).equals(RankOptions.RANKS)) {
                i++;
            } else if (!arguments.get(i).startsWith(RankOptions.RANKS + "=")) {
                others.add(arguments.get(i));
            }
        }
        return others;
    }
}
