package org.unet4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unet4j.torch.Autocast;
import org.unet4j.torch.Device;
import org.unet4j.torch.Gradients;
import org.unet4j.torch.Precision;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.torch.Torch;
import org.unet4j.volume.Shape;

/** libtorch's convolutions were wrong on some processors (docs/LOG.md, 2026-11-24): each is held to the next precision. */
class ConvolutionTest {

    /** bfloat16 has 8 bits of mantissa, and sums of products of both signs lose some of them. */
    private static final double BFLOAT16_TOLERANCE = 0.02;

    private static final List<String> NAMES =
            List.of("result", "gradient of the image", "of the kernel", "of the bias");

    @ParameterizedTest
    @CsvSource({
        "8, 9, 10, 1",
        "4, 16, 8, 1",
        "2, 8, 4, 1",
        "1, 4, 2, 1",
        "8, 9, 10, 2",
        "1, 1, 1, 2",
        "1, 2, 1, 2",
        "4, 1, 3, 2"
    })
    void bfloat16GivesTheResultAndGradientsOfFloat32(int z, int y, int x, int stride) {
        Torch.start(1, true);
        try (Scope scope = new Scope()) {
            Layers layers = new Layers(3);
            Blocks.Convolution convolution =
                    new Blocks.Convolution(layers, "c", 16, 32, Shape.cube(3), Shape.cube(stride), 0);
            // Rounded first, so that both start from the same numbers.
            layers.weights().values().forEach(w -> w.detach().copy_(w.detach().to(ScalarType.BFloat16)));
            Tensor image = torch.randn(1, 16, z, y, x).to(ScalarType.BFloat16).to(ScalarType.Float);
            List<Tensor> expected = resultAndGradients(convolution, layers, image, Precision.FP32);
            List<Tensor> given = resultAndGradients(convolution, layers, image, Precision.BF16);
            for (int i = 0; i < expected.size(); i++) {
                assertThat(norm(given.get(i).sub(expected.get(i))))
                        .as(NAMES.get(i))
                        .isLessThanOrEqualTo(BFLOAT16_TOLERANCE * norm(expected.get(i)));
            }
        }
    }

    /** libtorch itself would multiply matrices, which rounds otherwise and takes twice as long. */
    @ParameterizedTest
    @CsvSource({"32, 40, 8", "8, 9, 10"})
    void inPredictionOneSmallSampleIsComputedByOneDnn(int z, int y, int x) {
        Torch.start(1, true);
        boolean gradients = GradMode.is_enabled();
        GradMode.set_enabled(false);
        try (Scope scope = new Scope()) {
            Layers layers = new Layers(3);
            Blocks.Convolution convolution =
                    new Blocks.Convolution(layers, "c", 16, 32, Shape.cube(3), Shape.cube(1), 0);
            Tensor image = torch.randn(1, 16, z, y, x);
            Tensor kernel = layers.weights().get("c.weight").contiguous(MemoryFormat.Contiguous);
            TensorOptional bias = new TensorOptional(layers.weights().get("c.bias"));
            long[] one = {1, 1, 1};
            Tensor expected = torch.conv3d(image.to_mkldnn(), kernel, bias, one, one, one, 1)
                    .to_dense();
            Tensor unfolded = torch.conv3d(image, kernel, bias, one, one, one, 1);
            Tensor given = convolution.forward(image);
            assertThat(given.equal(expected)).isTrue();
            assertThat(unfolded.equal(expected)).as("the two ways can be told").isFalse();
        } finally {
            GradMode.set_enabled(gradients);
        }
    }

    /** The first is just too large for libtorch's own unfolding and the second just small enough, the last has one voxel. */
    @ParameterizedTest
    @CsvSource({"35, 37, 8, 1", "32, 40, 8, 1", "32, 40, 9, 2", "8, 9, 10, 1", "8, 9, 10, 2", "1, 4, 2, 1", "1, 1, 1, 1"
    })
    void float32GivesTheResultAndGradientsOfFloat64(int z, int y, int x, int stride) {
        Torch.start(1, true);
        try (Scope scope = new Scope()) {
            Layers layers = new Layers(3);
            Blocks.Convolution convolution =
                    new Blocks.Convolution(layers, "c", 16, 32, Shape.cube(3), Shape.cube(stride), 0);
            Tensor image = torch.randn(1, 16, z, y, x);
            List<Tensor> given = resultAndGradients(convolution, layers, image, Precision.FP32);
            Tensor exactImage = image.to(ScalarType.Double).set_requires_grad(true);
            Tensor kernel = layers.weights()
                    .get("c.weight")
                    .detach()
                    .to(ScalarType.Double)
                    .set_requires_grad(true);
            Tensor bias = layers.weights().get("c.bias").detach().to(ScalarType.Double);
            bias.set_requires_grad(true);
            Tensor exact = torch.conv3d(
                    exactImage,
                    kernel,
                    new TensorOptional(bias),
                    new long[] {stride, stride, stride},
                    new long[] {1, 1, 1},
                    new long[] {1, 1, 1},
                    1);
            backward(exact);
            List<Tensor> expected = List.of(exact.detach(), exactImage.grad(), kernel.grad(), bias.grad());
            for (int i = 0; i < expected.size(); i++) {
                Tensor difference = given.get(i).to(ScalarType.Double).sub(expected.get(i));
                assertThat(norm(difference)).as(NAMES.get(i)).isLessThanOrEqualTo(1e-6 * norm(expected.get(i)));
            }
        }
    }

    private static List<Tensor> resultAndGradients(
            Blocks.Convolution convolution, Layers layers, Tensor image, Precision precision) {
        Gradients.drop(layers.weights().values());
        Tensor x = image.contiguous(MemoryFormat.ChannelsLast3d).detach().set_requires_grad(true);
        Tensor y;
        try (Autocast autocast = precision.autocast(Device.cpu())) {
            y = convolution.forward(x);
        }
        assertThat(y.scalar_type().intern()).isEqualTo(precision.scalarType());
        backward(y);
        return List.of(
                y.detach().to(ScalarType.Float),
                x.grad().clone(),
                layers.weights().get("c.weight").grad().clone(),
                layers.weights().get("c.bias").grad().clone());
    }

    /** Of a sum with weights that are the same in every precision. */
    private static void backward(Tensor y) {
        Tensor weights = torch.arange(new Scalar((double) y.numel()))
                .sin()
                .view(Tensors.shape(y))
                .to(ScalarType.BFloat16)
                .to(y.scalar_type());
        y.backward(weights, new BoolOptional(), false, new TensorArrayRefOptional());
    }

    private static double norm(Tensor tensor) {
        double squares = 0;
        for (float value : Tensors.toFloats(tensor)) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }
}
