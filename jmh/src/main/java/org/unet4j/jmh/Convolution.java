package org.unet4j.jmh;

import static org.bytedeco.pytorch.global.torch.conv3d;
import static org.bytedeco.pytorch.global.torch.conv_transpose3d;
import static org.bytedeco.pytorch.global.torch.convolution_backward;

import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.model.ConvolutionCall;
import org.unet4j.torch.Device;
import org.unet4j.torch.Precision;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Shape;

/** One convolution with random numbers: the operators that libtorch's autograd calls, without autograd. */
final class Convolution implements AutoCloseable {

    private static final long[] ZEROS = {0, 0, 0};
    private static final long[] ONES = {1, 1, 1};

    private final ConvolutionCall call;
    private final long[] stride;
    private final long[] padding;
    private final Tensor input;
    private final Tensor kernel;
    private final Tensor bias;
    private final Tensor gradient;

    Convolution(ConvolutionCall call, int samples, Precision precision, Device device, boolean innermost) {
        this.call = call;
        stride = longs(call.stride());
        padding = new long[] {call.padding(0), call.padding(1), call.padding(2)};
        // Where a kernel overhangs, networks leave reduced precision and its layout.
        boolean plain = innermost && call.overhangs();
        ScalarType type = plain ? ScalarType.Float : precision.scalarType();
        boolean last = innermost && !plain;
        int first = call.transposed() ? call.in() : call.out();
        int second = call.transposed() ? call.out() : call.in();
        try (Scope scope = new Scope()) {
            input = Scope.own(random(shape(samples, call.in(), call.input()), type, device, last));
            kernel = Scope.own(random(shape(first, second, call.kernel()), type, device, last));
            bias = Scope.own(Tensors.zeros(new long[] {call.out()}, type, device));
            Tensor output = forward();
            gradient = Scope.own(output.clone().normal_());
        }
    }

    private static Tensor random(long[] shape, ScalarType type, Device device, boolean featuresInnermost) {
        Tensor values = Tensors.zeros(shape, type, device).normal_();
        if (!featuresInnermost) {
            return values;
        }
        Tensor reordered = values.contiguous(MemoryFormat.ChannelsLast3d);
        if (shape[1] > 1) {
            return reordered;
        }
        // With one channel both layouts are the same bytes: say which it is, as networks do.
        long row = shape[4];
        long slice = row * shape[3];
        return reordered.as_strided(shape, new long[] {slice * shape[2], 1, slice, row, 1}, new LongOptional());
    }

    /** Returns the output, in the open scope. */
    Tensor forward() {
        TensorOptional added = call.bias() ? new TensorOptional(bias) : new TensorOptional();
        return call.transposed()
                ? conv_transpose3d(input, kernel, added, stride, padding, ZEROS, 1, ONES)
                : conv3d(input, kernel, added, stride, padding, ONES, 1);
    }

    /** Returns the kernel's gradient, in the open scope, having computed the others that training needs. */
    Tensor backward() {
        try (BoolPointer wanted = new BoolPointer(3)) {
            wanted.put(0, !call.ofImage());
            wanted.put(1, true);
            wanted.put(2, call.bias());
            T_TensorTensorTensor_T gradients = convolution_backward(
                    gradient,
                    input,
                    kernel,
                    new long[] {call.out()},
                    stride,
                    padding,
                    ONES,
                    call.transposed(),
                    ZEROS,
                    1,
                    wanted);
            return gradients.get1();
        }
    }

    private static long[] shape(int first, int second, Shape voxels) {
        return new long[] {first, second, voxels.z(), voxels.y(), voxels.x()};
    }

    private static long[] longs(Shape shape) {
        return new long[] {shape.z(), shape.y(), shape.x()};
    }

    @Override
    public void close() {
        input.close();
        kernel.close();
        bias.close();
        gradient.close();
    }
}
