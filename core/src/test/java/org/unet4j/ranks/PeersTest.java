package org.unet4j.ranks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unet4j.torch.Device;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.torch.Torch;

/** RankProcesses in processes of their own. */
class PeersTest {

    private static final Duration PATIENT = RankProcesses.PATIENT;

    /** For what shall fail by it. */
    private static final Duration SHORT = Duration.ofSeconds(3);

    /** A run of one rank: argument 0 is its world, argument 1 what it does. */
    static final class Rank {
        public static void main(String[] arguments) throws IOException, InterruptedException {
            World world = arguments[1].equals("agent")
                    ? guest(RankProcesses.world(arguments))
                    : RankProcesses.world(arguments);
            Torch.start(1, true);
            try (Scope scope = new Scope();
                    Peers peers = Peers.connect(world, Device.cpu())) {
                switch (arguments[1]) {
                    case "exchange", "agent" -> exchange(peers);
                    case "sum" -> sumForEver(peers);
                    case "compute" -> computeOnce(peers);
                    default -> endEarly(peers, arguments[1]);
                }
            } catch (LostRankException e) {
                System.out.println(e.spokesman() + " " + e.lost() + " " + e.getMessage());
            }
        }

        private static World guest(World world) {
            Map<String, String> environment = new HashMap<>(world.environment());
            environment.put("TORCHELASTIC_USE_AGENT_STORE", "True");
            return World.from(environment).withTimeout(world.timeout());
        }

        private static void exchange(Peers peers) {
            int rank = peers.world().rank();
            Tensor values = Tensors.of(new float[] {rank + 1, 10}, 2);
            System.out.println(Arrays.toString(Tensors.toFloats(peers.sum(values))));
            for (int round = 0; round < 3; round++) {
                String mine = "é".repeat(round * (1 + rank));
                System.out.println(peers.gather(mine.getBytes(StandardCharsets.UTF_8)).stream()
                        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                        .collect(Collectors.joining("|")));
            }
            Tensor kernel = Tensors.of(new float[] {rank, 1, 2, 3, 4, 5, 6, 7}, 1, 2, 1, 2, 2)
                    .contiguous(MemoryFormat.ChannelsLast3d)
                    .set_requires_grad(true);
            Tensor bytes = Tensors.ofBytes(new byte[] {(byte) (rank + 5)}, 1);
            peers.broadcast(List.of(kernel, bytes));
            System.out.println(Arrays.toString(Tensors.toFloats(kernel)) + Arrays.toString(Tensors.toBytes(bytes)));
            peers.barrier();
            peers.finish();
        }

        private static void sumForEver(Peers peers) throws InterruptedException {
            System.out.println("ready");
            while (true) {
                peers.barrier();
                Thread.sleep(20);
            }
        }

        private static void computeOnce(Peers peers) throws InterruptedException {
            System.out.println("ready");
            if (peers.world().rank() == 2) {
                Thread.sleep(Inquest.GRACE.multipliedBy(2).toMillis());
            }
            peers.barrier();
        }

        private static void endEarly(Peers peers, String how) throws InterruptedException {
            System.out.println("ready");
            if (peers.world().rank() > 0) {
                switch (how) {
                    case "give up" -> peers.giveUp("the disk is full");
                    case "close" -> {}
                    case "sleep" -> Thread.sleep(30_000);
                    default -> throw new IllegalArgumentException(how);
                }
            } else {
                peers.barrier();
            }
        }
    }

    @Test
    void ranksSumGatherAndBroadcast() throws Exception {
        try (RankProcesses ranks = RankProcesses.start(Rank.class, List.of(0, 1, 2), 3, PATIENT, "exchange")) {
            for (int rank = 0; rank < 3; rank++) {
                assertThat(ranks.rest(rank))
                        .containsExactly(
                                "[6.0, 30.0]",
                                "||",
                                "é|éé|ééé",
                                "éé|éééé|éééééé",
                                "[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0][5]");
            }
        }
    }

    /** As under torchrun, whose agent keeps the store: this process is the agent. */
    @Test
    void rankZeroIsAGuestOnTheAgentsStore() throws Exception {
        int port = FreePort.choose();
        Board agent = Board.host(World.local(0, 2, port));
        try (RankProcesses ranks = RankProcesses.start(Rank.class, List.of(0, 1), 2, port, PATIENT, "agent")) {
            assertThat(ranks.rest(0)).startsWith("[3.0, 20.0]").hasSize(5);
            assertThat(ranks.rest(1)).startsWith("[3.0, 20.0]").hasSize(5);
        } finally {
            agent.close();
        }
    }

    /** The others notice at once, long before the time-out. */
    @ParameterizedTest
    @CsvSource({"1, 0", "0, 1"})
    void aKilledRankIsNamedWithinSeconds(int killed, int left) throws Exception {
        try (RankProcesses ranks = RankProcesses.start(Rank.class, List.of(0, 1), 2, PATIENT, "sum")) {
            assertThat(ranks.line(0)).isEqualTo("ready");
            assertThat(ranks.line(1)).isEqualTo("ready");
            long start = System.nanoTime();
            ranks.process(killed).destroyForcibly().waitFor();
            assertThat(ranks.rest(left)).containsExactly("true [" + killed + "] rank " + killed + " of 2 is gone");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENT.dividedBy(3));
        }
    }

    /** Rank 2 computes meanwhile and notices long after rank 0, which waits with the verdict. */
    @Test
    void aRankThatComputesForLongIsNotTakenForTheDeadOne() throws Exception {
        try (RankProcesses ranks = RankProcesses.start(Rank.class, List.of(0, 1, 2), 3, PATIENT, "compute")) {
            for (int rank = 0; rank < 3; rank++) {
                assertThat(ranks.line(rank)).isEqualTo("ready");
            }
            ranks.process(1).destroyForcibly().waitFor();
            assertThat(ranks.rest(0)).containsExactly("true [1] rank 1 of 3 is gone");
            assertThat(ranks.rest(2)).containsExactly("false [1] rank 1 of 3 is gone");
        }
    }

    /** A stopped process says nothing and closes nothing: only the time-out tells. */
    @ParameterizedTest
    @CsvSource({"1, 0", "0, 1"})
    void aStoppedRankIsNamedAfterTheTimeOut(int stopped, int left) throws Exception {
        try (RankProcesses ranks = RankProcesses.start(Rank.class, List.of(0, 1), 2, SHORT, "sum")) {
            assertThat(ranks.line(0)).isEqualTo("ready");
            assertThat(ranks.line(1)).isEqualTo("ready");
            signal("STOP", ranks.process(stopped));
            assertThat(ranks.rest(left))
                    .containsExactly("true [" + stopped + "] rank " + stopped + " of 2 did not answer within 3 s");
        }
    }

    @Test
    void aRankThatLivesAndDoesNotComeIsNamedAfterTheTimeOut() throws Exception {
        try (RankProcesses ranks = RankProcesses.start(Rank.class, List.of(0, 1), 2, SHORT, "sleep")) {
            assertThat(ranks.line(0)).isEqualTo("ready");
            assertThat(ranks.rest(0)).containsExactly("true [1] rank 1 of 2 did not answer within 3 s");
        }
    }

    @ParameterizedTest
    @CsvSource({"give up, the disk is full", "close, it ended early"})
    void aRankThatEndsEarlySaysWhy(String how, String why) throws Exception {
        try (RankProcesses ranks = RankProcesses.start(Rank.class, List.of(0, 1), 2, PATIENT, how)) {
            assertThat(ranks.rest(0)).containsExactly("ready", "true [1] rank 1 of 2 gave up: " + why);
            assertThat(ranks.rest(1)).containsExactly("ready");
        }
    }

    @Test
    void ranksThatDoNotComeAreNamedByTheHost() throws Exception {
        try (RankProcesses ranks = RankProcesses.start(Rank.class, List.of(0, 2), 4, SHORT, "sum")) {
            String message = "\\[1, 3] ranks 1, 3 of 4 did not come to 127\\.0\\.0\\.1:\\d+ within 3 s";
            assertThat(ranks.rest(0)).singleElement().asString().matches("true " + message);
            assertThat(ranks.rest(1)).singleElement().asString().matches("false " + message);
        }
    }

    @Test
    void aHostThatDoesNotComeIsNamed() throws Exception {
        try (RankProcesses ranks = RankProcesses.start(Rank.class, List.of(1), 2, SHORT, "sum")) {
            assertThat(ranks.rest(0))
                    .singleElement()
                    .asString()
                    .matches("true \\[0] rank 1 of 2 could not reach rank 0 at 127\\.0\\.0\\.1:\\d+ within 3 s");
        }
    }

    @Test
    void oneRankHasNoPeers() {
        assertThatThrownBy(() -> Peers.connect(World.alone(), Device.cpu()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no peers");
    }

    private static void signal(String name, Process process) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(kill.exitValue()).isZero();
    }
}
