package org.unet4j.jmh;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.unet4j.model.ConvolutionCall;
import org.unet4j.torch.Device;
import org.unet4j.torch.Precision;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Torch;

/**
 * Every convolution of a network on a batch, ready to be computed back to back: forward in order, backward in the opposite
 * order. Numbers are random and lie where training has them: on the processor in reduced precision each sample on a thread
 * of its own with its features innermost, else the whole batch at once in the usual layout.
 */
final class Convolutions implements AutoCloseable {

    private final List<List<Convolution>> parts;
    private final ExecutorService workers;
    private final int threadsEach;

    Convolutions(List<ConvolutionCall> calls, int batch, Precision precision, Device device) {
        boolean reduced = precision.scalarType() != Precision.FP32.scalarType();
        boolean innermost = reduced && !device.isCuda();
        boolean sideBySide = innermost && batch > 1 && Torch.threads() > 1;
        int samples = sideBySide ? 1 : batch;
        threadsEach = sideBySide ? Math.max(1, Torch.threads() / batch) : Torch.threads();
        parts = IntStream.range(0, sideBySide ? batch : 1)
                .mapToObj(part -> calls.stream()
                        .map(call -> new Convolution(call, samples, precision, device, innermost))
                        .toList())
                .toList();
        workers = Executors.newFixedThreadPool(sideBySide ? Torch.threads() : 1);
    }

    /** Computes all of them once; returns when the device is done. */
    void run() throws InterruptedException, ExecutionException {
        onWorkers(Convolutions::forward);
        onWorkers(Convolutions::backward); // As in training, where the loss of the whole batch lies between the two.
    }

    private interface Pass {
        void run(List<Convolution> part);
    }

    private void onWorkers(Pass pass) throws InterruptedException, ExecutionException {
        List<Future<?>> running = new ArrayList<>();
        for (List<Convolution> part : parts) {
            running.add(workers.submit(() -> {
                Torch.setThreadsHere(threadsEach);
                try (Scope scope = new Scope()) {
                    pass.run(part);
                }
            }));
        }
        for (Future<?> one : running) {
            one.get();
        }
    }

    private static void forward(List<Convolution> part) {
        for (Convolution convolution : part) {
            try (Scope scope = new Scope()) {
                convolution.forward();
            }
        }
    }

    private static void backward(List<Convolution> part) {
        for (int i = part.size() - 1; i > 0; i--) {
            try (Scope scope = new Scope()) {
                part.get(i).backward();
            }
        }
        Tensor last = part.get(0).backward();
        last.flatten().narrow(0, 0, 1).item_float(); // Waits for a card.
    }

    @Override
    public void close() {
        workers.shutdown();
        parts.forEach(part -> part.forEach(Convolution::close));
    }
}
