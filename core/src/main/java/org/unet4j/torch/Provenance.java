package org.unet4j.torch;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;
import org.unet4j.io.Build;

/**
 * What a result was made with; written next to every result.
 *
 * @param version of unet4j
 * @param commit the abbreviated commit, with {@code -dirty} where the sources had been changed
 * @param java the JDK's version
 * @param os the operating system, its version and architecture
 * @param cpu the processor's name
 * @param libtorch its version
 * @param cudnn its version, or 0 without a card
 * @param device the device in words
 * @param threads how many threads one operation may use
 */
public record Provenance(
        String version,
        String commit,
        String java,
        String os,
        String cpu,
        String libtorch,
        long cudnn,
        String device,
        int threads) {

    /** Returns the provenance of what this process computes on {@code device}. */
    public static Provenance of(Device device) {
        Build build = Build.here();
        return new Provenance(
                build.version(),
                build.commit(),
                System.getProperty("java.runtime.version"),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                Processor.name(),
                libtorchVersion(),
                device.isCuda() ? torch.getCUDAHooks().versionRuntimeCuDNN() : 0,
                device.describe(),
                torch.get_num_threads());
    }

    private static String libtorchVersion() {
        try {
            return Loader.getVersion("org.bytedeco", "pytorch");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
