package org.unet4j.infer;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.unet4j.volume.Shape;

/** Weighted sums of logits for as many slices as a window is thick: all that windows of one layer can reach. */
final class Slab {

    private final Shape window;
    private final Tensor weightsDHW;
    private final Tensor sumCDHW;
    private final Tensor weightSumDHW;

    /** Makes an empty slab over the first slices of {@code volume}; its tensors belong to the open scope. */
    Slab(int classes, Shape window, Shape volume, Tensor weightsDHW) {
        this.window = window;
        this.weightsDHW = weightsDHW;
        long[] slab = {classes, window.z(), volume.y(), volume.x()};
        TensorOptions options = weightsDHW.options();
        sumCDHW = torch.zeros(slab, options);
        weightSumDHW = torch.zeros(new long[] {window.z(), volume.y(), volume.x()}, options);
    }

    /** Adds the logits of the window that starts at row {@code y} and column {@code x}. */
    void add(int y, int x, Tensor logitsCDHW) {
        part(sumCDHW, 1, y, x).addcmul_(logitsCDHW, weightsDHW);
        part(weightSumDHW, 0, y, x).add_(weightsDHW);
    }

    private Tensor part(Tensor tensor, int zAxis, int y, int x) {
        return tensor.narrow(zAxis + 1, y, window.y()).narrow(zAxis + 2, x, window.x());
    }

    /** Returns a view of the weighted sums of logits of the first {@code slices} slices. */
    Tensor sums(int slices) {
        return sumCDHW.narrow(1, 0, slices);
    }

    /** Returns a view of the sums of weights, all above 0, of the first {@code slices} slices. */
    Tensor weightSums(int slices) {
        return weightSumDHW.narrow(0, 0, slices);
    }

    /** Drops the first {@code slices} slices, which no later window reaches, and makes room for as many new ones. */
    void moveOn(int slices) {
        for (int cls = 0; cls < sumCDHW.size(0); cls++) {
            moveOn(sumCDHW.select(0, cls), slices);
        }
        moveOn(weightSumDHW, slices);
    }

    private void moveOn(Tensor tensorDHW, int slices) {
        int rest = window.z() - slices;
        if (rest > 0) {
            tensorDHW.narrow(0, 0, rest).copy_(tensorDHW.narrow(0, slices, rest).clone());
        }
        tensorDHW.narrow(0, rest, slices).zero_();
    }
}
