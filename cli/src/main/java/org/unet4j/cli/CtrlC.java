package org.unet4j.cli;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;

/**
 * Ctrl-C, or SIGTERM, as a question that long work asks: the first one asks the work to save and stop, and the process ends only
 * when everything is saved and said. Its exit code is then the signal's, 130 or 143, as the virtual machine has it.
 */
final class CtrlC {
    private static final long PATIENCE_MINUTES = 5;

    /** Long work. */
    @FunctionalInterface
    interface Work {
        /** Returns the exit code, early once {@code stop} is true. */
        int run(BooleanSupplier stop) throws IOException;
    }

    private final Terminal terminal;
    private final Thread hook = new Thread(this::stop, "ctrl-c");
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean pressed;

    private CtrlC(Terminal terminal) {
        this.terminal = terminal;
    }

    /**
     * Returns the exit code of {@code work}, which is told when the process is asked to end. What the work throws is reported
     * here, as {@code command} reports everything: after this the process may end at any moment.
     */
    static int during(CommandLine command, Terminal terminal, Work work) throws Exception {
        var signal = new CtrlC(terminal);
        Runtime.getRuntime().addShutdownHook(signal.hook);
        try {
            return work.run(() -> signal.pressed);
        } catch (IOException | RuntimeException e) {
            return command.getExecutionExceptionHandler()
                    .handleExecutionException(e, command, command.getParseResult());
        } finally {
            terminal.flush();
            signal.release();
        }
    }

    /** Returns the same of work that is shared with other processes, which must hear what it throws. */
    static int duringShared(Terminal terminal, Work work) throws IOException {
        var signal = new CtrlC(terminal);
        Runtime.getRuntime().addShutdownHook(signal.hook);
        try {
            return work.run(() -> signal.pressed);
        } finally {
            terminal.flush();
            signal.release();
        }
    }

    /** Lets the process end. */
    private void release() {
        finished.countDown();
        if (!pressed) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException ending) {
                // The process ends already, and the hook has nothing left to wait for.
            }
        }
    }

    private void stop() {
        pressed = true;
        if (finished.getCount() == 0) {
            return;
        }
        terminal.notice("stopping after this step and saving a checkpoint...");
        try {
            if (!finished.await(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                terminal.error("gave up waiting; the last checkpoint on disk is whole");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
