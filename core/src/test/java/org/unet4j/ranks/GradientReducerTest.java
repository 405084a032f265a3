package org.unet4j.ranks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.unet4j.torch.Device;
import org.unet4j.torch.Gradients;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Seeds;
import org.unet4j.torch.Tensors;
import org.unet4j.torch.Torch;

/** Two ranks, each a process, whose gradients depend on the rank: this process knows what both have. */
class GradientReducerTest {

    private static final int STEPS = 4;
    private static final int MICRO_BATCHES = 2;

    /** Kernels in both memory orders, a bias, and one number; together several buckets. */
    private static List<Tensor> parameters(ScalarType type) {
        List<Tensor> parameters = new ArrayList<>();
        RandomGenerator random = Seeds.random(1, 2);
        for (long[] shape :
                new long[][] {{64, 32, 3, 3, 3}, {512, 1024}, {64, 32, 3, 3, 3}, {7}, {}, {3, 2, 1, 3, 2}}) {
            Tensor values = values(random, shape).to(type);
            if (parameters.size() == 2 || parameters.size() == 5) {
                values = values.contiguous(MemoryFormat.ChannelsLast3d);
            }
            parameters.add(values.set_requires_grad(true));
        }
        return parameters;
    }

    private static Tensor values(RandomGenerator random, long... shape) {
        float[] values = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b))];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return Tensors.of(values, shape);
    }

    /** Adds to each parameter's gradient factors that the step, the micro-batch and the rank decide. */
    private static void backward(List<Tensor> parameters, int step, int microBatch, int rank) {
        try (Scope scope = new Scope()) {
            RandomGenerator random = Seeds.random(7, step, microBatch, rank);
            Tensor loss = Tensors.zeros(new long[0], ScalarType.Double, Device.cpu());
            for (Tensor parameter : parameters) {
                Tensor factors = values(random, Tensors.shape(parameter)).to(parameter.scalar_type());
                loss = loss.add(parameter.mul(factors).sum());
            }
            loss.backward();
        }
    }

    private static long hash(List<Tensor> parameters) {
        try (Scope scope = new Scope()) {
            long hash = 0;
            for (Tensor parameter : parameters) {
                Tensor gradient = parameter.grad();
                hash = 31 * hash + Arrays.hashCode(Tensors.toFloats(gradient));
                for (int axis = 0; axis < gradient.dim(); axis++) {
                    hash = 31 * hash + gradient.stride(axis);
                }
            }
            return hash;
        }
    }

    /** A run of one rank: prints the hash of all gradients after each step, once for each way and type. */
    static final class Rank {
        public static void main(String[] arguments) throws IOException {
            World world = RankProcesses.world(arguments);
            Torch.start(1, true);
            try (Scope scope = new Scope();
                    Peers peers = Peers.connect(world, Device.cpu())) {
                if (arguments[1].equals("for ever")) {
                    forEver(peers);
                }
                for (ScalarType type : List.of(ScalarType.Float, ScalarType.Double)) {
                    steps(peers, parameters(type));
                }
                peers.finish();
            } catch (LostRankException e) {
                System.out.println(e.getMessage());
            }
        }

        private static void steps(Peers peers, List<Tensor> parameters) {
            int rank = peers.world().rank();
            try (GradientReducer reducer = new GradientReducer(peers, parameters)) {
                for (int step = 0; step < STEPS; step++) {
                    int number = step;
                    backward(parameters, number, 0, rank);
                    System.out.println(hash(parameters));
                    reducer.during(() -> backward(parameters, number, 1, rank));
                    System.out.println(hash(parameters));
                    Gradients.drop(parameters);
                    backward(parameters, number, 0, rank);
                    backward(parameters, number, 1, rank);
                    reducer.after();
                    System.out.println(hash(parameters));
                    Gradients.drop(parameters);
                }
            }
        }

        private static void forEver(Peers peers) {
            List<Tensor> parameters = parameters(ScalarType.Float);
            try (GradientReducer reducer = new GradientReducer(peers, parameters)) {
                System.out.println("ready");
                for (int step = 0; ; step++) {
                    int number = step;
                    reducer.during(
                            () -> backward(parameters, number, 0, peers.world().rank()));
                }
            }
        }
    }

    /** What one process that knows both ranks' gradients computes. Halving is exact, and the sum of two has one order. */
    private static long mean(ScalarType type, int step) {
        try (Scope scope = new Scope()) {
            List<List<Tensor>> ranks = List.of(parameters(type), parameters(type));
            for (int rank = 0; rank < ranks.size(); rank++) {
                for (int microBatch = 0; microBatch < MICRO_BATCHES; microBatch++) {
                    backward(ranks.get(rank), step, microBatch, rank);
                }
            }
            for (int i = 0; i < ranks.get(0).size(); i++) {
                Tensor mine = ranks.get(0).get(i).grad();
                mine.mul_(new Scalar(0.5)).add_(ranks.get(1).get(i).grad().mul(new Scalar(0.5)));
            }
            return hash(ranks.get(0));
        }
    }

    @Test
    void aBucketIsAnEighthOfAllWithinBounds() {
        assertThat(GradientReducer.bucketBytes(5_600_000)).isEqualTo(700_000);
        assertThat(GradientReducer.bucketBytes(1_000)).isEqualTo(GradientReducer.LEAST_BUCKET_BYTES);
        assertThat(GradientReducer.bucketBytes(1L << 32)).isEqualTo(GradientReducer.MOST_BUCKET_BYTES);
    }

    @Test
    void gradientsAreTheMeanOfTheSumsOfAllRanks() throws Exception {
        try (RankProcesses ranks = RankProcesses.start(Rank.class, List.of(0, 1), 2, RankProcesses.PATIENT, "steps")) {
            assertThat(ranks.rest(0)).isEqualTo(expected(0));
            assertThat(ranks.rest(1)).isEqualTo(expected(1));
        }
    }

    /** Returns what {@code rank} prints: its own gradient after the first micro-batch, the mean after the second, both ways. */
    private static List<String> expected(int rank) {
        List<String> expected = new ArrayList<>();
        for (ScalarType type : List.of(ScalarType.Float, ScalarType.Double)) {
            for (int step = 0; step < STEPS; step++) {
                List<Tensor> own = parameters(type);
                backward(own, step, 0, rank);
                long mean = mean(type, step);
                for (long hash : new long[] {hash(own), mean, mean}) {
                    expected.add(Long.toString(hash));
                }
            }
        }
        return expected;
    }

    @Test
    void aRankThatDiesDuringTheBackwardPassIsNamed() throws Exception {
        try (RankProcesses ranks =
                RankProcesses.start(Rank.class, List.of(0, 1), 2, RankProcesses.PATIENT, "for ever")) {
            assertThat(ranks.line(0)).isEqualTo("ready");
            assertThat(ranks.line(1)).isEqualTo("ready");
            ranks.process(1).destroyForcibly().waitFor();
            assertThat(ranks.rest(0)).containsExactly("rank 1 of 2 is gone");
        }
    }
}
