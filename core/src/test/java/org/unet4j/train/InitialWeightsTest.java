package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Json;
import org.unet4j.model.Safetensors;
import org.unet4j.prep.Store;
import org.unet4j.torch.Device;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;

/** Runs that begin from the weights of another. */
class InitialWeightsTest {

    private static final TrainConfig CONFIG = TinyData.config(4).withSeed(2).withValidateEvery(2);

    @TempDir
    static Path data;

    private static Store store;
    private static RunFolder source;

    @TempDir
    Path out;

    private final List<InitialWeightsEvent> told = new ArrayList<>();
    private final TrainListener listener = new TrainListener() {
        @Override
        public void beganFrom(InitialWeightsEvent weights) {
            told.add(weights);
        }
    };

    @BeforeAll
    static void prepare() throws IOException {
        store = TinyData.store(data);
        source = new RunFolder(data.resolve("source"));
        TinyRuns.train(TinyData.config(3), store, source.path(), TrainListener.silent());
    }

    private RunFolder train(String name, Path init) throws IOException {
        RunFolder run = new RunFolder(out.resolve(name));
        TinyRuns.train(CONFIG, store, run.path(), listener, init);
        return run;
    }

    /** Returns a file with the source's weights, one of them missing, one of another shape and one that no network here has. */
    private Path partly() throws IOException {
        Path file = out.resolve("partly.safetensors");
        try (Scope scope = new Scope()) {
            SortedMap<String, Tensor> weights = Safetensors.read(source.last());
            weights.remove("head.bias");
            weights.put("head.weight", Tensors.of(new float[7], 7));
            weights.put("tail.weight", Tensors.of(new float[2], 2));
            Safetensors.write(file, weights, Map.of());
        }
        return file;
    }

    @Test
    void theRunBeginsFromThoseWeightsAndSaysWhich() throws IOException {
        RunFolder first = train("first", source.path());
        assertThat(told)
                .containsExactly(new InitialWeightsEvent("source/last.safetensors", Optional.of(3), 28, List.of()));
        InitialWeights.Origin origin = Json.read(first.init(), InitialWeights.Origin.class);
        assertThat(origin.source()).isEqualTo("source/last.safetensors");
        assertThat(origin.steps()).contains(3);
        assertThat(origin.sha256()).hasSize(64);
        RunFolder second = train("second", source.last());
        TinyRuns.assertEqual(first.path(), second.path());
        RunFolder drawn = new RunFolder(out.resolve("drawn"));
        TinyRuns.train(CONFIG, store, drawn.path(), listener);
        assertThat(Files.mismatch(drawn.last(), first.last())).isNotEqualTo(-1);
        assertThat(drawn.init()).doesNotExist();
    }

    @Test
    void aRunOfNoStepsYetHasThoseWeightsItself() throws IOException {
        RunFolder run = new RunFolder(out.resolve("run"));
        Trainer.train(TrainRequest.of(CONFIG, store, TinyData.split(), run.path(), Device.cpu(), listener, () -> true)
                .withInit(source.path()));
        assertThat(weights(run.last())).isEqualTo(weights(source.last()));
        TinyRuns.resume(CONFIG, store, run.path(), listener);
        TinyRuns.assertEqual(train("whole", source.path()).path(), run.path());
    }

    private static Map<String, List<Float>> weights(Path file) throws IOException {
        Map<String, List<Float>> values = new TreeMap<>();
        try (Scope scope = new Scope()) {
            Safetensors.read(file).forEach((name, tensor) -> {
                List<Float> numbers = new ArrayList<>();
                for (float value : Tensors.toFloats(tensor)) {
                    numbers.add(value);
                }
                values.put(name, numbers);
            });
        }
        return values;
    }

    @Test
    void whatDoesNotFitIsListed() throws IOException {
        train("run", partly());
        assertThat(told).hasSize(1);
        assertThat(told.get(0).taken()).isEqualTo(26);
        assertThat(told.get(0).steps()).isEmpty();
        assertThat(told.get(0).left())
                .containsExactly(
                        "head.bias [3] is not there",
                        "head.weight [3, 4, 1, 1, 1] is [7] there",
                        "tail.weight [2] is not in this network");
    }

    @Test
    void weightsOfWhichNothingFitsAreRefused() throws IOException {
        Path other = out.resolve("other.safetensors");
        try (Scope scope = new Scope()) {
            Safetensors.write(other, new TreeMap<>(Map.of("a", Tensors.of(new float[1], 1))), Map.of());
        }
        assertThatThrownBy(() -> train("run", other))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("holds no tensor of this network");
        assertThatThrownBy(() -> train("run2", out.resolve("nothing")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("does not exist");
        assertThat(out.resolve("run2/config.yaml")).doesNotExist();
    }

    @Test
    void aRunThatWasKilledBeforeItHadTheWeightsAsksForThemAgain() throws IOException {
        RunFolder run = new RunFolder(out.resolve("run"));
        assertThatThrownBy(() -> TinyRuns.train(
                        CONFIG,
                        store,
                        run.path(),
                        new TrainListener() {
                            @Override
                            public void started(RunStart start) {
                                throw new UncheckedIOException(new IOException("pulled plug"));
                            }
                        },
                        source.path()))
                .hasMessageContaining("pulled plug");
        assertThatThrownBy(() -> TinyRuns.resume(CONFIG, store, run.path(), listener))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("give these again");
        Trainer.resume(TrainRequest.of(CONFIG, store, TinyData.split(), run.path(), Device.cpu(), listener, () -> false)
                .withInit(source.path()));
        TinyRuns.assertEqual(train("whole", source.path()).path(), run.path());
    }
}
