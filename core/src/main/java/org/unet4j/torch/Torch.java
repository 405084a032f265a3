package org.unet4j.torch;

import java.util.regex.Pattern;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.global.torch;

/** Starts libtorch. */
public final class Torch {

    private static final Pattern LACK = Pattern.compile("can't allocate memory|not enough memory|CUDA out of memory"
            + "|std::bad_alloc|CUDNN_STATUS_ALLOC_FAILED|CUBLAS_STATUS_ALLOC_FAILED");

    private Torch() {}

    /**
     * Loads libtorch and sets how it works, for the whole process. Call it once, before the first tensor.
     *
     * @param threads how many threads one operation may use; {@link #physicalCores()} is the fastest when the process has
     *     the machine for itself
     * @param deterministic whether the same seed must give the same bits: on the processor that costs nothing; on a card it
     *     is slower, and operators without a deterministic form fail
     */
    public static void start(int threads, boolean deterministic) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads " + threads + " must be at least 1");
        }
        Natives.load();
        torch.set_num_threads(threads);
        Context context = torch.globalContext();
        context.setDeterministicAlgorithms(deterministic, false);
        // Else libtorch overwrites every new tensor with NaN, to find readers of unset memory: a debugging aid.
        context.setDeterministicFillUninitializedMemory(false);
        context.setDeterministicCuDNN(deterministic);
        context.setBenchmarkCuDNN(!deterministic);
        context.setDeterministicMkldnn(deterministic);
    }

    /** Sets how many threads an operation may use that is called on this thread; other threads keep what they have. */
    public static void setThreadsHere(int threads) {
        if (torch.get_num_threads() != threads) {
            torch.set_num_threads(threads);
        }
    }

    /** Returns how many threads one operation may use. */
    public static int threads() {
        return torch.get_num_threads();
    }

    /**
     * Returns whether {@code thrown}, or what caused it, says that memory was lacking. libtorch says it in the text of a plain
     * exception, before a trace of its own.
     */
    public static boolean isOutOfMemory(Throwable thrown) {
        for (Throwable e = thrown; e != null; e = e.getCause()) {
            boolean plain = e.getClass() == RuntimeException.class;
            if (e instanceof OutOfMemoryError
                    || (plain && LACK.matcher(String.valueOf(e.getMessage())).find())) {
                return true;
            }
        }
        return false;
    }

    /** Returns the number of cores this process may use, hyper-threads counted once. */
    public static int physicalCores() {
        return Processor.physicalCores();
    }
}
