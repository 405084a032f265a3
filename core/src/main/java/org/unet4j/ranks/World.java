package org.unet4j.ranks;

import java.time.Duration;
import java.util.Map;

/**
 * The processes that train one network together, one for each device, and which of them this one is.
 *
 * @param rank this process, from 0
 * @param size how many processes there are
 * @param localRank this process among those of its machine, from 0: the card it uses
 * @param localSize how many of them run on its machine
 * @param address of the machine of rank 0, where all meet
 * @param port where they meet
 * @param agentStore whether the launcher's agent listens there and rank 0 comes as a guest like the others
 * @param attempt how often the launcher started the job again, from 0
 * @param timeout how long a process waits for the others before it names those that do not answer
 */
public record World(
        int rank,
        int size,
        int localRank,
        int localSize,
        String address,
        int port,
        boolean agentStore,
        int attempt,
        Duration timeout) {

    /** How long a process waits unless told otherwise: longer than any step, and than a scan's segmentation on a processor. */
    public static final Duration TIMEOUT = Duration.ofMinutes(5);

    private static final int MOST_PORT = 65535;

    /** Checks that the numbers fit together. */
    public World {
        require(size >= 1, "the number of ranks, " + size + ", must be at least 1");
        require(
                rank >= 0 && rank < size,
                "rank " + rank + " must be at least 0 and below the number of ranks, " + size);
        require(
                localSize >= 1 && localSize <= size,
                "the number of ranks on this machine, " + localSize + ", must be from 1 to the number of ranks, "
                        + size);
        require(
                localRank >= 0 && localRank < localSize,
                "local rank " + localRank + " must be at least 0 and below the number of ranks on this machine, "
                        + localSize);
        require(localRank <= rank, "local rank " + localRank + " must not be above rank " + rank);
        require(!address.isBlank(), "the address of rank 0 is empty");
        require(port >= 1 && port <= MOST_PORT, "port " + port + " must be from 1 to " + MOST_PORT);
        require(attempt >= 0, "attempt " + attempt + " must be at least 0");
        require(timeout.toMillis() > 0, "the time-out, " + timeout + ", must be at least a millisecond");
    }

    /** Returns the world of a process that trains by itself. */
    public static World alone() {
        return local(0, 1, MOST_PORT);
    }

    /** Returns rank {@code rank} of {@code size} processes on this machine that meet at {@code port}. */
    public static World local(int rank, int size, int port) {
        return new World(rank, size, rank, size, "127.0.0.1", port, false, 0, TIMEOUT);
    }

    /**
     * Returns what the launcher of this process says in {@code environment}: torchrun or a PyTorchJob of Kubeflow, else Slurm's
     * srun, else nobody, and the process is alone.
     *
     * @throws IllegalArgumentException if variables are missing, are no numbers or contradict each other
     */
    public static World from(Map<String, String> environment) {
        Variables variables = new Variables(environment);
        if (variables.has("RANK")) {
            return Torchrun.world(variables);
        }
        if (Slurm.isStep(variables)) {
            return Slurm.world(variables);
        }
        if (variables.has("WORLD_SIZE") || variables.has("LOCAL_RANK")) {
            return Torchrun.world(variables);
        }
        return alone();
    }

    /** Returns the variables from which {@link #from} makes this world, but for its time-out: for a process to start. */
    public Map<String, String> environment() {
        return Map.of(
                "RANK", Integer.toString(rank),
                "WORLD_SIZE", Integer.toString(size),
                "LOCAL_RANK", Integer.toString(localRank),
                "LOCAL_WORLD_SIZE", Integer.toString(localSize),
                "MASTER_ADDR", address,
                "MASTER_PORT", Integer.toString(port),
                "TORCHELASTIC_USE_AGENT_STORE", agentStore ? "True" : "False",
                "TORCHELASTIC_RESTART_COUNT", Integer.toString(attempt));
    }

    /** Returns this world with another time-out. */
    public World withTimeout(Duration newTimeout) {
        return new World(rank, size, localRank, localSize, address, port, agentStore, attempt, newTimeout);
    }

    /** Returns whether there is no other process. */
    public boolean isAlone() {
        return size == 1;
    }

    /** Returns whether this process keeps the store where all meet. */
    boolean hostsStore() {
        return rank == 0 && !agentStore;
    }

    /** Returns where all meet, for people. */
    String meetingPlace() {
        return address + ":" + port;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
