package org.unet4j.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Ctrl-C as a question that long work asks: the first one asks the work to save and stop, and the process ends only when
 * this is closed, when everything is saved and said.
 */
final class CtrlC implements BooleanSupplier, AutoCloseable {
    private static final long PATIENCE_MINUTES = 5;

    private final Terminal terminal;
    private final Thread hook = new Thread(this::stop, "ctrl-c");
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean pressed;

    private CtrlC(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Returns a signal that is true from the moment that the process is asked to end. */
    static CtrlC listen(Terminal terminal) {
        var signal = new CtrlC(terminal);
        Runtime.getRuntime().addShutdownHook(signal.hook);
        return signal;
    }

    @Override
    public boolean getAsBoolean() {
        return pressed;
    }

    /** Lets the process end. */
    @Override
    public void close() {
        finished.countDown();
        if (!pressed) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException ending) {
                // The process ends already, and the hook has nothing left to wait for.
                terminal.flush();
            }
        }
    }

    private void stop() {
        pressed = true;
        if (finished.getCount() == 0) {
            return;
        }
        terminal.error("stopping after this step and saving a checkpoint...");
        try {
            if (!finished.await(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                terminal.error("gave up waiting; the last checkpoint on disk is whole");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
