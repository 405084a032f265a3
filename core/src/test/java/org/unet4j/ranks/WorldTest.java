package org.unet4j.ranks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorldTest {

    private static final Map<String, String> TORCHRUN = Map.of(
            "RANK", "3",
            "WORLD_SIZE", "4",
            "LOCAL_RANK", "1",
            "LOCAL_WORLD_SIZE", "2",
            "MASTER_ADDR", "gpu-a",
            "MASTER_PORT", "29400",
            "TORCHELASTIC_USE_AGENT_STORE", "True",
            "TORCHELASTIC_RESTART_COUNT", "2");

    private static final Map<String, String> SLURM = Map.of(
            "SLURM_JOB_ID", "4000000123",
            "SLURM_STEP_ID", "0",
            "SLURM_PROCID", "4",
            "SLURM_NTASKS", "7",
            "SLURM_LOCALID", "0",
            "SLURM_NODEID", "2",
            "SLURM_TASKS_PER_NODE", "2(x3),1",
            "SLURM_JOB_NODELIST", "node[003-004,7,12]");

    @Test
    void noVariablesMeanAlone() {
        assertThat(World.from(Map.of("PATH", "/bin"))).isEqualTo(World.alone());
        assertThat(World.alone().isAlone()).isTrue();
    }

    @Test
    void torchrunSaysAll() {
        assertThat(World.from(TORCHRUN)).isEqualTo(new World(3, 4, 1, 2, "gpu-a", 29400, true, 2, World.TIMEOUT));
    }

    /** Of one process a pod; its agent-less processes meet at rank 0's. */
    @Test
    void aPyTorchJobHasOneProcessAPod() {
        Map<String, String> pod = Map.of(
                "RANK", "1",
                "WORLD_SIZE", "3",
                "MASTER_ADDR", "unet-master-0",
                "MASTER_PORT", "23456",
                "PET_NNODES", "3");
        assertThat(World.from(pod)).isEqualTo(new World(1, 3, 0, 1, "unet-master-0", 23456, false, 0, World.TIMEOUT));
    }

    @ParameterizedTest
    @CsvSource({"True, true", "1, true", "true, true", "False, false", "0, false", "'', false"})
    void theAgentsStoreIsUsedWhereTorchrunSaysSo(String value, boolean used) {
        assertThat(World.from(with(TORCHRUN, "TORCHELASTIC_USE_AGENT_STORE", value))
                        .agentStore())
                .isEqualTo(used);
    }

    @Test
    void oneProcessNeedsNoMeetingPlace() {
        assertThat(World.from(Map.of("RANK", "0", "WORLD_SIZE", "1")).isAlone()).isTrue();
    }

    /** torchrun on the machines of a Slurm job: its tasks are the agents. */
    @Test
    void torchrunCountsMoreThanTheSlurmThatStartedIt() {
        Map<String, String> both = new HashMap<>(SLURM);
        both.putAll(TORCHRUN);
        assertThat(World.from(both)).isEqualTo(World.from(TORCHRUN));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT", "LOCAL_RANK", "LOCAL_WORLD_SIZE"})
    void aMissingVariableIsNamed(String removed) {
        for (Map<String, String> variables : List.of(without(TORCHRUN, removed), with(TORCHRUN, removed, " "))) {
            assertThatThrownBy(() -> World.from(variables))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("and " + removed + " is missing")
                    .hasMessageContaining("torchrun");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "RANK, 4, 'rank 4 must be at least 0 and below the number of ranks, 4'",
        "RANK, -1, 'RANK=-1 must be a whole number of at least 0'",
        "RANK, one, 'RANK=one must be a whole number of at least 0'",
        "WORLD_SIZE, 0, 'the number of ranks, 0, must be at least 1'",
        "LOCAL_RANK, 2, 'local rank 2 must be at least 0 and below the number of ranks on this machine, 2'",
        "LOCAL_WORLD_SIZE, 5, 'the number of ranks on this machine, 5, must be from 1 to the number of ranks, 4'",
        "RANK, 0, 'local rank 1 must not be above rank 0'",
        "MASTER_PORT, 0, 'port 0 must be from 1 to 65535'",
        "MASTER_PORT, 70000, 'port 70000 must be from 1 to 65535'"
    })
    void contradictionsAreErrors(String name, String value, String message) {
        assertThatThrownBy(() -> World.from(with(TORCHRUN, name, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void slurmSaysAll() {
        World world = World.from(SLURM);
        assertThat(world).isEqualTo(new World(4, 7, 0, 2, "node003", world.port(), false, 0, World.TIMEOUT));
        assertThat(World.from(with(SLURM, "SLURM_STEP_NODELIST", "other[1-2]")).address())
                .isEqualTo("other1");
        assertThat(World.from(with(SLURM, "MASTER_ADDR", "chosen")).address()).isEqualTo("chosen");
        assertThat(World.from(with(SLURM, "MASTER_PORT", "1234")).port()).isEqualTo(1234);
        assertThat(World.from(with(SLURM, "SLURM_STEP_NUM_TASKS", "5")).size()).isEqualTo(5);
    }

    @Test
    void theRanksOfAStepAgreeOnAPortThatOtherJobsDoNotUse() {
        int port = World.from(SLURM).port();
        assertThat(port).isBetween(15_000, 29_999);
        assertThat(World.from(with(SLURM, "SLURM_PROCID", "5")).port()).isEqualTo(port);
        assertThat(World.from(with(SLURM, "SLURM_JOB_ID", "4000000124")).port()).isNotEqualTo(port);
        assertThat(World.from(with(SLURM, "SLURM_STEP_ID", "1")).port()).isNotEqualTo(port);
    }

    @Test
    void tasksPerNodeMayBeOneNumber() {
        Map<String, String> variables = with(without(SLURM, "SLURM_TASKS_PER_NODE"), "SLURM_NTASKS_PER_NODE", "2");
        assertThat(World.from(variables).localSize()).isEqualTo(2);
    }

    /** A batch script has rank 0 and the number of tasks that were asked for, and runs once. */
    @Test
    void whatSrunDidNotStartIsAlone() {
        assertThat(World.from(Map.of("SLURM_JOB_ID", "7")).isAlone()).isTrue();
        Map<String, String> batch = with(without(SLURM, "SLURM_STEP_ID"), "SLURM_PROCID", "0");
        assertThat(World.from(batch).isAlone()).isTrue();
        assertThat(World.from(with(batch, "SLURM_STEP_ID", "4294967291")).isAlone())
                .isTrue();
        assertThat(World.from(with(with(SLURM, "SLURM_PROCID", "0"), "SLURM_NTASKS", "1"))
                        .isAlone())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SLURM_PROCID", "SLURM_LOCALID", "SLURM_NODEID", "SLURM_JOB_ID"})
    void aMissingVariableOfSlurmIsNamed(String removed) {
        assertThatThrownBy(() -> World.from(without(SLURM, removed)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(removed + " is missing")
                .hasMessageContaining("srun");
    }

    @Test
    void slurmNeedsHostsAndTasks() {
        assertThatThrownBy(() -> World.from(without(SLURM, "SLURM_JOB_NODELIST")))
                .hasMessageContaining("SLURM_STEP_NODELIST is missing");
        assertThatThrownBy(() -> World.from(without(SLURM, "SLURM_NTASKS")))
                .hasMessageContaining("SLURM_STEP_NUM_TASKS is missing");
        assertThatThrownBy(() -> World.from(without(SLURM, "SLURM_TASKS_PER_NODE")))
                .hasMessageContaining("SLURM_NTASKS_PER_NODE is missing");
    }

    @Test
    void aWorldSizeThatSlurmDoesNotHaveIsAnError() {
        assertThatThrownBy(() -> World.from(with(SLURM, "WORLD_SIZE", "8")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("WORLD_SIZE=8 and srun started 7 tasks");
        assertThat(World.from(with(SLURM, "WORLD_SIZE", "7")).size()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "node[003-004,7] node003",
                "node7 node7",
                "a,b,c a",
                "gpu-[1,3]-ib,x gpu-1-ib",
                "rack[2-3]n[01-04] rack2n01",
                "n[9] n9",
                "host[1 host[1"
            })
    void theFirstHostOfAList(String nodes, String first) {
        assertThat(Slurm.firstHost(nodes)).isEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {"0 2(x3),1 2", "2 2(x3),1 2", "3 2(x3),1 1", "0 4 4", "1 1,8,2 8", "2 1,8,2 2"})
    void theTasksOfANode(int node, String tasksPerNode, int tasks) {
        assertThat(Slurm.tasksOn(node, tasksPerNode)).isEqualTo(tasks);
    }

    @Test
    void aNodeBeyondTheListIsAnError() {
        assertThatThrownBy(() -> Slurm.tasksOn(4, "2(x3),1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2(x3),1")
                .hasMessageContaining("machine 4");
    }

    @Test
    void aWorldIsMadeAgainFromItsVariables() {
        for (World world : List.of(World.from(TORCHRUN), World.local(1, 2, 5000), World.from(SLURM))) {
            assertThat(World.from(world.environment())).isEqualTo(world);
        }
    }

    @Test
    void aTimeOutIsPositive() {
        assertThat(World.alone().withTimeout(Duration.ofSeconds(9)).timeout()).hasSeconds(9);
        assertThatThrownBy(() -> World.alone().withTimeout(Duration.ZERO)).hasMessageContaining("time-out");
    }

    private static Map<String, String> with(Map<String, String> variables, String name, String value) {
        Map<String, String> changed = new HashMap<>(variables);
        changed.put(name, value);
        return changed;
    }

    private static Map<String, String> without(Map<String, String> variables, String name) {
        Map<String, String> changed = new HashMap<>(variables);
        changed.remove(name);
        return changed;
    }
}
