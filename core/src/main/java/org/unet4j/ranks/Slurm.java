package org.unet4j.ranks;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Slurm's srun says to each task of a step. */
final class Slurm {

    /** Below the ports that systems hand out by themselves. */
    private static final int FIRST_PORT = 15_000;

    private static final int PORTS = 15_000;

    /** Keeps the second step of a job off the port of the next job. */
    private static final int STEP_STRIDE = 1009;

    /** From here on the number of a step means that srun did not make it: a batch script, or the shell of salloc. */
    private static final long FIRST_SPECIAL_STEP = 0xFFFFFFF0L;

    private static final Pattern TASKS_ON_NODES = Pattern.compile("(\\d+)(?:\\(x(\\d+)\\))?(?:,|$)");

    private static final String[] STEP = {"SLURM_STEP_ID", "SLURM_STEPID"};
    private static final String[] TASKS = {"SLURM_STEP_NUM_TASKS", "SLURM_NTASKS"};

    private Slurm() {}

    /**
     * Returns whether srun started this process, and others with it. A batch script has a rank too, and the number of tasks that
     * were asked for, but is the only process until it calls srun.
     */
    static boolean isStep(Variables variables) {
        long step = variables.findLong(STEP).orElse(FIRST_SPECIAL_STEP);
        int rank = variables.findNumber("SLURM_PROCID").orElse(0);
        return (step < FIRST_SPECIAL_STEP || rank > 0)
                && variables.findNumber(TASKS).orElse(0) != 1;
    }

    static World world(Variables variables) {
        int rank = need(variables, "SLURM_PROCID");
        int size = need(variables, TASKS);
        int worldSize = variables.findNumber("WORLD_SIZE").orElse(size);
        if (worldSize != size) {
            throw new IllegalArgumentException("WORLD_SIZE=" + worldSize + " and srun started " + size
                    + " tasks: unset WORLD_SIZE, or start as many");
        }
        String nodes = variables
                .find("SLURM_STEP_NODELIST", "SLURM_JOB_NODELIST", "SLURM_NODELIST")
                .orElse("");
        String address = variables.find("MASTER_ADDR").orElseGet(() -> firstHost(nodes));
        if (address.isEmpty()) {
            throw missing("SLURM_STEP_NODELIST");
        }
        return new World(
                rank,
                size,
                need(variables, "SLURM_LOCALID"),
                localSize(variables),
                address,
                variables.findNumber("MASTER_PORT").orElseGet(() -> port(variables)),
                false,
                variables.findNumber("SLURM_RESTART_COUNT").orElse(0),
                World.TIMEOUT);
    }

    /** Returns the first host of a list such as {@code node[003-004,7],login}. */
    static String firstHost(String nodes) {
        StringBuilder host = new StringBuilder();
        int at = 0;
        while (at < nodes.length() && nodes.charAt(at) != ',') {
            int end = nodes.indexOf(']', at);
            if (nodes.charAt(at) == '[' && end > 0) {
                host.append(nodes.substring(at + 1, end).split("[-,]", 2)[0]);
                at = end + 1;
            } else {
                host.append(nodes.charAt(at));
                at++;
            }
        }
        return host.toString();
    }

    /** Returns the number of tasks on machine {@code node} of a list such as {@code 2(x3),1}. */
    static int tasksOn(int node, String tasksPerNode) {
        Matcher matcher = TASKS_ON_NODES.matcher(tasksPerNode);
        int nodes = 0;
        while (matcher.find()) {
            nodes += matcher.group(2) == null ? 1 : Integer.parseInt(matcher.group(2));
            if (node < nodes) {
                return Integer.parseInt(matcher.group(1));
            }
        }
        throw new IllegalArgumentException(
                "SLURM_TASKS_PER_NODE=" + tasksPerNode + " does not say how many tasks run on machine " + node);
    }

    private static int localSize(Variables variables) {
        return variables
                .find("SLURM_STEP_TASKS_PER_NODE", "SLURM_TASKS_PER_NODE")
                .map(tasks -> tasksOn(need(variables, "SLURM_NODEID"), tasks))
                .orElseGet(() -> need(variables, "SLURM_NTASKS_PER_NODE"));
    }

    /** Returns the same port on all ranks, and another for each job that may share a machine. */
    private static int port(Variables variables) {
        long job = variables.findLong("SLURM_JOB_ID", "SLURM_JOBID").orElseThrow(() -> missing("SLURM_JOB_ID"));
        long step = variables.findLong(STEP).orElse(0L);
        return FIRST_PORT + (int) ((job + STEP_STRIDE * step) % PORTS);
    }

    private static int need(Variables variables, String... names) {
        return variables.findNumber(names).orElseThrow(() -> missing(names[0]));
    }

    private static IllegalArgumentException missing(String name) {
        return new IllegalArgumentException(
                "this is a task of Slurm, and " + name
                        + " is missing: start with srun and hand on its variables, or unset SLURM_STEP_ID and SLURM_PROCID to train alone");
    }
}
