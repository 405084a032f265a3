package org.unet4j.torch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What NVIDIA's own tool says of a machine's cards. */
final class NvidiaSmi {

    private static final long PATIENCE_SECONDS = 60;

    private NvidiaSmi() {}

    /**
     * Returns properties, with commas between them, that all cards of the machine share: nvidia-smi numbers cards by their places and CUDA
     * by their speed, and {@code CUDA_VISIBLE_DEVICES} may hide some, so that of unlike cards nobody knows which is which.
     *
     * @param query what {@code nvidia-smi --help-query-gpu} lists, such as {@code name,driver_version}
     * @return empty where cards differ, or there is no nvidia-smi that answers
     */
    static Optional<String> ofEveryCard(String query) {
        return shared(List.of("nvidia-smi", "--query-gpu=" + query, "--format=csv,noheader"));
    }

    /** Returns the line that is all that a command prints, once or more; empty where it is missing, fails or takes more than a minute. */
    static Optional<String> shared(List<String> command) {
        try {
            Path printed = Files.createTempFile("unet4j-nvidia-smi", ".txt");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectOutput(printed.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
                boolean ended;
                try {
                    ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
                } finally {
                    process.destroyForcibly();
                }
                List<String> lines = Files.readString(printed, StandardCharsets.UTF_8)
                        .lines()
                        .map(String::strip)
                        .distinct()
                        .toList();
                return ended && process.exitValue() == 0 && lines.size() == 1
                        ? Optional.of(lines.get(0))
                        : Optional.empty();
            } finally {
                Files.deleteIfExists(printed);
            }
        } catch (IOException absent) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
