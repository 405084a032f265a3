package org.unet4j.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Ctrl-C as a question that long work asks: the first one asks the work to save and stop, and the process waits until it
 * has.
 */
final class CtrlC implements BooleanSupplier {
    private static final CountDownLatch FINISHED = new CountDownLatch(1);
    private static final long PATIENCE_MINUTES = 5;

    private volatile boolean pressed;

    private CtrlC() {}

    /** Returns a signal that is true from the moment that the process is asked to end. */
    static CtrlC listen(Terminal terminal) {
        var signal = new CtrlC();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> signal.stop(terminal), "ctrl-c"));
        return signal;
    }

    /** Tells a waiting Ctrl-C that the command is done and everything it had to save is saved. */
    static void finished() {
        FINISHED.countDown();
    }

    @Override
    public boolean getAsBoolean() {
        return pressed;
    }

    private void stop(Terminal terminal) {
        if (FINISHED.getCount() == 0) {
            return;
        }
        pressed = true;
        terminal.endProgress();
        terminal.error("stopping after this step and saving a checkpoint...");
        try {
            if (!FINISHED.await(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                terminal.error("gave up waiting; the last checkpoint on disk is whole");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
