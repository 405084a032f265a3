package org.unet4j.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * How busy a card is, as nvidia-smi samples it: the share of time in which any kernel ran. nvidia-smi counts the machine's cards
 * and libtorch those that CUDA_VISIBLE_DEVICES leaves; where that renumbers them, the card looked at may be another one.
 */
final class CardUse {

    private static final double PERCENT = 0.01;

    private final Process process;
    private final Thread reader;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private CardUse(Process process) {
        this.process = process;
        this.reader = new Thread(this::read, "unet4j-nvidia-smi");
        reader.setDaemon(true);
    }

    /** Returns the use of card {@code index} from now on; empty where there is no nvidia-smi. */
    static Optional<CardUse> start(int index) {
        try {
            Process process = new ProcessBuilder(
                            "nvidia-smi",
                            "--id=" + index,
                            "--query-gpu=utilization.gpu",
                            "--format=csv,noheader,nounits",
                            "--loop-ms=200")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            CardUse use = new CardUse(process);
            use.reader.start();
            return Optional.of(use);
        } catch (IOException absent) {
            return Optional.empty();
        }
    }

    /** Returns the mean since the start, in [0, 1]; empty where nothing was sampled. */
    OptionalDouble stop() {
        process.destroy();
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return mean(lines);
    }

    /** Returns the mean share of lines that are percentages; others, such as {@code [N/A]}, do not count. */
    static OptionalDouble mean(List<String> lines) {
        return lines.stream()
                .map(String::strip)
                .filter(line -> line.matches("\\d+"))
                .mapToDouble(line -> Integer.parseInt(line) * PERCENT)
                .average();
    }

    private void read() {
        try (BufferedReader reading = process.inputReader(StandardCharsets.US_ASCII)) {
            for (String line = reading.readLine(); line != null; line = reading.readLine()) {
                lines.add(line);
            }
        } catch (IOException ended) {
            // The pipe breaks when nvidia-smi is stopped: what it said until then counts.
            return;
        }
    }
}
