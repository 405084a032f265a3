package org.unet4j.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.eval.CaseScore;
import org.unet4j.eval.CaseScores;
import org.unet4j.eval.Tolerances;
import org.unet4j.infer.PostProcessing;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.io.Json;
import org.unet4j.io.Nifti;
import org.unet4j.io.Split;
import org.unet4j.io.Yaml;
import org.unet4j.prep.Store;
import org.unet4j.ranks.Peers;
import org.unet4j.ranks.RankProcesses;
import org.unet4j.ranks.World;
import org.unet4j.report.PostProcessingResult;
import org.unet4j.report.PostProcessingTable;
import org.unet4j.torch.Device;
import org.unet4j.train.Team;
import org.unet4j.train.TrainConfig;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Labels;

/** Predictions that nobody made: the reference and what a test adds to it, so that the best rule is known. */
class PostProcessingStudyTest {

    private static final List<String> IDS = List.of("ball_0", "ball_1", "ball_2", "ball_3", "ball_4", "ball_5");

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static Dataset dataset;
    private static Store store;

    private CrossValidation validation;

    @BeforeAll
    static void prepare() throws IOException {
        dataset = Worlds.dataset(shared.resolve("Balls"));
        store = Worlds.store(dataset, shared.resolve("prepared"));
    }

    @BeforeEach
    void folds() {
        validation = validation(dataset, store, thirds(), folder);
    }

    private static List<Split> thirds() {
        List<Split> thirds = new ArrayList<>();
        for (int fold = 0; fold < 3; fold++) {
            List<String> heldOut = IDS.subList(2 * fold, 2 * fold + 2);
            thirds.add(
                    new Split(IDS.stream().filter(id -> !heldOut.contains(id)).toList(), heldOut));
        }
        return thirds;
    }

    private static CrossValidation validation(Dataset dataset, Store store, List<Split> splits, Path out) {
        TrainConfig training =
                TrainConfig.defaults("unet", store.plan(), Device.cpu()).withSteps(2);
        return new CrossValidation(
                BenchmarkConfig.of(List.of("unet"), "all folds", training).withSeeds(2),
                store,
                dataset,
                splits,
                out,
                Device.cpu(),
                "unet4j cross-validate Balls");
    }

    /** Says what is wrong with a prediction: changes the reference. */
    private interface Mistake {
        void in(LabelArray classes);
    }

    private static final Mistake NONE = classes -> {};

    /** A second component of 12 voxels in a corner that no ball reaches: 0.012 ml. */
    private static final Mistake SPECK = classes -> {
        for (int x = 0; x < 12; x++) {
            classes.set(x, 1);
        }
    };

    /** A slice of the ball is missing: both parts are true. */
    private static final Mistake PARTED = classes -> {
        int first = 0;
        while (classes.get(first) == 0) {
            first++;
        }
        int rows = Worlds.SHAPE.y() * Worlds.SHAPE.x();
        int cut = first / rows + 5;
        classes.fill(cut * rows, (cut + 1) * rows, 0);
    };

    private Labels reference(String id) throws IOException {
        Case one = TrainedRun.labelled(dataset, id);
        return one.readLabels(Nifti.readHeader(one.images().get(0)).grid());
    }

    private void predict(int fold, Mistake mistake) throws IOException {
        for (Run run : validation.runs("unet")) {
            BenchmarkFolder benchmark = new BenchmarkFolder(validation.fold(fold));
            Files.createDirectories(benchmark.run(run));
            List<CaseScore> cases = new ArrayList<>();
            for (String id : validation.splits().get(fold).validation()) {
                Labels reference = reference(id);
                LabelArray classes = reference.voxels().copy();
                mistake.in(classes);
                Labels predicted = new Labels(reference.grid(), classes);
                Files.createDirectories(benchmark.prediction(run, id).getParent());
                Nifti.write(benchmark.prediction(run, id), predicted);
                cases.add(CaseScore.of(id, predicted, reference, Set.of(1), Tolerances.ONE_MM));
            }
            Json.write(
                    benchmark.scores(run),
                    new RunScores(
                            "unet",
                            run.seed(),
                            cases,
                            5,
                            6,
                            10,
                            20,
                            0,
                            1,
                            OptionalLong.empty(),
                            OptionalLong.empty(),
                            Worlds.PROVENANCE));
        }
    }

    private PostProcessingResult study() throws IOException {
        return validation
                .postProcess(Team.alone(), BenchmarkListener.silent(), () -> false)
                .orElseThrow();
    }

    private Path besideWeights(int fold, long seed) {
        return PostProcessing.in(new BenchmarkFolder(validation.fold(fold)).run(new Run("unet", seed)));
    }

    @Test
    void whatHelpsInEveryFoldIsKeptAndWrittenBesideTheWeights() throws Exception {
        for (int fold = 0; fold < 3; fold++) {
            predict(fold, SPECK);
        }
        PostProcessingResult result = study();
        PostProcessingResult.Network network = result.networks().get(0);
        assertThat(network.rawDice()).isLessThan(1);
        assertThat(network.dice()).isEqualTo(1);
        assertThat(network.classes().get(1).kept()).isTrue();
        PostProcessing kept = Yaml.read(folder.resolve("postprocessing-unet.yaml"), PostProcessing.class);
        assertThat(kept.classes()).containsOnlyKeys(1);
        for (int fold = 0; fold < 3; fold++) {
            for (long seed : List.of(
                    validation.config().training().seed(),
                    validation.config().training().seed() + 1)) {
                assertThat(Yaml.read(besideWeights(fold, seed), PostProcessing.class))
                        .isEqualTo(kept);
            }
        }
        CaseScores after = CaseScores.readJson(folder.resolve("scores-unet-postprocessed.json"));
        assertThat(after.cases()).extracting(CaseScore::caseId).containsExactlyElementsOf(IDS);
        assertThat(after.meanDice()).isEqualTo(1);
        assertThat(Json.read(folder.resolve("postprocessing.json"), PostProcessingResult.class))
                .isEqualTo(result);
        assertThat(new PostProcessingTable(result).text())
                .contains("unet      1 ball")
                .contains("components from 0.05 ml    yes");
    }

    /** Specks in one fold alone: they choose a rule, and no case that gains by it is scored by it. */
    @Test
    void noCaseIsScoredByWhatItChose() throws Exception {
        predict(0, SPECK);
        predict(1, NONE);
        predict(2, PARTED);
        PostProcessingResult.OfClass ball = study().networks().get(0).classes().get(1);
        CaseScores after = CaseScores.readJson(folder.resolve("scores-unet-postprocessed.json"));
        BenchmarkFolder first = new BenchmarkFolder(validation.fold(0));
        CaseScores raw =
                new CaseScores(first.readScores(validation.runs("unet").get(0)).cases());
        assertThat(after.dice(1)[0])
                .as("folds 1 and 2 have no speck, so they choose nothing for fold 0")
                .isEqualTo(raw.dice(1)[0]);
        assertThat(after.dice(1)[2])
                .as("specks of fold 0 choose for fold 1, where there is none")
                .isEqualTo(1);
        assertThat(ball.chosen()).isNotEqualTo("nothing");
        assertThat(ball.dice()).isLessThanOrEqualTo(ball.rawDice());
        assertThat(ball.kept()).as("it gained nowhere but where it was chosen").isFalse();
        assertThat(Yaml.read(folder.resolve("postprocessing-unet.yaml"), PostProcessing.class)
                        .classes())
                .isEmpty();
    }

    @Test
    void whatWasFoundOutBeforeIsNotFoundOutAgain() throws Exception {
        for (int fold = 0; fold < 3; fold++) {
            predict(fold, SPECK);
        }
        int[] asked = {0};
        assertThat(validation.postProcess(Team.alone(), BenchmarkListener.silent(), () -> asked[0]++ == 5))
                .as("stopped")
                .isEmpty();
        assertThat(new TreeSet<>(
                        List.of(folder.resolve("postprocessing").toFile().list())))
                .as("one seed done, one begun")
                .isNotEmpty();
        PostProcessingResult result = study();
        try (Stream<Path> files = Files.walk(validation.fold(1).resolve("predictions"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        assertThat(study()).as("without the predictions").isEqualTo(result);
    }

    @Test
    void predictionsThatAreGoneAreTold() throws Exception {
        for (int fold = 0; fold < 3; fold++) {
            predict(fold, SPECK);
        }
        Files.delete(new BenchmarkFolder(validation.fold(1))
                .prediction(validation.runs("unet").get(0), "ball_3"));
        PostProcessingResult result = study();
        assertThat(result.networks()).isEmpty();
        assertThat(new PostProcessingTable(result).text())
                .contains("No post-processing was chosen for unet: 1 predictions are gone, such as [")
                .contains("ball_3.nii.gz]");
        assertThat(besideWeights(0, validation.config().training().seed())).doesNotExist();
    }

    @Test
    void aPredictionThatIsNotTheScoredOneIsRefused() throws Exception {
        for (int fold = 0; fold < 3; fold++) {
            predict(fold, SPECK);
        }
        Nifti.write(
                new BenchmarkFolder(validation.fold(1))
                        .prediction(validation.runs("unet").get(0), "ball_3"),
                reference("ball_3"));
        assertThatIOException()
                .isThrownBy(this::study)
                .withMessageContaining("ball_3.nii.gz] is not the label map that was scored: Dice is 1.0 for class 1");
    }

    @Test
    void aFileOfSomebodyElseStays() throws Exception {
        for (int fold = 0; fold < 3; fold++) {
            predict(fold, SPECK);
        }
        long seed = validation.config().training().seed();
        Files.writeString(besideWeights(2, seed), "classes: {}\n");
        assertThat(study().notes()).hasSize(1).first().asString().contains("is somebody else's, and was left as it is");
        assertThat(besideWeights(2, seed)).hasContent("classes: {}");
        for (int fold = 0; fold < 3; fold++) {
            predict(fold, NONE); // Now there is nothing to choose, and the files of before are known as its own.
        }
        study();
        assertThat(Yaml.read(besideWeights(1, seed), PostProcessing.class).classes())
                .isEmpty();
        assertThat(besideWeights(2, seed)).hasContent("classes: {}");
    }

    @Test
    void oneFoldAloneChoosesNothing() throws Exception {
        validation = validation(dataset, store, thirds().subList(0, 1), folder);
        predict(0, SPECK);
        assertThat(study().notes())
                .containsExactly("Post-processing was not chosen: there is no other fold to score it on.");
    }

    /** One of several processes, each with its own view of the folder of the cross-validation. */
    static final class OneView {

        private OneView() {}

        /** Arguments: the world, the folder of dataset and store, and that of every rank's view. */
        public static void main(String[] arguments) throws IOException {
            World world = RankProcesses.world(arguments);
            Path given = Path.of(arguments[1]);
            CrossValidation seen = validation(
                    Dataset.open(given.resolve("Balls")),
                    Store.open(given.resolve("prepared")),
                    thirds(),
                    Path.of(arguments[2 + world.rank()]));
            try (Peers peers = Peers.connect(world, Device.cpu())) {
                PostProcessingResult result = seen.postProcess(Team.of(peers), BenchmarkListener.silent(), () -> false)
                        .orElseThrow();
                peers.finish();
                System.out.println(result.networks().size() + " networks");
                result.notes().forEach(System.out::println);
            }
        }
    }

    /** As on a network's file system, where a process sees a file later than another. */
    @Test
    void processesThatSeeDifferentFilesGoTheSameWay() throws Exception {
        List<Path> views = List.of(folder.resolve("leader"), folder.resolve("other"));
        for (Path view : views) {
            validation = validation(dataset, store, thirds(), view);
            for (int fold = 0; fold < 3; fold++) {
                predict(fold, SPECK);
            }
            study();
        }
        Run run = validation.runs("unet").get(0);
        Files.delete(
                views.get(1).resolve("postprocessing").resolve(run.toString()).resolve("rules-ball_3.json"));
        Files.delete(new BenchmarkFolder(validation.fold(1)).prediction(run, "ball_3"));
        try (RankProcesses ranks = RankProcesses.start(
                OneView.class,
                List.of(0, 1),
                2,
                RankProcesses.PATIENT,
                shared.toString(),
                views.get(0).toString(),
                views.get(1).toString())) {
            assertThat(ranks.rest(0))
                    .containsExactly(
                            "0 networks",
                            "No post-processing was chosen for unet: another process does not see files that this one"
                                    + " sees; give the same command again.");
            assertThat(ranks.rest(1)).hasSize(2).first().isEqualTo("0 networks");
        }
    }
}
