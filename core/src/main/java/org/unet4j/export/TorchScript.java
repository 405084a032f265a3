package org.unet4j.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.ExtraFilesMap;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.unet4j.model.Graph;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Shape;

/**
 * TorchScript: for libtorch, in C++, Python ({@code torch.jit.load}) or on a phone. The texts of {@link Metadata} are extra files in
 * it.
 */
public final class TorchScript implements Format {

    /** Makes the format. */
    public TorchScript() {}

    @Override
    public List<Path> write(TrainedNetwork trained, Path file) throws IOException {
        try (Scope scope = new Scope()) {
            JitModule module = new JitModule(new QualifiedName("__torch__.UNet4j"));
            trained.network().predictionState().forEach((name, weights) -> {
                // A copy: what is kept for the processor may lie in another order, and the network may live on.
                module.register_parameter(
                        parameter(name), weights.detach().contiguous().clone(), false);
            });
            module.define(source(trained.network().graph()));
            module.eval();
            ExtraFilesMap texts = new ExtraFilesMap();
            Metadata.of(trained).forEach((key, value) -> texts.put(new BytePointer(key), new BytePointer(value)));
            module.save(file.toString(), texts);
            return List.of(file);
        } catch (RuntimeException e) {
            throw new IOException("[" + file.getFileName() + "] could not be written: " + firstLine(e), e);
        }
    }

    @Override
    public Parity parity(TrainedNetwork trained, Path file, List<Tensor> imagesNCDHW) throws IOException {
        try (Scope scope = new Scope()) {
            JitModule module = torch.load(file.toString());
            return Parity.of(
                    trained,
                    image -> Tensors.toFloats(
                            module.forward(new IValueVector(new IValue(image))).toTensor()),
                    imagesNCDHW);
        }
    }

    @Override
    public Optional<String> refusal(Parity parity) {
        return parity.refusal(Parity.TOLERANCE);
    }

    /** Returns the method {@code forward} of {@code graph}: a line an operation. */
    static String source(Graph graph) {
        String lines = graph.nodes().stream()
                .map(node -> "    " + variable(node.name()) + " = " + expression(node) + "\n")
                .collect(Collectors.joining());
        return "def forward(self, " + variable(Graph.IMAGE) + ": Tensor) -> Tensor:\n" + lines + "    return "
                + variable(graph.output()) + "\n";
    }

    private static String firstLine(RuntimeException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private static String variable(String value) {
        return "x_" + value.replace('.', '_');
    }

    private static String parameter(String weights) {
        return weights.replace('.', '_');
    }

    private static String expression(Graph.Node node) {
        List<String> x = node.inputs().stream().map(TorchScript::variable).toList();
        Graph.Operation operation = node.operation();
        if (operation instanceof Graph.Convolution convolution) {
            String bias = convolution.bias().map(TorchScript::weights).orElse("None");
            return call(
                    "conv3d",
                    x.get(0),
                    weights(convolution.kernel()),
                    bias,
                    list(convolution.stride()),
                    convolution.padding().toString());
        }
        if (operation instanceof Graph.TransposedConvolution transposed) {
            String bias = weights(transposed.bias());
            return call("conv_transpose3d", x.get(0), weights(transposed.kernel()), bias, list(transposed.stride()));
        }
        if (operation instanceof Graph.InstanceNorm norm) {
            String epsilon = Double.toString(norm.epsilon());
            return call(
                    "instance_norm",
                    x.get(0),
                    weights(norm.scale()),
                    weights(norm.shift()),
                    "None",
                    "None",
                    "True",
                    "0.0",
                    epsilon,
                    "False");
        }
        if (operation instanceof Graph.LeakyRelu relu) {
            return relu.slope() == 0
                    ? call("relu", x.get(0))
                    : call("leaky_relu", x.get(0), Double.toString(relu.slope()));
        }
        if (operation instanceof Graph.Upsampling upsampling) {
            Shape factor = upsampling.factor();
            String factors = "[%d.0, %d.0, %d.0]".formatted(factor.z(), factor.y(), factor.x());
            return call("upsample_trilinear3d", x.get(0), "None", "False", factors);
        }
        if (operation instanceof Graph.Concatenation) {
            return call("cat", x.toString(), "1");
        }
        if (operation instanceof Graph.Sigmoid) {
            return call("sigmoid", x.get(0));
        }
        if (operation instanceof Graph.Sum) {
            return x.get(0) + " + " + x.get(1);
        }
        if (operation instanceof Graph.Product) {
            return x.get(0) + " * " + x.get(1);
        }
        throw new IllegalStateException("TorchScript has no word yet for " + operation);
    }

    private static String call(String function, String... arguments) {
        return Stream.of(arguments).collect(Collectors.joining(", ", "torch." + function + "(", ")"));
    }

    private static String weights(String name) {
        return "self." + parameter(name);
    }

    private static String list(Shape shape) {
        return List.of(shape.z(), shape.y(), shape.x()).toString();
    }
}
