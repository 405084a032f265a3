package org.unet4j.model;

import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.unet4j.torch.Device;
import org.unet4j.torch.Precision;

/** How features lie in memory. It changes how fast a network is and how it rounds, not what it computes. */
public enum Layout {
    /** Chosen: {@link #usual}, or by a trial where training may be left to a clock. */
    AUTO(MemoryFormat.Contiguous),
    /** One feature after the other (NCDHW), libtorch's usual one. */
    CONTIGUOUS(MemoryFormat.Contiguous),
    /** The features of a voxel side by side (NDHWC). */
    CHANNELS_LAST(MemoryFormat.ChannelsLast3d);

    private final MemoryFormat format;

    Layout(MemoryFormat format) {
        this.format = format;
    }

    /**
     * Returns the layout that was the faster one wherever it was measured (docs/LOG.md): channels last for reduced precision on
     * a processor, whose kernels want it; contiguous else.
     */
    public static Layout usual(Device device, Precision precision) {
        return !device.isCuda() && precision.isReduced() ? CHANNELS_LAST : CONTIGUOUS;
    }

    /**
     * Returns the layout that is the faster one where a trained network is only run: as {@link #usual}, and channels last in float32 too,
     * where libtorch has oneDNN. It takes up to 20 % less time there, the more the larger the window, for logits that differ by rounding.
     */
    public static Layout inPrediction(Device device, Precision precision) {
        return !device.isCuda() && precision != Precision.FP64 && torch.hasMKLDNN()
                ? CHANNELS_LAST
                : usual(device, precision);
    }

    MemoryFormat format() {
        return format;
    }
}
