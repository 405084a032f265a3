package org.unet4j.ranks;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.BoolVector;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.LongVector;
import org.bytedeco.pytorch.Reducer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.SizeTStringMap;
import org.bytedeco.pytorch.SizeTVector;
import org.bytedeco.pytorch.SizeTVectorVector;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.torch.Device;
import org.unet4j.torch.Gradients;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;

/**
 * Averages the gradients of the same parameters over all ranks. Equal bits on all of them.
 *
 * <p>{@link #during} uses c10d's {@code Reducer} (Li et al. 2020, PyTorch Distributed): gradients go into buckets in the order in
 * which a backward pass makes them, and a full bucket is summed while the pass goes on. {@link #after} is for gradients that no
 * backward pass put on the parameters themselves.
 *
 * <p>Gradients of several passes add up on each rank, and the last one averages the sums: only that one is given to
 * {@link #during}.
 *
 * <p>Make it after the parameters have their device and layout. One thread at a time may call it. Close it before the peers.
 */
public final class GradientReducer implements AutoCloseable {

    /** A bucket is full at one in so many of all bytes, for the last one waits for the end of the backward pass, and nothing hides its way. */
    private static final long SHARE = 8;

    /** What is smaller is not worth a message of its own. */
    static final long LEAST_BUCKET_BYTES = 256L << 10;

    static final long MOST_BUCKET_BYTES = 25L << 20;
    private static final long MOST_FIRST_BUCKET_BYTES = 1L << 20;

    private final Peers peers;
    private final List<Tensor> parameters;
    private final Reducer reducer;

    /**
     * Makes the buckets for {@code parameters}, whose gradients it drops. All ranks make it at the same time.
     *
     * @param parameters in the order in which a forward pass comes to them: the backward pass goes the other way, and with it the
     *     buckets. Another order is slower and not wrong
     */
    public GradientReducer(Peers peers, List<Tensor> parameters) {
        this.peers = peers;
        this.parameters = List.copyOf(parameters);
        try (Scope scope = new Scope()) {
            TensorVector all = new TensorVector();
            SizeTVector indices = new SizeTVector();
            for (int i = 0; i < parameters.size(); i++) {
                all.push_back(parameters.get(i));
                indices.push_back(i);
            }
            SizeTVectorVector oneBucket = new SizeTVectorVector(indices);
            long bytes =
                    bucketBytes(parameters.stream().mapToLong(Tensor::nbytes).sum());
            reducer = Scope.release(new Reducer(
                    all,
                    oneBucket,
                    peers.group(),
                    new BoolVector(),
                    bytes,
                    false,
                    false,
                    new SizeTStringMap(),
                    Math.min(bytes, MOST_FIRST_BUCKET_BYTES),
                    false,
                    false,
                    new LongVector()));
        }
        try {
            makeBuckets();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Returns at how many bytes a bucket for {@code all} bytes of gradients is full. */
    static long bucketBytes(long all) {
        return Math.max(LEAST_BUCKET_BYTES, Math.min(MOST_BUCKET_BYTES, all / SHARE));
    }

    /**
     * Has the reducer see the order of a backward pass, from which it makes its buckets. It would look at the first step's: a run
     * that goes on from a checkpoint would sum in other buckets than one that was never interrupted.
     */
    private void makeBuckets() {
        during(() -> {
            try (Scope scope = new Scope()) {
                Tensor sum = parameters.get(0).sum();
                for (Tensor parameter : parameters.subList(1, parameters.size())) {
                    sum = sum.add(parameter.sum());
                }
                sum.backward();
            }
        });
        peers.guard(reducer::rebuild_buckets);
        Gradients.drop(parameters);
    }

    /** Does {@code pass}, a forward and backward pass after which each parameter has a gradient, averaged over all ranks. */
    public void during(Runnable pass) {
        peers.guard(() -> {
            try (Scope scope = new Scope()) {
                // Without these two the reducer's hooks do nothing.
                reducer.prepare_for_forward();
                reducer.prepare_for_backward(new TensorVector());
            }
            pass.run();
        });
    }

    /** Averages the gradients that the parameters have: each must have one. */
    public void after() {
        parameters.stream()
                .collect(Collectors.groupingBy(p -> p.scalar_type().intern(), TreeMap::new, Collectors.toList()))
                .forEach(this::average);
    }

    private void average(ScalarType type, List<Tensor> some) {
        try (Scope scope = new Scope();
                AutoGradMode off = new AutoGradMode(false)) {
            long count = some.stream().mapToLong(Tensor::numel).sum();
            Tensor flat = Tensors.empty(new long[] {count}, type, Device.of(some.get(0)), false);
            List<Tensor> parts = new ArrayList<>();
            long start = 0;
            for (Tensor parameter : some) {
                parts.add(like(parameter, flat, start).copy_(parameter.grad()));
                start += parameter.numel();
            }
            // As the reducer does it: first the share, then the sum.
            peers.sum(flat.mul_(new Scalar(1.0 / peers.world().size())));
            for (int i = 0; i < parts.size(); i++) {
                some.get(i).grad().copy_(parts.get(i));
            }
        }
    }

    /** Returns the values of {@code flat} from {@code start} on, in the shape and the memory order of {@code parameter}. */
    private static Tensor like(Tensor parameter, Tensor flat, long start) {
        long[] strides = new long[Math.toIntExact(parameter.dim())];
        for (int axis = 0; axis < strides.length; axis++) {
            strides[axis] = parameter.stride(axis);
        }
        return flat.as_strided(Tensors.shape(parameter), strides, new LongOptional(start));
    }

    @Override
    public void close() {
        reducer.deallocate();
    }
}
