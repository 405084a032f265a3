package org.unet4j.jmh;

import java.io.IOException;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.loss.Loss;
import org.unet4j.torch.Device;
import org.unet4j.torch.Gradients;
import org.unet4j.torch.PeakMemory;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Torch;
import org.unet4j.volume.Shape;

/**
 * What Dice plus cross-entropy and its gradient cost: processor time, and the most memory, which is true only where glibc gives large
 * blocks back at once (its own settings, not the launcher's).
 */
public final class LossCost {

    private static final String LOSS = "loss";

    private LossCost() {}

    /** Measures {@code arguments}: samples, classes, voxels along z, y and x, rounds. */
    public static void main(String[] arguments) throws IOException {
        int samples = Integer.parseInt(arguments[0]);
        int classes = Integer.parseInt(arguments[1]);
        Shape patch = Shape.of(
                Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4]));
        Torch.start(Torch.physicalCores(), true);
        try (Scope scope = new Scope()) {
            Tensor logits = torch.randn(samples, classes, patch.z(), patch.y(), patch.x())
                    .set_requires_grad(true);
            Tensor target = torch.rand(samples, patch.z(), patch.y(), patch.x())
                    .mul(new Scalar((double) classes))
                    .to(ScalarType.Long);
            PeakMemory memory = PeakMemory.start(Device.cpu());
            long before = memory.residentBytes().orElse(0);
            PartTimes times = new PartTimes();
            for (int i = -1; i < Integer.parseInt(arguments[5]); i++) {
                PartTimes.Start start = times.start();
                try (Scope step = new Scope()) {
                    Loss.diceCrossEntropy().of(logits, target).backward();
                }
                Gradients.drop(List.of(logits));
                if (i >= 0) {
                    times.add(LOSS, start);
                }
            }
            long more = memory.residentBytes().orElse(0) - before;
            PartTimes.Taken taken = times.usual(LOSS);
            System.out.printf(
                    "%d x %d x %s: %.1f ms of processor time, %.1f ms by the clock; at most %.2f tensors of classes times"
                            + " voxels beside the logits%n",
                    samples,
                    classes,
                    patch,
                    1000 * taken.processorSeconds(),
                    1000 * taken.wallSeconds(),
                    (double) more / logits.nbytes());
        }
    }
}
