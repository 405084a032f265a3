package org.unet4j.model;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.unet4j.torch.Autocast;
import org.unet4j.torch.Device;
import org.unet4j.torch.Gradients;
import org.unet4j.torch.Precision;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Torch;

/**
 * Forward pass, loss and backward pass of a batch.
 *
 * <p>On the processor, in reduced precision, the samples run side by side, each on one thread, and their gradients are added
 * in the samples' order. Threads that share the work of every single operation, as libtorch has it, wait for each other
 * thousands of times a step, and oneDNN's spin while they do; these wait twice. A step is as fast on an idle machine and several
 * times faster where something else computes too (docs/LOG.md). Elsewhere it is forward and backward as usual.
 *
 * <p>One thread at a time may call it. Make it after {@link Network#to} and close it before the network.
 */
public final class BatchGradient implements AutoCloseable {

    private final Network network;
    private final Device device;
    private final Precision precision;
    private final int threads = Torch.threads();
    private final List<Network> replicas = new ArrayList<>();
    private List<Tensor> parts = List.of();
    private ExecutorService workers;

    /** Makes the passes of {@code network}, which lives on {@code device} and computes in {@code precision}. */
    public BatchGradient(Network network, Device device, Precision precision) {
        this.network = network;
        this.device = device;
        this.precision = precision;
    }

    /**
     * Adds the gradient of {@code loss} to that of the network's parameters.
     *
     * @param imageNCDHW a batch on the network's device
     * @param loss from logits (N, classes, D, H, W) to one number; called once, for the whole batch, on this thread
     * @param scale what the loss is turned into before it goes back: a share of it, say, or {@code GradScaler::scale}
     * @return the loss before scaling, without a graph, in the open scope
     */
    public Tensor add(Tensor imageNCDHW, UnaryOperator<Tensor> loss, UnaryOperator<Tensor> scale) {
        int samples = Math.toIntExact(imageNCDHW.size(0));
        boolean reduced = precision.scalarType() != Precision.FP32.scalarType();
        boolean sideBySide = reduced && !device.isCuda() && samples > 1 && threads > 1;
        try (Scope scope = new Scope()) {
            Tensor logits = sideBySide ? forwards(imageNCDHW, samples) : forward(imageNCDHW);
            Tensor value = loss.apply(logits);
            scale.apply(value).backward();
            if (sideBySide) {
                backwards(logits.grad(), samples);
            }
            return scope.keep(value.detach());
        }
    }

    private Tensor forward(Tensor imageNCDHW) {
        try (Autocast autocast = precision.autocast(device)) {
            return network.forward(imageNCDHW);
        }
    }

    /** Returns the logits of all samples as the start of a graph of their own; the samples' graphs wait in {@link #parts}. */
    private Tensor forwards(Tensor imageNCDHW, int samples) {
        prepare(samples);
        parts = onWorkers(samples, sample -> forward(imageNCDHW, sample));
        TensorVector detached = new TensorVector();
        parts.forEach(part -> detached.push_back(part.detach()));
        return torch.cat(detached, 0).set_requires_grad(true);
    }

    private void backwards(Tensor gradientNCDHW, int samples) {
        onWorkers(samples, sample -> backward(parts.get(sample), gradientNCDHW, sample));
        parts = List.of();
        Gradients.gather(
                network.parameters(),
                replicas.stream().limit(samples).map(Network::parameters).toList());
    }

    private Tensor forward(Tensor imageNCDHW, int sample) {
        try (Scope scope = new Scope();
                Autocast autocast = precision.autocast(device)) {
            return Scope.own(replicas.get(sample).forward(imageNCDHW.narrow(0, sample, 1)));
        }
    }

    private static Tensor backward(Tensor logits, Tensor gradientNCDHW, int sample) {
        try (Scope scope = new Scope()) {
            Tensor gradient = gradientNCDHW.narrow(0, sample, 1);
            logits.backward(gradient, new BoolOptional(), false, new TensorArrayRefOptional());
        }
        logits.close();
        return logits;
    }

    private void prepare(int samples) {
        while (replicas.size() < samples) {
            replicas.add(network.sharingWeights());
        }
        if (workers == null) {
            AtomicInteger number = new AtomicInteger();
            workers = Executors.newFixedThreadPool(threads, task -> {
                Thread thread = new Thread(task, "unet4j-sample-" + number.getAndIncrement());
                thread.setDaemon(true);
                return thread;
            });
        }
    }

    /** Returns what {@code work} gives for each sample, in their order, once all are done. */
    private List<Tensor> onWorkers(int samples, IntFunction<Tensor> work) {
        int threadsEach = Math.max(1, threads / samples);
        List<Future<Tensor>> running = new ArrayList<>();
        for (int sample = 0; sample < samples; sample++) {
            int number = sample;
            running.add(workers.submit(() -> {
                Torch.setThreadsHere(threadsEach);
                return work.apply(number);
            }));
        }
        List<Tensor> results = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        for (Future<Tensor> one : running) {
            try {
                results.add(one.get());
            } catch (ExecutionException e) {
                failures.add(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted while a batch was computed");
            }
        }
        if (!failures.isEmpty()) {
            results.forEach(Tensor::close);
            throw new IllegalStateException(
                    failures.size() + " of " + samples + " samples failed: "
                            + failures.get(0).getMessage(),
                    failures.get(0));
        }
        return results;
    }

    @Override
    public void close() {
        if (workers != null) {
            workers.shutdown();
        }
        replicas.forEach(Network::close);
    }
}
