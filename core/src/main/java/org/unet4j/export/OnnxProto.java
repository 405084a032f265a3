package org.unet4j.export;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.unet4j.export.OnnxModel.Constant;
import org.unet4j.export.OnnxModel.Node;
import org.unet4j.export.OnnxModel.Value;

/**
 * The messages of onnx.proto3 (github.com/onnx/onnx, IR version 8) that a model needs, with the numbers of their fields. Only
 * additions have been made to these messages since; numbers are never given anew.
 */
final class OnnxProto {

    /** IR version 8 and operator set 17 came with ONNX 1.12 in 2022: every runtime in use reads them. */
    private static final int IR_VERSION = 8;

    private static final int OPERATOR_SET = 17;

    private static final int FLOAT_ATTRIBUTE = 1;
    private static final int INT_ATTRIBUTE = 2;
    private static final int STRING_ATTRIBUTE = 3;
    private static final int INTS_ATTRIBUTE = 7;
    private static final int EXTERNAL = 1;

    private OnnxProto() {}

    /** Where the numbers of a constant are, in a file beside the model. */
    record Place(Path file, long offset, long length) {}

    /**
     * Returns ModelProto: ir_version 1, producer_name 2, producer_version 3, doc_string 6, graph 7, opset_import 8,
     * metadata_props 14.
     *
     * @param places of the constants that are not inside, by name
     */
    static Protobuf model(OnnxModel model, String version, Map<String, Place> places) {
        Protobuf proto = new Protobuf()
                .integer(1, IR_VERSION)
                .text(2, "unet4j")
                .text(3, version)
                .text(6, model.description())
                .message(7, graph(model, places))
                .message(8, new Protobuf().text(1, "").integer(2, OPERATOR_SET)); // OperatorSetIdProto: domain, version
        model.metadata().forEach((key, value) -> proto.message(14, entry(key, value)));
        return proto;
    }

    /** Returns StringStringEntryProto: key 1, value 2. */
    private static Protobuf entry(String key, String value) {
        return new Protobuf().text(1, key).text(2, value);
    }

    /** Returns GraphProto: node 1, name 2, initializer 5, input 11, output 12. */
    private static Protobuf graph(OnnxModel model, Map<String, Place> places) {
        Protobuf graph = new Protobuf();
        model.nodes().forEach(node -> graph.message(1, node(node)));
        graph.text(2, "unet4j");
        model.constants().forEach(constant -> graph.message(5, tensor(constant, places.get(constant.name()))));
        model.inputs().forEach(value -> graph.message(11, value(value)));
        model.outputs().forEach(value -> graph.message(12, value(value)));
        return graph;
    }

    /** Returns NodeProto: input 1, output 2, name 3, op_type 4, attribute 5. */
    private static Protobuf node(Node node) {
        Protobuf proto = new Protobuf();
        node.inputs().forEach(input -> proto.text(1, input));
        proto.text(2, node.output()).text(3, node.output()).text(4, node.operator());
        node.attributes().forEach((name, value) -> proto.message(5, attribute(name, value)));
        return proto;
    }

    /** Returns AttributeProto: name 1, f 2, i 3, s 4, ints 8, type 20. */
    private static Protobuf attribute(String name, Object value) {
        Protobuf proto = new Protobuf().text(1, name);
        if (value instanceof Float number) {
            return proto.real(2, number).integer(20, FLOAT_ATTRIBUTE);
        }
        if (value instanceof Long number) {
            return proto.integer(3, number).integer(20, INT_ATTRIBUTE);
        }
        if (value instanceof String text) {
            return proto.text(4, text).integer(20, STRING_ATTRIBUTE);
        }
        if (value instanceof List<?> numbers) {
            numbers.forEach(number -> proto.integer(8, (Long) number));
            return proto.integer(20, INTS_ATTRIBUTE);
        }
        throw new IllegalArgumentException("attribute " + name + " cannot be a " + value.getClass());
    }

    /** Returns TensorProto: dims 1, data_type 2, name 8, raw_data 9; external_data 13 and data_location 14 for one outside. */
    private static Protobuf tensor(Constant constant, Place place) {
        Protobuf proto = new Protobuf();
        constant.shape().forEach(size -> proto.integer(1, size));
        proto.integer(2, constant.type().number()).text(8, constant.name());
        if (place == null) {
            return proto.bytes(9, constant.values());
        }
        return proto.message(13, entry("location", place.file().toString()))
                .message(13, entry("offset", Long.toString(place.offset())))
                .message(13, entry("length", Long.toString(place.length())))
                .integer(14, EXTERNAL);
    }

    /**
     * Returns ValueInfoProto (name 1, type 2), in it TypeProto (tensor_type 1), in it Tensor (elem_type 1, shape 2), in it
     * TensorShapeProto (dim 1), in it Dimension (dim_value 1, dim_param 2).
     */
    private static Protobuf value(Value value) {
        Protobuf shape = new Protobuf();
        for (String axis : value.axes()) {
            boolean fixed = axis.chars().allMatch(Character::isDigit);
            shape.message(1, fixed ? new Protobuf().integer(1, Long.parseLong(axis)) : new Protobuf().text(2, axis));
        }
        Protobuf tensor =
                new Protobuf().integer(1, OnnxModel.Type.FLOAT.number()).message(2, shape);
        return new Protobuf().text(1, value.name()).message(2, new Protobuf().message(1, tensor));
    }
}
