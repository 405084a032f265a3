package org.unet4j.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.unet4j.augment.Augmentation;
import org.unet4j.io.Dataset;
import org.unet4j.prep.Store;
import org.unet4j.ranks.Peers;
import org.unet4j.ranks.RankProcesses;
import org.unet4j.torch.Device;
import org.unet4j.torch.Precision;
import org.unet4j.train.Team;
import org.unet4j.train.TrainConfig;
import org.unet4j.train.Validation;

/** A benchmark of {@link Worlds} as one of several processes. It prints every case that it predicts, and the mean Dice. */
final class BenchmarkProcess {

    private BenchmarkProcess() {}

    /** Returns a benchmark in doubles, where rounding hides nothing. */
    static Benchmark benchmark(Path folder, Path out) throws IOException {
        Dataset dataset = Dataset.open(folder.resolve("Balls"));
        Store store = Store.open(folder.resolve("prepared"));
        TrainConfig training = TrainConfig.defaults("unet", store.plan(), Device.cpu())
                .withSteps(25)
                .withThreads(1)
                .withPrecision(Precision.FP64)
                .withAugmentation(Augmentation.none())
                .withLearningRate(0.02)
                .withValidation(new Validation(0, 1, false));
        BenchmarkConfig config = BenchmarkConfig.of(List.of("unet", "resunet"), "fold 0", training);
        return new Benchmark(config, store, dataset, Worlds.SPLIT, out, Device.cpu(), "again");
    }

    /** Arguments: the world, the folder of dataset and store, and where the benchmark goes. */
    public static void main(String[] arguments) throws IOException {
        Benchmark benchmark = benchmark(Path.of(arguments[1]), Path.of(arguments[2]));
        try (Peers peers = Peers.connect(RankProcesses.world(arguments), Device.cpu())) {
            BenchmarkListener listener = new BenchmarkListener() {
                @Override
                public void predicted(Run run, int done, int total) {
                    System.out.println(run + " predicted");
                }
            };
            benchmark
                    .together(Team.of(peers), listener, () -> false)
                    .orElseThrow()
                    .networks()
                    .forEach(network -> System.out.println(
                            network.name() + " " + network.mean().dice()));
            peers.finish();
        }
    }
}
