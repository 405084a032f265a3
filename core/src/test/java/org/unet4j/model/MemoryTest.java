package org.unet4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.unet4j.torch.Descent;
import org.unet4j.torch.Device;
import org.unet4j.torch.Gradients;
import org.unet4j.torch.Optimizer;
import org.unet4j.torch.PeakMemory;
import org.unet4j.torch.Precision;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.torch.Torch;
import org.unet4j.volume.Shape;

class MemoryTest {

    private static final Shape PATCH = new Shape(8, 16, 16);
    private static final int STEPS = 200;

    /** One leaked tensor of features a step would be 128 KiB, 25 MiB in all. The Java heap is part of it and may grow some. */
    private static final long BOUND_BYTES = 12L << 20;

    @Test
    void trainingLeavesNothingBehind() {
        // Two threads: the samples run side by side, on threads that free what they made.
        Torch.start(2, true);
        ModelSpec spec = new AttentionResUNet(1, 3, Topologies.cubes(32, 32, 32));
        try (Network network = spec.build(1);
                Descent descent = Optimizer.adam().over(network.state());
                BatchGradient gradient = new BatchGradient(network, Device.cpu(), Precision.BF16, false)) {
            steps(network, gradient, descent, 60);
            long before = Pointer.physicalBytes();
            steps(network, gradient, descent, STEPS);
            assertThat(Pointer.physicalBytes() - before).isLessThan(BOUND_BYTES);
        }
        Torch.start(1, true);
    }

    /** The reason for computing features again: nearly twice the voxels in the memory of a patch whose features are kept. */
    @Test
    @EnabledOnOs(OS.LINUX) // elsewhere nobody knows the peak
    void aPatchOfFiveFourthsTheSizeTrainsInTheMemoryOfOneWhoseFeaturesAreKept() throws IOException {
        assumeTrue(Files.isWritable(Path.of("/proc/self/clear_refs")), "the peak of before cannot be forgotten here");
        Torch.start(2, true);
        try {
            largestBytes(Shape.cube(32), true); // what Java and oneDNN take once
            long kept = largestBytes(Shape.cube(64), false);
            long again = largestBytes(Shape.cube(80), true);
            assertThat(again).isLessThan(kept);
        } finally {
            Torch.start(1, true);
        }
    }

    /** Returns the most that a step takes beside what was resident before the first. */
    private static long largestBytes(Shape patch, boolean recompute) throws IOException {
        ModelSpec spec = new AttentionResUNet(1, 3, Topologies.cubes(8, 16, 32, 64, 80));
        try (Network network = spec.build(1);
                Descent descent = Optimizer.adam().over(network.state());
                BatchGradient gradient = new BatchGradient(network, Device.cpu(), Precision.FP32, recompute);
                Scope scope = new Scope()) {
            Tensor image = NetworkContractTest.image(1, 1, patch);
            Tensor target = image.squeeze(1).gt(new Scalar(0.3)).to(ScalarType.Long);
            Pointer.trimMemory();
            long before = Pointer.physicalBytes();
            PeakMemory peak = PeakMemory.start(Device.cpu());
            for (int step = 0; step < 3; step++) { // what a step leaves in the heap is in the way of the next
                step(network, gradient, descent, new BatchGradientTest.Samples(image, target));
            }
            return peak.residentBytes().orElseThrow() - before;
        }
    }

    private static void step(Network network, BatchGradient gradient, Descent descent, BatchGradient.Source samples) {
        try (Scope scope = new Scope()) {
            gradient.add(samples, BatchGradientTest.MEAN, loss -> loss);
            Gradients.clip(network.parameters(), 12);
            descent.step(1e-3);
            Gradients.drop(network.parameters());
        }
    }

    private static void steps(Network network, BatchGradient gradient, Descent descent, int count) {
        for (int step = 0; step < count; step++) {
            try (Scope scope = new Scope()) {
                Tensor image = NetworkContractTest.image(2, 1, PATCH);
                Tensor target = Tensors.zeros(new long[] {2, 8, 16, 16}, ScalarType.Long, Device.cpu());
                step(network, gradient, descent, new BatchGradientTest.Samples(image, target));
            }
        }
    }
}
