package org.unet4j.torch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What NVIDIA's own tool says of a card that libtorch counts. nvidia-smi counts all cards of a machine, libtorch those that
 * {@code CUDA_VISIBLE_DEVICES} leaves, in its order; entries there, numbers and UUIDs alike, are what {@code nvidia-smi --id} takes.
 */
public final class NvidiaSmi {

    private static final long PATIENCE_SECONDS = 10;

    private NvidiaSmi() {}

    /**
     * Returns a command that asks for comma-separated properties of a card, such as {@code name,driver_version}.
     *
     * @param index which card, as libtorch counts
     * @param query what {@code nvidia-smi --help-query-gpu} lists
     */
    public static List<String> command(int index, String query) {
        return List.of(
                "nvidia-smi",
                "--id=" + id(index, System.getenv("CUDA_VISIBLE_DEVICES")),
                "--query-gpu=" + query,
                "--format=csv,noheader,nounits");
    }

    /** Returns what nvidia-smi calls card {@code index} of those in {@code visible}; null where all are. */
    static String id(int index, String visible) {
        String[] left = visible == null ? new String[0] : visible.split(",");
        return index < left.length ? left[index].strip() : Integer.toString(index);
    }

    /** Returns the first line that a command prints; empty where it is missing, fails, prints nothing or takes more than 10 s. */
    static Optional<String> firstLine(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.empty();
            }
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.exitValue() == 0
                    ? printed.lines()
                            .map(String::strip)
                            .filter(line -> !line.isEmpty())
                            .findFirst()
                    : Optional.empty();
        } catch (IOException absent) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
