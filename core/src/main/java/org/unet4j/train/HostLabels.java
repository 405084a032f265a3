package org.unet4j.train;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.prep.LabelledCase;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Box;
import org.unet4j.volume.LabelArray;

/** The memory of labels in a batch: uint8, or int32 where there are more classes than bytes can hold. */
sealed interface HostLabels {

    /** Returns the type of labels of so many classes; libtorch computes with no unsigned 16-bit numbers. */
    static ScalarType type(int classes) {
        return classes <= LabelArray.NARROW_CLASSES ? ScalarType.Byte : ScalarType.Int;
    }

    /** Returns the memory of a contiguous tensor of one of these types on the processor; valid as long as the tensor. */
    static HostLabels of(Tensor target) {
        return target.scalar_type().intern() == ScalarType.Byte
                ? new Narrow(Tensors.byteBuffer(target))
                : new Wide(Tensors.intBuffer(target));
    }

    /** Returns a copy of labels of one of these types. */
    static LabelArray voxels(Tensor labels) {
        return labels.scalar_type().intern() == ScalarType.Byte
                ? LabelArray.of(Tensors.toBytes(labels))
                : LabelArray.of(Tensors.toShorts(labels));
    }

    /** Copies the labels of {@code box} to position {@code at}. */
    void copy(LabelledCase from, Box box, int at);

    /** Unsigned bytes. */
    record Narrow(ByteBuffer voxels) implements HostLabels {
        @Override
        public void copy(LabelledCase from, Box box, int at) {
            from.copyLabels(box, voxels, at);
        }
    }

    /** Ints. */
    record Wide(IntBuffer voxels) implements HostLabels {
        @Override
        public void copy(LabelledCase from, Box box, int at) {
            from.copyLabels(box, voxels, at);
        }
    }
}
