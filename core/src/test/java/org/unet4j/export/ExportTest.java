package org.unet4j.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unet4j.RealData;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.model.ModelSpec;
import org.unet4j.prep.Preparation;
import org.unet4j.prep.PreparedScan;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.torch.Torch;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Shape;

/** What is written computes what the network does. A new network is covered by being named in {@code ModelSpec.names}. */
class ExportTest {

    /** float32 through two dozen layers, in another order. */
    private static final double LOGITS_TOLERANCE = 1e-4;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        Torch.start(1, true);
    }

    static Stream<TrainedNetwork> networks() {
        return Networks.all();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void onnxRuntimeComputesTheLogitsOfNoiseInThreeSizes(TrainedNetwork trained) throws IOException {
        requireEqual(trained, Onnx.float32());
    }

    @ParameterizedTest
    @MethodSource("networks")
    void torchscriptComputesTheLogitsOfNoiseInThreeSizes(TrainedNetwork trained) throws IOException {
        requireEqual(trained, new TorchScript());
    }

    private void requireEqual(TrainedNetwork trained, Format format) throws IOException {
        try (trained) {
            Export export = Export.write(trained, format, folder.resolve("network"));
            assertThat(export.parity().images()).isEqualTo(4);
            assertThat(export.parity().largestLogit()).isGreaterThan(1);
            assertThat(export.parity().largestDifference()).isLessThan(LOGITS_TOLERANCE);
            try (Stream<Path> left = Files.list(folder)) {
                assertThat(left).containsExactlyElementsOf(export.files());
            }
        }
    }

    @Test
    void bothComputeTheLogitsOfASyntheticScan() throws IOException {
        try (TrainedNetwork trained = Networks.cubes("attention-resunet");
                Scope scope = new Scope()) {
            List<Tensor> patches = List.of(patch(trained, 0), patch(trained, 8));
            for (Format format : List.of(Onnx.float32(), new TorchScript())) {
                Path file = folder.resolve(format.getClass().getSimpleName());
                format.write(trained, file);
                Parity parity = format.parity(trained, file, patches);
                assertThat(parity.images()).isEqualTo(2);
                assertThat(parity.largestDifference()).isLessThan(LOGITS_TOLERANCE);
            }
        }
    }

    /** Returns a patch of a prepared scan that begins at {@code start} on each axis. */
    private static Tensor patch(TrainedNetwork trained, int start) {
        PreparedScan prepared = Preparation.apply(trained.plan(), Networks.scan(), Optional.empty());
        Shape shape = prepared.shape();
        Shape patch = trained.plan().patch();
        Tensor image = Tensors.of(prepared.channels().get(0), 1, 1, shape.z(), shape.y(), shape.x());
        return image.narrow(2, start, patch.z()).narrow(3, start, patch.y()).narrow(4, start, patch.x());
    }

    /** Three brains of other sizes, prepared as the plan says and cut to what the strides divide. */
    @ParameterizedTest
    @MethodSource("names")
    void bothComputeTheLogitsOfRealScansInThreeSizes(String name) throws IOException {
        Dataset hippocampus = Dataset.open(RealData.folder("Task04_Hippocampus"));
        try (TrainedNetwork trained = Networks.cubes(name);
                Scope scope = new Scope()) {
            SortedMap<String, Tensor> bySize = new TreeMap<>();
            for (Case scan : hippocampus.training()) {
                Tensor image = divisible(trained, scan.readScan());
                bySize.putIfAbsent(Arrays.toString(Tensors.shape(image)), image);
                if (bySize.size() == 3) {
                    break;
                }
            }
            assertThat(bySize).hasSize(3);
            for (Format format : List.of(Onnx.float32(), new TorchScript())) {
                Path file = folder.resolve(format.getClass().getSimpleName());
                format.write(trained, file);
                Parity parity = format.parity(trained, file, List.copyOf(bySize.values()));
                assertThat(parity.images()).isEqualTo(3);
                assertThat(parity.largestLogit()).isGreaterThan(1);
                // In proportion to logits of 2 to 20, as numbers round.
                assertThat(parity.within(LOGITS_TOLERANCE)).as("%s", parity).isTrue();
            }
        }
    }

    static List<String> names() {
        return ModelSpec.names();
    }

    private static Tensor divisible(TrainedNetwork trained, Scan scan) {
        PreparedScan prepared = Preparation.apply(trained.plan(), scan, Optional.empty());
        Shape shape = prepared.shape();
        Tensor image = Tensors.of(prepared.channels().get(0), 1, 1, shape.z(), shape.y(), shape.x());
        for (int axis = 0; axis < Shape.AXES; axis++) {
            int step = trained.spec().topology().divisor().get(axis);
            image = image.narrow(2 + axis, 0, shape.get(axis) - shape.get(axis) % step);
        }
        return image;
    }

    @Test
    void otherLogitsAreNoticed() {
        try (TrainedNetwork trained = Networks.cubes("unet");
                Scope scope = new Scope()) {
            List<Tensor> images = Trials.images(trained.spec(), trained.plan().patch());
            Parity off = Parity.of(trained, image -> shifted(trained, image, 0.01f), images);
            assertThat(off.largestDifference()).isBetween(0.0099, 0.0101);
            assertThat(off.within(Parity.TOLERANCE)).isFalse();
            Parity undefined = Parity.of(trained, image -> shifted(trained, image, Float.NaN), images);
            assertThat(undefined.within(Parity.TOLERANCE)).isFalse();
        }
    }

    /** Returns the network's logits, one of them changed by {@code by}. */
    private static float[] shifted(TrainedNetwork trained, Tensor image, float by) {
        float[] logits = Tensors.toFloats(trained.network().forward(image));
        logits[3] += by;
        return logits;
    }

    @Test
    void nothingIsOverwritten() throws IOException {
        try (TrainedNetwork trained = Networks.cubes("unet")) {
            Path file = Files.writeString(folder.resolve("network.onnx"), "mine");
            assertThatThrownBy(() -> Export.write(trained, Onnx.float32(), file))
                    .isInstanceOf(FileAlreadyExistsException.class)
                    .hasMessageContaining(file.toString());
            assertThat(file).hasContent("mine");
            Path weights = Files.writeString(folder.resolve("other.onnx.weights"), "mine");
            assertThatThrownBy(() -> Export.write(trained, Onnx.float32(), folder.resolve("other.onnx")))
                    .isInstanceOf(FileAlreadyExistsException.class)
                    .hasMessageContaining(weights.toString());
        }
    }
}
