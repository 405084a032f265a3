package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.unet4j.loss.CrossEntropy;
import org.unet4j.loss.Dice;
import org.unet4j.loss.DicePlus;
import org.unet4j.model.Safetensors;
import org.unet4j.prep.Store;
import org.unet4j.ranks.LostRankException;
import org.unet4j.ranks.Peers;
import org.unet4j.ranks.RankProcesses;
import org.unet4j.ranks.World;
import org.unet4j.torch.Device;
import org.unet4j.torch.Precision;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;

/** Processes that train together, as real processes. */
class TogetherTest {

    /** A step that a rank never begins. */
    private static final int NEVER = 1_000_000;

    @TempDir
    static Path data;

    private static Store store;

    @TempDir
    Path out;

    @BeforeAll
    static void prepare() throws IOException {
        store = TinyData.store(data);
    }

    /** How a run differs from another. */
    enum Variant {
        /** Doubles: rounding hides nothing. */
        DOUBLES(Precision.FP64, 50),
        /** The same with a batch in parts and features computed again. */
        DOUBLES_IN_PARTS(Precision.FP64, 6),
        /** A Dice whose terms are summed over the ranks before the quotient. */
        DOUBLES_WITH_DICE_OVER_THE_BATCH(Precision.FP64, 6),
        /** What people train in. */
        FLOATS(Precision.FP32, 10),
        /** What people train in where the processor has it. */
        REDUCED(Precision.BF16, 4);

        private final Precision precision;
        private final int steps;

        Variant(Precision precision, int steps) {
            this.precision = precision;
            this.steps = steps;
        }

        TrainConfig config(int prefetchThreads) {
            TrainConfig config = TinyData.config(steps).withPrecision(precision).withBatch(4);
            Machine machine = config.machine().withPrefetch(prefetchThreads, 3);
            return switch (this) {
                case DOUBLES_IN_PARTS -> config.withAccumulation(2).withMachine(machine.withRecompute(true));
                case DOUBLES_WITH_DICE_OVER_THE_BATCH ->
                    config.withLoss(new DicePlus(Dice.overBatch(), CrossEntropy.unweighted()))
                            .withMachine(machine);
                case REDUCED ->
                    config.withOptimization(config.optimization().withAverage(0.9))
                            .withDeepSupervision(true)
                            .withMachine(machine);
                default -> config.withMachine(machine);
            };
        }
    }

    /** One rank: trains, and prints how it ended. */
    static final class Rank {
        private Rank() {}

        /** Arguments: the world; variant; prepared cases; run folder; the rank that is to die, and before which step. */
        public static void main(String[] arguments) throws IOException {
            World world = RankProcesses.world(arguments);
            Store store = Store.open(Path.of(arguments[2]));
            boolean dies = Integer.parseInt(arguments[4]) == world.rank();
            AtomicInteger asked = new AtomicInteger();
            BooleanSupplier stop = () -> {
                if (dies && asked.getAndIncrement() == Integer.parseInt(arguments[5])) {
                    Runtime.getRuntime().halt(1);
                }
                return false;
            };
            TrainConfig config = Variant.valueOf(arguments[1]).config(1 + 2 * world.rank());
            try (Peers peers = Peers.connect(world, Device.cpu())) {
                TrainResult result = Trainer.together(
                        Team.of(peers),
                        TrainRequest.of(
                                config.withCheckpointEvery(3),
                                store,
                                TinyData.split(),
                                Path.of(arguments[3]),
                                Device.cpu(),
                                TrainListener.silent(),
                                stop));
                peers.finish();
                System.out.println("done " + result.step());
            } catch (LostRankException e) {
                System.out.println(e.spokesman() + " " + e.getMessage());
            }
        }
    }

    private RankProcesses start(Variant variant, Path run, int dying, int step) throws IOException {
        return RankProcesses.start(
                Rank.class,
                List.of(0, 1),
                2,
                RankProcesses.PATIENT,
                variant.name(),
                store.folder().toString(),
                run.toString(),
                Integer.toString(dying),
                Integer.toString(step));
    }

    private RunFolder together(Variant variant, Path run) throws Exception {
        try (RankProcesses ranks = start(variant, run, -1, NEVER)) {
            for (int rank = 0; rank < 2; rank++) {
                assertThat(ranks.rest(rank)).containsExactly("done " + variant.steps);
            }
        }
        return new RunFolder(run);
    }

    private RunFolder alone(Variant variant, Path run) throws IOException {
        Trainer.train(TrainRequest.of(
                variant.config(2).withCheckpointEvery(3),
                store,
                TinyData.split(),
                run,
                Device.cpu(),
                TrainListener.silent(),
                () -> false));
        return new RunFolder(run);
    }

    @ParameterizedTest
    @EnumSource(Variant.class)
    void twoRanksEqualOne(Variant variant) throws Exception {
        RunFolder one = alone(variant, out.resolve("one"));
        RunFolder two = together(variant, out.resolve("two"));
        double losses = variant.precision == Precision.FP64 ? 1e-6 : 1e-3;
        double weights = variant.precision == Precision.FP64 ? 1e-8 : 1e-2;
        List<Metrics.Step> expected = one.readMetrics().steps();
        List<Metrics.Step> given = two.readMetrics().steps();
        assertThat(given).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(Math.abs(given.get(i).loss() - expected.get(i).loss())).isLessThanOrEqualTo(losses);
        }
        double gradients = variant == Variant.FLOATS ? 1e-5 : losses; // the first differ by rounding alone
        assertThat(given.get(0).gradientNorm() / expected.get(0).gradientNorm() - 1)
                .isBetween(-gradients, gradients);
        assertThat(largestDifference(one.last(), two.last())).isLessThanOrEqualTo(weights);
        double before = ValidationScores.read(one.validation()).last().meanDice();
        assertThat(Math.abs(ValidationScores.read(two.validation()).last().meanDice() - before))
                .isLessThanOrEqualTo(0.01);
    }

    private static double largestDifference(Path one, Path other) throws IOException {
        try (Scope scope = new Scope()) {
            SortedMap<String, Tensor> expected = Safetensors.read(one);
            SortedMap<String, Tensor> given = Safetensors.read(other);
            double largest = 0;
            for (String name : expected.keySet()) {
                Tensor difference = Tensors.to(given.get(name), Device.cpu(), ScalarType.Double)
                        .sub(Tensors.to(expected.get(name), Device.cpu(), ScalarType.Double));
                largest = Math.max(largest, difference.abs().max().item_double());
            }
            return largest;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aRankThatDiesIsNamedAndTheSameCommandGoesOn(int dying) throws Exception {
        Path run = out.resolve("two");
        try (RankProcesses ranks = start(Variant.FLOATS, run, dying, 5)) {
            assertThat(ranks.rest(1 - dying)).containsExactly("true rank " + dying + " of 2 is gone");
        }
        assertThat(new RunFolder(run).checkpointStep()).hasValue(3);
        RunFolder undisturbed = new RunFolder(data.resolve("undisturbed"));
        if (!undisturbed.finished()) {
            together(Variant.FLOATS, undisturbed.path());
        }
        assertThat(together(Variant.FLOATS, run).last()).hasSameBinaryContentAs(undisturbed.last());
    }

    @Test
    void aBatchThatCannotBeSharedIsRefused() {
        TrainConfig config = TinyData.config(4).withBatch(3);
        Job job = new Job(
                config,
                store,
                TinyData.split(),
                new RunFolder(out.resolve("run")),
                Device.cpu(),
                TrainListener.silent(),
                () -> false);
        assertThatThrownBy(() -> job.requireShared(2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("batch 3 must be divisible by 1 parts x 2 ranks: each computes the same number of samples");
    }
}
