package org.unet4j.torch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Java arrays and buffers to libtorch tensors, and back. Shapes are in row-major order. */
public final class Tensors {

    private Tensors() {}

    /** Returns a float32 tensor on the processor with a copy of {@code values}. */
    public static Tensor of(float[] values, long... shape) {
        requireLength(values.length, shape);
        Tensor tensor = torch.empty(shape, options(ScalarType.Float, Device.cpu(), false), null);
        if (values.length > 0) {
            try (FloatPointer data = tensor.data_ptr_float()) {
                data.put(values);
            }
        }
        return tensor;
    }

    /** Returns a float32 tensor on the processor over the memory of a direct buffer from index 0 on; valid as long as the buffer. */
    public static Tensor view(FloatBuffer values, long... shape) {
        long count = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        if (!values.isDirect() || count > values.capacity()) {
            throw new IllegalArgumentException("a tensor of shape " + Arrays.toString(shape)
                    + " needs a direct buffer of " + count + " values; given " + values);
        }
        FloatPointer memory = new FloatPointer(values.duplicate().clear());
        return torch.from_blob(memory, shape, options(ScalarType.Float, Device.cpu(), false));
    }

    /** Returns a uint8 tensor on the processor with a copy of {@code values}. */
    public static Tensor ofBytes(byte[] values, long... shape) {
        requireLength(values.length, shape);
        Tensor tensor = torch.empty(shape, options(ScalarType.Byte, Device.cpu(), false), null);
        if (values.length > 0) {
            try (BytePointer data = tensor.data_ptr_byte()) {
                data.put(values);
            }
        }
        return tensor;
    }

    /** Returns a tensor whose values are not set. Pinned memory copies faster to a card; it needs one. */
    public static Tensor empty(long[] shape, ScalarType type, Device device, boolean pinned) {
        return torch.empty(shape, options(type, device, pinned), null);
    }

    /** Returns a tensor of zeros. */
    public static Tensor zeros(long[] shape, ScalarType type, Device device) {
        return torch.zeros(shape, options(type, device, false));
    }

    /** Returns the values as float32, whatever the tensor's type, device and layout. */
    public static float[] toFloats(Tensor tensor) {
        try (Scope scope = new Scope()) {
            Tensor onCpu = to(tensor.detach(), Device.cpu(), ScalarType.Float).contiguous();
            float[] values = new float[Math.toIntExact(onCpu.numel())];
            if (values.length > 0) {
                onCpu.data_ptr_float().get(values);
            }
            return values;
        }
    }

    /** Returns the values as float64, whatever the tensor's type, device and layout. */
    public static double[] toDoubles(Tensor tensor) {
        try (Scope scope = new Scope()) {
            Tensor onCpu = to(tensor.detach(), Device.cpu(), ScalarType.Double).contiguous();
            double[] values = new double[Math.toIntExact(onCpu.numel())];
            if (values.length > 0) {
                onCpu.data_ptr_double().get(values);
            }
            return values;
        }
    }

    /** Returns the values as uint8, whatever the tensor's type, device and layout; they must lie in 0 to 255. */
    public static byte[] toBytes(Tensor tensor) {
        try (Scope scope = new Scope()) {
            Tensor onCpu = to(tensor.detach(), Device.cpu(), ScalarType.Byte).contiguous();
            byte[] values = new byte[Math.toIntExact(onCpu.numel())];
            if (values.length > 0) {
                onCpu.data_ptr_byte().get(values);
            }
            return values;
        }
    }

    /** Returns the values as unsigned shorts, whatever the tensor's type, device and layout; they must lie in 0 to 65535. */
    public static short[] toShorts(Tensor tensor) {
        try (Scope scope = new Scope()) {
            Tensor onCpu = to(tensor.detach(), Device.cpu(), ScalarType.Int).contiguous();
            int[] ints = new int[Math.toIntExact(onCpu.numel())];
            if (ints.length > 0) {
                onCpu.data_ptr_int().get(ints);
            }
            short[] values = new short[ints.length];
            for (int i = 0; i < ints.length; i++) {
                values[i] = (short) ints[i];
            }
            return values;
        }
    }

    /** Returns {@code tensor} on {@code device} in {@code type}; itself where it is both already. */
    public static Tensor to(Tensor tensor, Device device, ScalarType type) {
        return tensor.to(device.toTorch(), type);
    }

    /** Returns the size along each axis. */
    public static long[] shape(Tensor tensor) {
        long[] shape = new long[Math.toIntExact(tensor.dim())];
        for (int axis = 0; axis < shape.length; axis++) {
            shape[axis] = tensor.size(axis);
        }
        return shape;
    }

    /** Returns in words the first name whose tensors do not have the same shape in both, if any. */
    public static Optional<String> difference(SortedMap<String, Tensor> expected, SortedMap<String, Tensor> given) {
        SortedSet<String> names = new TreeSet<>(expected.keySet());
        names.addAll(given.keySet());
        return names.stream()
                .filter(name -> !words(expected.get(name)).equals(words(given.get(name))))
                .findFirst()
                .map(name -> "tensor '" + name + "' is " + words(given.get(name)) + ", expected "
                        + words(expected.get(name)));
    }

    private static String words(Tensor tensor) {
        return tensor == null ? "missing" : Arrays.toString(shape(tensor));
    }

    /** Returns the memory of a contiguous float32 tensor on the processor; valid as long as the tensor. */
    public static FloatBuffer floatBuffer(Tensor tensor) {
        requireViewable(tensor, ScalarType.Float);
        return memory(tensor).asFloatBuffer();
    }

    /** Returns the memory of a contiguous uint8 tensor on the processor; valid as long as the tensor. */
    public static ByteBuffer byteBuffer(Tensor tensor) {
        requireViewable(tensor, ScalarType.Byte);
        return memory(tensor);
    }

    /** Returns the memory of a contiguous int32 tensor on the processor; valid as long as the tensor. */
    public static IntBuffer intBuffer(Tensor tensor) {
        requireViewable(tensor, ScalarType.Int);
        return memory(tensor).asIntBuffer();
    }

    /** Returns the memory of a contiguous tensor of any type on the processor, at most 2 GiB; valid as long as the tensor. */
    public static ByteBuffer memory(Tensor tensor) {
        if (tensor.is_cuda() || !tensor.is_contiguous() || tensor.nbytes() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "a buffer needs a contiguous tensor of at most 2 GiB on the processor; given "
                            + Arrays.toString(shape(tensor)) + " of " + tensor.scalar_type());
        }
        // A pointer without owner: the buffer neither frees the memory nor keeps it alive.
        BytePointer bytes = new BytePointer(tensor.data_ptr());
        bytes.position(0).limit(tensor.nbytes()).capacity(tensor.nbytes());
        return bytes.asBuffer().order(ByteOrder.nativeOrder());
    }

    /** Returns {@code value} as a tensor without axes, of the type and device of {@code like}. */
    static Tensor scalar(double value, Tensor like) {
        return torch.full(new long[0], new Scalar(value), like.options());
    }

    /** Returns libtorch's description of a new tensor. */
    static TensorOptions options(ScalarType type, Device device, boolean pinned) {
        return new TensorOptions()
                .dtype(new ScalarTypeOptional(type))
                .device(new DeviceOptional(device.toTorch()))
                .pinned_memory(new BoolOptional(pinned));
    }

    private static void requireViewable(Tensor tensor, ScalarType type) {
        if (tensor.scalar_type().intern() != type) {
            throw new IllegalArgumentException(
                    "a buffer of " + type + " needs a tensor of that type; given " + tensor.scalar_type());
        }
    }

    private static void requireLength(int length, long... shape) {
        long expected = 1;
        for (long size : shape) {
            expected = Math.multiplyExact(expected, size);
        }
        if (expected != length) {
            throw new IllegalArgumentException(
                    "a tensor of shape " + Arrays.toString(shape) + " has " + expected + " values; given " + length);
        }
    }
}
