package org.unet4j.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.eval.CaseScore;
import org.unet4j.io.Dataset;
import org.unet4j.io.Nifti;
import org.unet4j.io.Split;
import org.unet4j.prep.Store;
import org.unet4j.report.BenchmarkPage;
import org.unet4j.report.BenchmarkResult;
import org.unet4j.report.CasePicture;
import org.unet4j.torch.Device;
import org.unet4j.torch.Provenance;
import org.unet4j.train.Machine;
import org.unet4j.train.Team;
import org.unet4j.train.TrainConfig;

/** What a benchmark does around its runs, with scores that nobody measured. */
class BenchmarkTest {

    private static final String COMMAND = "unet4j benchmark Balls --models unet,resunet";

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static Dataset dataset;
    private static Store store;

    private final List<String> scored = new ArrayList<>();
    private Provenance provenance = Worlds.PROVENANCE;

    @BeforeAll
    static void prepare() throws IOException {
        dataset = Worlds.dataset(shared.resolve("Balls"));
        store = Worlds.store(dataset, shared.resolve("prepared"));
    }

    private static BenchmarkConfig config(String... networks) {
        return BenchmarkConfig.of(
                List.of(networks), "fold 0", TrainConfig.defaults("unet", store.plan(), Device.cpu()));
    }

    private Benchmark benchmark(BenchmarkConfig config) {
        return new Benchmark(config, store, dataset, Worlds.SPLIT, folder.resolve("out"), Device.cpu(), COMMAND);
    }

    private Optional<RunScores> made(Run run) throws IOException {
        scored.add(run.toString());
        List<CaseScore> cases = new ArrayList<>();
        for (String id : Worlds.SPLIT.validation()) {
            cases.add(new CaseScore(id, new TreeMap<>(Map.of(1, 0.5 + 0.125 * run.seed()))));
            Path prediction = new BenchmarkFolder(folder.resolve("out")).prediction(run, id);
            Files.createDirectories(prediction.getParent());
            Nifti.write(prediction, Nifti.readLabels(shared.resolve("Balls/labelsTr/" + id + ".nii.gz")));
        }
        return Optional.of(new RunScores(
                run.network(),
                run.seed(),
                cases,
                1,
                2,
                3,
                4,
                0,
                1,
                OptionalLong.empty(),
                OptionalLong.empty(),
                provenance));
    }

    private Optional<BenchmarkResult> run(BenchmarkConfig config) throws IOException {
        return benchmark(config).lead(Team.alone(), BenchmarkListener.silent(), this::made);
    }

    @Test
    void everyNetworkRunsWithTheFirstSeedBeforeTheNext() throws Exception {
        BenchmarkResult result = run(config("unet", "resunet").withSeeds(2)).orElseThrow();
        assertThat(scored).containsExactly("unet-seed1", "resunet-seed1", "unet-seed2", "resunet-seed2");
        assertThat(result.networks().get(0).seedMeans()).containsExactly(0.625, 0.75);
        assertThat(result.seeds()).isEqualTo(2);
    }

    @Test
    void resultsTableAndPageLieInTheFolder() throws Exception {
        BenchmarkResult result = run(config("unet", "resunet")).orElseThrow();
        BenchmarkFolder out = new BenchmarkFolder(folder.resolve("out"));
        assertThat(BenchmarkResult.read(out.results())).isEqualTo(result);
        assertThat(Files.readString(out.table())).contains("| unet |").contains("| resunet |");
        assertThat(Files.readString(out.report())).contains("ball_4").contains("class=\"outline k0\"");
        assertThat(Report.of(out.path(), Optional.of(dataset)).html())
                .as("made anew")
                .isEqualTo(Files.readString(out.report()));
        assertThat(Report.of(out.path(), Optional.empty()).extras().pictures()).isEmpty();
        assertThat(result.provenance())
                .containsEntry("command", COMMAND)
                .containsKeys("commit", "java", "libtorch", "threads", "device");
        assertThat(result.provenance().values()).noneMatch(value -> value.contains(folder.toString()));
        assertThat(result.plan()).isEqualTo(store.plan().hash());
    }

    @Test
    void aSliceHasTheScoreOfTheRunThatItShows() throws Exception {
        run(config("unet", "resunet").withSeeds(2));
        BenchmarkPage page = Report.of(folder.resolve("out"), Optional.of(dataset));
        assertThat(page.extras().pictures()).isNotEmpty();
        assertThat(page.extras().pictures().get(0).outlines())
                .extracting(CasePicture.Outline::network, CasePicture.Outline::dice)
                .as("of seed 1, not the mean of 0.625 and 0.75")
                .containsExactly(tuple("unet, seed 1", 0.625), tuple("resunet, seed 1", 0.625));
    }

    /** A page of a person's own in the way is as good as a disk that is full: the results are there, and the listener hears why. */
    @Test
    void aPageThatCannotBeWrittenCostsNoResult() throws Exception {
        run(config("unet"));
        BenchmarkFolder out = new BenchmarkFolder(folder.resolve("out"));
        Files.writeString(out.report(), "<p>of a person</p>");
        List<String> told = new ArrayList<>();
        BenchmarkListener listener = new BenchmarkListener() {
            @Override
            public void recovered(String what) {
                told.add(what);
            }
        };
        assertThat(benchmark(config("unet", "resunet")).lead(Team.alone(), listener, this::made))
                .isPresent();
        assertThat(BenchmarkResult.read(out.results()).networks()).hasSize(2);
        assertThat(told).hasSize(1);
        assertThat(told.get(0)).startsWith("no report could be written (").contains("is no report of unet4j");
        assertThat(out.report()).content().isEqualTo("<p>of a person</p>");
    }

    @Test
    void interruptedItGoesOnWhereItStopped() throws Exception {
        BenchmarkConfig config = config("unet", "resunet");
        Optional<BenchmarkResult> stopped = benchmark(config)
                .lead(
                        Team.alone(),
                        BenchmarkListener.silent(),
                        run -> run.network().equals("unet") ? made(run) : Optional.empty());
        assertThat(stopped).isEmpty();
        assertThat(folder.resolve("out/results.json")).doesNotExist();
        scored.clear();
        List<String> before = new ArrayList<>();
        BenchmarkListener listener = new BenchmarkListener() {
            @Override
            public void scored(RunScores scores, boolean earlier) {
                before.add(scores.network() + " " + earlier);
            }
        };
        assertThat(benchmark(config).lead(Team.alone(), listener, this::made)).isPresent();
        assertThat(scored).containsExactly("resunet-seed1");
        assertThat(before).containsExactly("unet true", "resunet false");
    }

    @Test
    void networksAndSeedsMayBeAdded() throws Exception {
        run(config("unet"));
        scored.clear();
        BenchmarkResult more = run(config("unet", "resunet").withSeeds(2)).orElseThrow();
        assertThat(scored).containsExactly("resunet-seed1", "unet-seed2", "resunet-seed2");
        assertThat(more.networks()).hasSize(2);
    }

    @Test
    void folderOfAnotherBenchmarkIsRefusedAndSaysWhatDiffers() throws Exception {
        BenchmarkConfig config = config("unet", "resunet");
        run(config);
        String results = Files.readString(folder.resolve("out/results.json"));
        BenchmarkConfig other = new BenchmarkConfig(
                List.of("unet"),
                "unet",
                "fold 0",
                1,
                config.training().withSteps(7).withSeed(3));
        assertThatIOException()
                .isThrownBy(() -> run(other))
                .withMessageContaining("holds another benchmark")
                .withMessageContaining("training.steps is " + config.training().steps() + " there, 7 asked for")
                .withMessageContaining("training.seed is 1 there, 3 asked for")
                .withMessageContaining("networks is [unet, resunet] there");
        assertThat(Files.readString(folder.resolve("out/results.json"))).isEqualTo(results);
    }

    @Test
    void anotherSplitOrPlanIsRefused() throws Exception {
        run(config("unet"));
        Split turned = new Split(Worlds.SPLIT.training(), List.of("ball_4"));
        assertThatIOException()
                .isThrownBy(() -> new Benchmark(
                                config("unet"), store, dataset, turned, folder.resolve("out"), Device.cpu(), COMMAND)
                        .lead(Team.alone(), BenchmarkListener.silent(), this::made))
                .withMessageContaining("the split differs");
        Store wider = Store.prepare(
                dataset, store.plan().withBatch(3), folder.resolve("wider"), 1, org.unet4j.io.Progress.silent());
        assertThatIOException()
                .isThrownBy(() -> new Benchmark(
                                config("unet"),
                                wider,
                                dataset,
                                Worlds.SPLIT,
                                folder.resolve("out"),
                                Device.cpu(),
                                COMMAND)
                        .lead(Team.alone(), BenchmarkListener.silent(), this::made))
                .withMessageContaining("plan is " + store.plan().hash() + " there");
    }

    @Test
    void otherScansUnderTheSameNamesAreRefused() throws Exception {
        run(config("unet"));
        Path balls = folder.resolve("Balls");
        Dataset changed = Worlds.dataset(balls);
        Files.copy(
                balls.resolve("imagesTr/ball_1.nii.gz"),
                balls.resolve("imagesTr/ball_0.nii.gz"),
                StandardCopyOption.REPLACE_EXISTING);
        Store other = Store.prepare(changed, store.plan(), folder.resolve("other"), 1, org.unet4j.io.Progress.silent());
        assertThatIOException()
                .isThrownBy(() -> new Benchmark(
                                config("unet"),
                                other,
                                changed,
                                Worlds.SPLIT,
                                folder.resolve("out"),
                                Device.cpu(),
                                COMMAND)
                        .lead(Team.alone(), BenchmarkListener.silent(), this::made))
                .withMessageContaining("the prepared cases differ");
    }

    @Test
    void aBenchmarkThatRunsIsNotStartedAgain() throws Exception {
        List<Throwable> refused = new ArrayList<>();
        benchmark(config("unet")).lead(Team.alone(), BenchmarkListener.silent(), run -> {
            refused.add(catchThrowable(() -> run(config("unet"))));
            return made(run);
        });
        assertThat(refused).hasSize(1);
        assertThat(refused.get(0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is being used for a benchmark by another process");
    }

    @Test
    void theCommitsOfAllRunsAreListed() throws Exception {
        run(config("unet"));
        provenance =
                new Provenance("0.1.0", "def5678", "17.0.1", "Linux 6 amd64", "a processor", "2.10.0", 0, "CPU", 2);
        BenchmarkResult result = run(config("unet", "resunet")).orElseThrow();
        assertThat(result.provenance())
                .containsEntry("commit", "abc1234; def5678")
                .containsEntry("device", "CPU")
                .doesNotContainKey("cudnn");
    }

    @Test
    void numberOfThreadsMayChange() throws Exception {
        run(config("unet"));
        BenchmarkConfig config = config("unet");
        scored.clear();
        run(new BenchmarkConfig(
                config.networks(),
                "unet",
                "fold 0",
                1,
                config.training().withMachine(new Machine(1, 2, 3, 100, false))));
        assertThat(scored).isEmpty();
    }

    @Test
    void folderOfSomethingElseIsRefused() throws Exception {
        Files.createDirectories(folder.resolve("out"));
        Files.createFile(folder.resolve("out/.lock"));
        Files.writeString(folder.resolve("out/thesis.tex"), "years of work");
        assertThatIOException()
                .isThrownBy(() -> run(config("unet")))
                .withMessageContaining("is not empty and holds no benchmark");
    }

    @Test
    void scoresOfAnotherRunAreRefused() throws Exception {
        run(config("unet"));
        BenchmarkFolder out = new BenchmarkFolder(folder.resolve("out"));
        Files.copy(out.scores(new Run("unet", 1)), out.scores(new Run("resunet", 1)));
        assertThatIOException()
                .isThrownBy(() -> run(config("unet", "resunet")))
                .withMessageContaining("[resunet-seed1.json] holds the scores of unet-seed1");
    }

    @Test
    void failureInARunKeepsWhatWasScored() throws Exception {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> benchmark(config("unet", "resunet"))
                        .lead(Team.alone(), BenchmarkListener.silent(), run -> {
                            if (run.network().equals("resunet")) {
                                throw new IOException("disk full");
                            }
                            return made(run);
                        }))
                .withMessage("disk full");
        assertThat(new BenchmarkFolder(folder.resolve("out")).scores(new Run("unet", 1)))
                .exists();
    }

    @Test
    void configurationIsChecked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config("unet", "vnet"))
                .withMessageContaining("'vnet' is unknown; choose among [unet");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config("unet", "unet"))
                .withMessageContaining("name one twice");
        assertThatIllegalArgumentException().isThrownBy(() -> config()).withMessageContaining("networks is empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config("unet").withSeeds(0))
                .withMessageContaining("seeds 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config("unet").withBaseline("resunet"))
                .withMessageContaining("'resunet' must be one of the networks [unet]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Benchmark(
                        config("unet"),
                        store,
                        dataset,
                        new Split(Worlds.SPLIT.training(), List.of()),
                        folder,
                        Device.cpu(),
                        COMMAND))
                .withMessageContaining("nothing to score on; choose a fold");
        assertThat(config("resunet", "attention-unet").baseline()).isEqualTo("resunet");
    }
}
