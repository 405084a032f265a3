package org.unet4j.track;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A run as MLflow is told of it, by a thread of its own that reads the curves and sends them. Whatever the server does, or does not
 * do, the run itself hears nothing of it: where the server is away, one line says so, and what it misses is sent when it is back.
 */
public final class MlflowRun {

    private static final int TRIES_AT_END = 3;

    private final MlflowServer server;
    private final Supplier<MlflowSession> opening;
    private final MetricSource curves;
    private final Consumer<String> notes;
    private final Patience patience;
    private final Thread thread = new Thread(this::tell, "mlflow");

    private List<Metric> pending = List.of();
    private int failures;
    private boolean toldAway;
    private boolean toldBack;
    private boolean toldRefused;
    private int refused;
    private volatile String lastFailure = "";
    private volatile long lastStep;

    // Guarded by this.
    private Optional<RunStatus> end = Optional.empty();
    private Optional<Long> lastNanos = Optional.empty();
    private boolean told;

    private MlflowRun(
            MlflowServer server,
            Supplier<MlflowSession> opening,
            MetricSource curves,
            Consumer<String> notes,
            Patience patience) {
        this.server = server;
        this.opening = opening;
        this.curves = curves;
        this.notes = notes;
        this.patience = patience;
    }

    /**
     * Begins to tell {@code server} of a run, and returns at once.
     *
     * @param memory the file that keeps which of the server's runs this is; where it names one of this server and experiment, that goes on
     * @param curves asked by another thread; what the server has already is not sent again
     * @param notes hears, by another thread, in a line that the server is away
     */
    public static MlflowRun start(
            MlflowServer server, RunDescription run, Path memory, MetricSource curves, Consumer<String> notes) {
        return start(server, run, memory, curves, notes, Patience.usual());
    }

    static MlflowRun start(
            MlflowServer server,
            RunDescription run,
            Path memory,
            MetricSource curves,
            Consumer<String> notes,
            Patience patience) {
        MlflowRun told = new MlflowRun(
                server, () -> new MlflowSession(server, run, memory, patience.call(), notes), curves, notes, patience);
        told.thread.setDaemon(true);
        told.thread.start();
        return told;
    }

    /** Says how the run ended, and returns at once; {@link #await} waits until the server knows. */
    public synchronized void end(RunStatus status) {
        end = Optional.of(status);
        notifyAll();
    }

    /**
     * Says that somebody waits, and returns at once: from now on a server that is away is tried a few times more, and no longer than half a
     * minute. Until then a process that goes on after {@link #end} tries for as long as it takes.
     */
    public synchronized void hurry() {
        lastNanos = lastNanos.or(
                () -> Optional.of(System.nanoTime() + patience.end().toNanos()));
        notifyAll();
    }

    /**
     * Returns once the server has all of the curves, and knows how the run ended; half a minute after the first {@link #hurry}, which this
     * calls, at the latest, whether it does or not. A line says what it lacks.
     */
    public void await() {
        hurry();
        long left;
        synchronized (this) {
            left = lastNanos.orElseThrow() - System.nanoTime();
        }
        try {
            thread.join(Math.max(1, left / 1_000_000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        boolean whole;
        synchronized (this) {
            whole = told;
        }
        thread.interrupt();
        if (!whole) {
            notes.accept(
                    "tracking: [%s] has the curves up to step %d only, and not how the run ended (%s); all is in the run's folder"
                            .formatted(server, lastStep, lastFailure.isEmpty() ? "no time was left" : lastFailure));
        } else if (refused > 0) {
            notes.accept("tracking: [" + server + "] refused " + refused
                    + " points of the curves; all are in the run's folder");
        }
    }

    private void tell() {
        try {
            MlflowSession session =
                    opening.get(); // Here, for an HTTP client takes files, of which there may be none left.
            Optional<RunStatus> given = Optional.empty();
            boolean whole = advance(session, given);
            int tries = 0;
            while (!whole && tries < TRIES_AT_END) {
                given = pause(given);
                tries += given.isPresent() && hurries() ? 1 : 0;
                whole = advance(session, given);
            }
            synchronized (this) {
                told = whole;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // The run has ended, and no time is left.
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            lastFailure = String.valueOf(e.getMessage());
            notes.accept("tracking: ended, and the run goes on without it: " + lastFailure);
        }
    }

    /** Sends what there is; returns whether all is told: the run has ended, and the server knows it. */
    private boolean advance(MlflowSession session, Optional<RunStatus> ended) throws IOException, InterruptedException {
        try {
            session.open();
            send(session);
            for (List<Metric> next = curves.next(); !next.isEmpty(); next = curves.next()) {
                pending = session.unknown(next);
                send(session);
            }
            if (ended.isPresent()) {
                session.close(ended.get());
            }
            reached();
            return ended.isPresent();
        } catch (MlflowException e) {
            failed(e);
            return false;
        }
    }

    private void send(MlflowSession session) throws MlflowException, InterruptedException {
        if (pending.isEmpty()) {
            return;
        }
        try {
            session.log(pending);
            lastStep = pending.get(pending.size() - 1).step();
        } catch (MlflowException e) {
            if (!e.isRefusal()) {
                throw e;
            }
            refused += pending.size(); // Sent again they would be refused again.
            if (!toldRefused) {
                toldRefused = true;
                notes.accept("tracking: [" + server + "] " + e.getMessage());
            }
        }
        pending = List.of();
        reached();
    }

    private void reached() {
        if (toldAway && !toldBack) {
            toldBack = true;
            notes.accept("tracking: [" + server + "] answers again, and gets what it missed");
        }
        failures = 0;
        lastFailure = "";
    }

    private void failed(MlflowException e) {
        failures++;
        lastFailure = e.getMessage();
        if (!toldAway) {
            toldAway = true;
            notes.accept("tracking: [" + server + "] " + e.getMessage()
                    + "; the run goes on, and what the server misses is sent when it answers");
        }
    }

    private synchronized boolean hurries() {
        return lastNanos.isPresent();
    }

    /** Waits until it is time to go on, or there is more to tell than {@code given}; returns how the run ended, if it has. */
    private synchronized Optional<RunStatus> pause(Optional<RunStatus> given) throws InterruptedException {
        boolean hurried = hurries();
        Duration pause = failures == 0 ? patience.between() : patience.pause(hurried ? 1 : failures);
        long until = System.nanoTime() + pause.toNanos();
        for (long left = pause.toMillis();
                left > 0 && end.equals(given) && hurries() == hurried;
                left = (until - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
        return end;
    }
}
