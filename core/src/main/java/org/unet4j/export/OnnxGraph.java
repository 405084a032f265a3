package org.unet4j.export;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.unet4j.export.OnnxModel.Constant;
import org.unet4j.export.OnnxModel.Node;
import org.unet4j.export.OnnxModel.Value;
import org.unet4j.model.Graph;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Shape;

/**
 * Turns the description of a network into ONNX's operators, of operator set 17 (onnx.ai/onnx/operators): Conv, ConvTranspose,
 * InstanceNormalization, LeakyRelu, Relu, Sigmoid, Add, Mul, Concat and Resize.
 */
final class OnnxGraph {

    /** What the model is given. */
    static final String IMAGE = Graph.IMAGE;

    /** What the model gives. */
    static final String LOGITS = "logits";

    private final Graph graph;
    private final SortedMap<String, Tensor> weights;
    private final OnnxNumbers numbers;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Constant> constants = new ArrayList<>();
    private final List<Value> singles = new ArrayList<>();

    private OnnxGraph(Graph graph, SortedMap<String, Tensor> weights, OnnxNumbers numbers) {
        this.graph = graph;
        this.weights = weights;
        this.numbers = numbers;
    }

    /**
     * Returns the model of {@code graph} for any batch and any size that the network takes.
     *
     * @param weights by name, on the processor; they must stay as long as the model is used
     * @param numbers how kernels are stored and what convolutions are computed in
     * @param text what goes with the model
     */
    static OnnxModel of(Graph graph, SortedMap<String, Tensor> weights, OnnxNumbers numbers, OnnxText text) {
        OnnxGraph onnx = new OnnxGraph(graph, weights, numbers);
        graph.nodes().forEach(onnx::add);
        return new OnnxModel(
                text.description(),
                List.copyOf(onnx.nodes),
                List.copyOf(onnx.constants),
                List.of(new Value(IMAGE, axes(text.channels()))),
                onnx.outputs(text.classes()),
                text.metadata());
    }

    private List<Value> outputs(int classes) {
        List<Value> all = new ArrayList<>(List.of(new Value(LOGITS, axes(classes))));
        all.addAll(singles);
        return List.copyOf(all);
    }

    private static List<String> axes(int features) {
        return List.of("batch", Integer.toString(features), "depth", "height", "width");
    }

    private void add(Graph.Node node) {
        List<String> inputs = node.inputs().stream().map(this::named).toList();
        String name = named(node.name());
        Graph.Operation operation = node.operation();
        if (operation instanceof Graph.Convolution convolution) {
            convolution(name, inputs.get(0), convolution);
        } else if (operation instanceof Graph.TransposedConvolution transposed) {
            transposedConvolution(name, inputs.get(0), transposed);
        } else if (operation instanceof Graph.InstanceNorm norm) {
            List<String> read = List.of(inputs.get(0), vector(norm.scale()), vector(norm.shift()));
            add("InstanceNormalization", name, read, Map.of("epsilon", (float) norm.epsilon()));
        } else if (operation instanceof Graph.LeakyRelu relu) {
            if (relu.slope() == 0) {
                add("Relu", name, inputs, Map.of());
            } else {
                add("LeakyRelu", name, inputs, Map.of("alpha", (float) relu.slope()));
            }
        } else if (operation instanceof Graph.Upsampling upsampling) {
            upsampling(name, inputs.get(0), upsampling.factor());
        } else if (operation instanceof Graph.Concatenation) {
            add("Concat", name, inputs, Map.of("axis", 1L));
        } else if (operation instanceof Graph.Sigmoid) {
            add("Sigmoid", name, inputs, Map.of());
        } else if (operation instanceof Graph.Sum) {
            add("Add", name, inputs, Map.of());
        } else if (operation instanceof Graph.Product) {
            add("Mul", name, inputs, Map.of());
        } else {
            throw new IllegalStateException("ONNX has no word yet for " + operation);
        }
    }

    private String named(String value) {
        return value.equals(graph.output()) ? LOGITS : value;
    }

    private void convolution(String name, String input, Graph.Convolution convolution) {
        List<Long> around =
                convolution.padding().stream().map(Integer::longValue).toList();
        List<Long> pads = new ArrayList<>(around); // At the starts of all axes, then at their ends.
        pads.addAll(around);
        Map<String, Object> attributes =
                Map.of("kernel_shape", longs(convolution.size()), "strides", longs(convolution.stride()), "pads", pads);
        numbers.convolution(
                this,
                new OnnxConvolution(
                        name,
                        input,
                        convolution.kernel(),
                        weights.get(convolution.kernel()),
                        convolution.bias().orElse(""),
                        convolution.bias().map(bias -> weights.get(bias)),
                        attributes));
    }

    private void transposedConvolution(String name, String input, Graph.TransposedConvolution transposed) {
        Tensor kernel = weights.get(transposed.kernel());
        List<String> read =
                List.of(input, numbers.kernel(this, transposed.kernel(), kernel), vector(transposed.bias()));
        List<Long> stride = longs(transposed.stride());
        add("ConvTranspose", name, read, Map.of("kernel_shape", stride, "strides", stride));
    }

    /** Half-pixel coordinates, clamped at the borders, are PyTorch's without aligned corners. */
    private void upsampling(String name, String input, Shape factor) {
        String scales = name + ".scales";
        float[] values = {1, 1, factor.z(), factor.y(), factor.x()};
        constant(new Constant(scales, OnnxModel.Type.FLOAT, List.of((long) values.length), floats(values)));
        Map<String, Object> attributes = Map.of("mode", "linear", "coordinate_transformation_mode", "half_pixel");
        add("Resize", name, List.of(input, "", scales), attributes);
    }

    /** Adds an operator, and returns {@code output}. */
    String add(String operator, String output, List<String> inputs, Map<String, Object> attributes) {
        // Sorted, so that the same network gives the same bytes.
        Map<String, Object> sorted = Collections.unmodifiableMap(new TreeMap<>(attributes));
        nodes.add(new Node(operator, output, List.copyOf(inputs), sorted));
        return output;
    }

    /** Lets the model give {@code number}, which is a single one, beside the logits. */
    void output(String number) {
        singles.add(new Value(number, List.of()));
    }

    /** Adds numbers, and returns their name. */
    String constant(Constant constant) {
        constants.add(constant);
        return constant.name();
    }

    private String vector(String name) {
        return constant(floats(name, weights.get(name)));
    }

    /** Returns a float tensor as a constant. */
    static Constant floats(String name, Tensor tensor) {
        return new Constant(
                name,
                OnnxModel.Type.FLOAT,
                shape(tensor),
                Tensors.memory(tensor.detach().contiguous()));
    }

    static List<Long> shape(Tensor tensor) {
        return Arrays.stream(Tensors.shape(tensor)).boxed().toList();
    }

    static ByteBuffer floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes;
    }

    private static List<Long> longs(Shape shape) {
        return LongStream.of(shape.z(), shape.y(), shape.x()).boxed().toList();
    }
}
