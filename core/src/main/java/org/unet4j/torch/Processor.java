package org.unet4j.torch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.global.torch;

/** What the processor is and can do. Linux says it in /proc/cpuinfo; elsewhere the JDK's own knowledge has to do. */
final class Processor {

    private static final Path CPUINFO = Path.of("/proc/cpuinfo");

    private Processor() {}

    /** Returns libtorch's name for the widest instructions it uses here, such as {@code "AVX512"}. */
    static String instructionSet() {
        try (BytePointer name = torch.get_cpu_capability()) {
            return name.getString(StandardCharsets.US_ASCII);
        }
    }

    /** Returns whether the processor multiplies bfloat16 itself (AVX512-BF16 or AMX-BF16). False where it cannot be known. */
    static boolean computesBfloat16() {
        String flags = first(lines(), "flags") + " ";
        return flags.contains(" avx512_bf16 ") || flags.contains(" amx_bf16 ");
    }

    /** Returns the processor's name as the system gives it, or the JDK's name of the architecture. */
    static String name() {
        String name = first(lines(), "model name");
        return name.isEmpty() ? System.getProperty("os.arch") : name.strip();
    }

    /** Returns the number of cores this process may use, hyper-threads counted once; at least 1. */
    static int physicalCores() {
        return physicalCores(lines(), Runtime.getRuntime().availableProcessors());
    }

    /** Returns the distinct (package, core) pairs of a /proc/cpuinfo, at most {@code available}. */
    static int physicalCores(List<String> cpuinfo, int available) {
        Set<String> cores = new HashSet<>();
        String socket = "";
        for (String line : cpuinfo) {
            if (line.startsWith("physical id")) {
                socket = value(line);
            } else if (line.startsWith("core id")) {
                cores.add(socket + "/" + value(line));
            }
        }
        return cores.isEmpty() ? available : Math.max(1, Math.min(cores.size(), available));
    }

    private static List<String> lines() {
        if (!Files.isReadable(CPUINFO)) {
            return List.of();
        }
        try {
            return Files.readAllLines(CPUINFO, StandardCharsets.ISO_8859_1);
        } catch (IOException absent) {
            return List.of();
        }
    }

    private static String first(List<String> cpuinfo, String key) {
        return cpuinfo.stream()
                .filter(line -> line.startsWith(key))
                .map(Processor::value)
                .findFirst()
                .orElse("");
    }

    private static String value(String line) {
        int colon = line.indexOf(':');
        return colon < 0 ? "" : line.substring(colon + 1);
    }
}
