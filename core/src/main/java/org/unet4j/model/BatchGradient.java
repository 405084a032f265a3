package org.unet4j.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.unet4j.augment.Batch;
import org.unet4j.torch.Device;
import org.unet4j.torch.Gradients;
import org.unet4j.torch.Precision;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.torch.Torch;

/**
 * Forward pass, loss and backward pass of a batch.
 *
 * <p>On the processor, in reduced precision, each sample is computed by one thread from its augmentation to its gradient, as
 * many side by side as there are threads; the threads' gradients are added in their order. Threads that share the work of every
 * single operation, as libtorch has it, wait for each other thousands of times a step, and oneDNN's spin while they do; these
 * wait once. What is left when the threads have equally many samples is computed by all of them together. Elsewhere, and for a
 * loss that needs the whole batch, it is forward and backward as usual; on the processor the samples are then only made side by side,
 * each by one thread.
 *
 * <p>One thread at a time may call it. Make it after {@link Network#to} and close it before the network.
 */
public final class BatchGradient implements AutoCloseable {

    /** A batch that can be had as a whole or, which is the same, sample by sample; asked from several threads at once. */
    public interface Source {
        /** Returns the number of samples. */
        int samples();

        /** Returns all samples, on the network's device. */
        Batch all();

        /** Returns one sample, counted from 0. */
        Batch one(int sample);
    }

    /** What is made small. */
    public interface Objective {
        /**
         * Returns one number.
         *
         * @param logitsNCDHW of each head of the network, the finest first
         * @param targetNDHW the classes at full resolution
         */
        Tensor of(List<Tensor> logitsNCDHW, Tensor targetNDHW);

        /** Returns whether the value of a batch is the mean of the values of its samples. */
        boolean isMeanOfSamples();
    }

    /** What happens to gradients that other processes have a share in. */
    public interface Sharing {
        /** Nobody shares them. */
        Sharing NONE = new Sharing() {
            @Override
            public void during(Runnable pass) {
                pass.run();
            }

            @Override
            public void after() {}
        };

        /** Does {@code pass}, the last forward and backward pass on the network itself, and shares the gradients as they come. */
        void during(Runnable pass);

        /** Shares the gradients that are there. */
        void after();
    }

    private final Network network;
    private final Device device;
    private final Precision precision;
    private final boolean recompute;
    private final int threads = Torch.threads();

    /** The network itself for the first thread, and for each other one its weights with gradients of their own. */
    private final List<Network> replicas = new ArrayList<>();

    private final SampleThreads workers = new SampleThreads(threads);
    private final Backpropagation backpropagation;

    /**
     * Makes the passes of {@code network}, which lives on {@code device} and computes in {@code precision}.
     *
     * @param recompute whether to forget what lies inside the parts of the network and compute it again for the gradient, which is
     *     the same but for the order of sums: slower, in less memory
     */
    public BatchGradient(Network network, Device device, Precision precision, boolean recompute) {
        this.network = network;
        this.device = device;
        this.precision = precision;
        this.recompute = recompute;
        backpropagation = new Backpropagation(device, precision, recompute);
        replicas.add(network);
    }

    /**
     * Adds the gradient of {@code objective} to that of the network's parameters.
     *
     * @param source the batch
     * @param scale what a loss is turned into before it goes back: a share of it, say, or {@code GradScaler::scale}; linear
     * @return the loss before scaling, without a graph, in the open scope
     */
    public Tensor add(Source source, Objective objective, UnaryOperator<Tensor> scale) {
        return add(source, objective, scale, Sharing.NONE);
    }

    /** Adds the gradient as {@link #add(Source, Objective, UnaryOperator)} does and shares the sum. */
    public Tensor add(Source source, Objective objective, UnaryOperator<Tensor> scale, Sharing sharing) {
        boolean bySample = precision.isReduced() && !device.isCuda() && objective.isMeanOfSamples();
        try (Scope scope = new Scope()) {
            return scope.keep(
                    bySample
                            ? bySample(source, objective, scale, sharing)
                            : asAWhole(source, objective, scale, sharing));
        }
    }

    private Tensor asAWhole(Source source, Objective objective, UnaryOperator<Tensor> scale, Sharing sharing) {
        List<Tensor> loss = new ArrayList<>();
        last(sharing, () -> loss.add(backpropagation.through(network, whole(source), objective, scale, 1)));
        return loss.get(0);
    }

    /** Returns the batch, each sample made by one thread where the processor makes it. */
    private Batch whole(Source source) {
        int samples = source.samples();
        int wide = Math.min(threads, samples);
        if (device.isCuda() || wide == 1) {
            return source.all();
        }
        Batch[] made = new Batch[samples];
        workers.each(wide, worker -> {
            for (int sample = worker; sample < samples; sample += wide) {
                try (Scope scope = new Scope()) {
                    Batch one = source.one(sample);
                    made[sample] = new Batch(Scope.own(one.imageNCDHW()), Scope.own(one.targetNDHW()));
                }
            }
        });
        TensorVector images = new TensorVector();
        TensorVector targets = new TensorVector();
        for (Batch one : made) {
            images.push_back(one.imageNCDHW());
            targets.push_back(one.targetNDHW());
        }
        Batch whole = new Batch(torch.cat(images, 0), torch.cat(targets, 0));
        for (Batch one : made) {
            one.imageNCDHW().close();
            one.targetNDHW().close();
        }
        return whole;
    }

    /** Parts that are computed again give their gradients in several passes: those are shared when all are there. */
    private void last(Sharing sharing, Runnable pass) {
        if (recompute) {
            pass.run();
            sharing.after();
        } else {
            sharing.during(pass);
        }
    }

    private Tensor bySample(Source source, Objective objective, UnaryOperator<Tensor> scale, Sharing sharing) {
        int samples = source.samples();
        int wide = Math.min(threads, samples);
        int even = samples / wide * wide;
        Scalar share = new Scalar(1.0 / samples);
        UnaryOperator<Tensor> shared = loss -> scale.apply(loss.mul(share));
        double[] losses = new double[samples];
        if (wide == 1) {
            for (int i = 0; i < samples; i++) {
                int sample = i;
                Runnable pass = () -> losses[sample] = learn(source, sample, objective, shared);
                if (i < samples - 1) {
                    pass.run();
                } else {
                    last(sharing, pass);
                }
            }
            return mean(losses);
        }
        sideBySide(0, even, wide, source, objective, shared, losses);
        sideBySide(even, samples, samples - even, source, objective, shared, losses);
        Gradients.gather(
                network.parameters(),
                replicas.stream().skip(1).map(Network::parameters).toList());
        sharing.after();
        return mean(losses);
    }

    private static Tensor mean(double[] losses) {
        return Tensors.of(new float[] {(float) Arrays.stream(losses).average().orElseThrow()}, new long[0]);
    }

    private double learn(Source source, int sample, Objective objective, UnaryOperator<Tensor> scale) {
        try (Scope scope = new Scope()) {
            return backpropagation
                    .through(network, source.one(sample), objective, scale, 1)
                    .item_double();
        }
    }

    /** Learns the samples from {@code from} to {@code to}, exclusive, every {@code wide}-th of them on one worker. */
    private void sideBySide(
            int from,
            int to,
            int wide,
            Source source,
            Objective objective,
            UnaryOperator<Tensor> scale,
            double[] losses) {
        if (from == to) {
            return;
        }
        while (replicas.size() < wide) {
            replicas.add(network.sharingWeights());
        }
        workers.each(wide, worker -> {
            for (int sample = from + worker; sample < to; sample += wide) {
                try (Scope scope = new Scope()) {
                    losses[sample] = backpropagation
                            .through(replicas.get(worker), source.one(sample), objective, scale, wide)
                            .item_double();
                }
            }
        });
    }

    @Override
    public void close() {
        backpropagation.close();
        workers.close();
        replicas.stream().skip(1).forEach(Network::close);
    }
}
