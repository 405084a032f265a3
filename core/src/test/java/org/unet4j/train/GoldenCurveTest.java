package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.unet4j.model.ModelSpec;
import org.unet4j.prep.Store;
import org.unet4j.prep.Topology;
import org.unet4j.torch.Device;
import org.unet4j.torch.Precision;
import org.unet4j.volume.Shape;

/**
 * The losses of twenty steps of each network in each precision, as they were. A change that was not meant to change a number
 * changes none here; one that was, shows both. {@code -Dunet4j.golden=FILE} writes what is there now.
 *
 * <p>The same machine gives the same bits. Others round otherwise, and a step builds on all before it: hence the tolerances.
 */
class GoldenCurveTest {

    private static final String GOLDEN = "/golden/loss_curves.properties";
    private static final int STEPS = 20;

    @TempDir
    static Path folder;

    private static Store store;

    @BeforeAll
    static void prepare() throws IOException {
        Topology threeStages = new Topology( // With two, no skip has a gate.
                List.of(Shape.cube(1), Shape.cube(2), Shape.cube(2)),
                List.of(Shape.cube(3), Shape.cube(3), Shape.cube(3)),
                List.of(4, 8, 12));
        store = TinyData.store(folder).withPlan(TinyData.plan().withTopology(threeStages));
    }

    static List<Arguments> everyNetworkInEveryPrecision() {
        List<Arguments> all = new ArrayList<>();
        for (String name : ModelSpec.names()) {
            for (Precision precision : List.of(Precision.FP64, Precision.FP32, Precision.BF16, Precision.FP16)) {
                all.add(Arguments.of(name, precision));
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("everyNetworkInEveryPrecision")
    void theCurveIsAsItWas(String name, Precision precision) throws IOException {
        Path run = folder.resolve(name + "-" + precision);
        Trainer.train(TrainRequest.of(
                TinyData.config(STEPS).withModel(name).withPrecision(precision),
                store,
                TinyData.split(),
                run,
                Device.cpu(),
                TrainListener.silent(),
                () -> false));
        List<Double> losses = new RunFolder(run)
                .readMetrics().steps().stream().map(Metrics.Step::loss).toList();
        String key = name + "." + precision;
        if (System.getProperty("unet4j.golden") != null) {
            write(Path.of(System.getProperty("unet4j.golden")), key, losses);
            return;
        }
        List<Double> golden = golden(key);
        assertThat(losses).hasSameSizeAs(golden);
        double tolerance = precision.isReduced() ? 3e-2 : 1e-3;
        for (int step = 0; step < STEPS; step++) {
            double first = step == 0 && !precision.isReduced() ? 1e-5 : tolerance;
            assertThat(losses.get(step))
                    .as("step %d of %s", step + 1, losses)
                    .isCloseTo(golden.get(step), within(first));
        }
    }

    private static List<Double> golden(String key) throws IOException {
        Properties curves = new Properties();
        try (InputStream in = GoldenCurveTest.class.getResourceAsStream(GOLDEN)) {
            curves.load(in);
        }
        assertThat(curves).containsKey(key);
        return List.of(curves.getProperty(key).split(" ")).stream()
                .map(Double::valueOf)
                .toList();
    }

    private static void write(Path file, String key, List<Double> losses) throws IOException {
        TreeMap<String, String> lines = new TreeMap<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                lines.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
            }
        }
        lines.put(key, losses.stream().map(String::valueOf).collect(Collectors.joining(" ")));
        Files.writeString(
                file,
                lines.entrySet().stream()
                        .map(line -> line.getKey() + "=" + line.getValue() + "\n")
                        .collect(Collectors.joining()),
                StandardCharsets.UTF_8);
    }
}
