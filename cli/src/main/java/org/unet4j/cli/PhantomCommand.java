package org.unet4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.unet4j.io.Phantom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the synthetic dataset. */
@Command(
        name = "phantom",
        mixinStandardHelpOptions = true,
        description = "Writes a synthetic abdominal CT dataset with a pancreas and tumours, in the Decathlon's layout.")
final class PhantomCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "DIR", description = "The dataset's folder; it must not exist or be empty.")
    private Path folder;

    @Option(names = "--cases", paramLabel = "N", description = "Labelled cases (default: ${DEFAULT-VALUE}).")
    private int cases = PhantomDefaults.CASES;

    @Option(names = "--seed", paramLabel = "S", description = "Decides every voxel (default: ${DEFAULT-VALUE}).")
    private long seed = PhantomDefaults.SEED;

    @Option(names = "--full", description = "512 x 512 slices as a scanner makes them, in place of small volumes.")
    private boolean full;

    PhantomCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (cases < 1) {
            throw new UsageException("--cases " + cases + " must be at least 1");
        }
        Phantom.Settings settings = full ? Phantom.Settings.full() : Phantom.Settings.small();
        Phantom.write(folder, settings, cases, seed, terminal);
        terminal.print("wrote " + cases + " labelled cases to " + folder);
        return Main.DONE;
    }
}
