package org.unet4j.export;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * A model as ONNX has it.
 *
 * @param description for people
 * @param nodes the operators, each after those that it reads from
 * @param constants weights and other numbers that never change
 * @param inputs what the model is given
 * @param outputs what it gives
 * @param metadata texts by name, for those who use the model
 */
record OnnxModel(
        String description,
        List<Node> nodes,
        List<Constant> constants,
        List<Value> inputs,
        List<Value> outputs,
        SortedMap<String, String> metadata) {

    /** ONNX's numbers of the types that are used here (TensorProto.DataType in onnx.proto3). */
    enum Type {
        FLOAT(1),
        UINT8(2),
        INT8(3),
        INT32(6),
        FLOAT16(10);

        private final int number;

        Type(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }

    /**
     * One operator.
     *
     * @param operator its name in ONNX, such as Conv
     * @param output the value that it makes; the node has its name
     * @param inputs the values and constants that it reads
     * @param attributes numbers of it: Long, Float, String, or a list of Long
     */
    record Node(String operator, String output, List<String> inputs, Map<String, Object> attributes) {}

    /**
     * Numbers that never change.
     *
     * @param values as they lie in memory, little-endian; they must stay as long as this is used
     */
    record Constant(String name, Type type, List<Long> shape, ByteBuffer values) {}

    /**
     * Numbers of type float that come in or go out.
     *
     * @param axes sizes as numbers, and names where any size will do
     */
    record Value(String name, List<String> axes) {}
}
