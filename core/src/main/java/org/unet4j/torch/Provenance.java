package org.unet4j.torch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
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
 * @param command what a person typed; absent where nobody did, and in files of earlier versions
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
        int threads,
        Optional<String> command) {

    /** Makes the provenance of what nobody typed. */
    public Provenance(
            String version,
            String commit,
            String java,
            String os,
            String cpu,
            String libtorch,
            long cudnn,
            String device,
            int threads) {
        this(version, commit, java, os, cpu, libtorch, cudnn, device, threads, Optional.empty());
    }

    /** Returns this of what a person typed. */
    public Provenance with(Optional<String> typed) {
        return new Provenance(version, commit, java, os, cpu, libtorch, cudnn, device, threads, typed);
    }

    /** Returns names and values for people; what there is none of is left out. */
    public SortedMap<String, String> entries() {
        SortedMap<String, String> entries = new TreeMap<>();
        entries.put("unet4j", version);
        entries.put("commit", commit);
        entries.put("java", java);
        entries.put("system", os);
        entries.put("processor", cpu);
        entries.put("libtorch", libtorch);
        if (cudnn != 0) {
            entries.put("cudnn", Long.toString(cudnn));
        }
        entries.put("device", device);
        entries.put("threads", Integer.toString(threads));
        command.ifPresent(typed -> entries.put("command", typed));
        return entries;
    }

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
