package org.unet4j.io;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A stream whose reads fail where nothing comes for too long: Java's HTTP client has a time-out for an answer's headers, and none
 * for its body. The stream that it is put around must end a waiting read when it is closed, as the client's does.
 */
final class ImpatientStream extends FilterInputStream {

    private final Duration silence;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "silence");
        thread.setDaemon(true);
        return thread;
    });
    private final ScheduledFuture<?> listening;
    private volatile long heardNanos = System.nanoTime();
    private volatile boolean silent;

    ImpatientStream(InputStream in, Duration silence) {
        super(in);
        this.silence = silence;
        long every = Math.max(1, silence.toNanos() / 4);
        listening = clock.scheduleWithFixedDelay(this::listen, every, every, TimeUnit.NANOSECONDS);
    }

    private void listen() {
        if (System.nanoTime() - heardNanos > silence.toNanos()) {
            silent = true;
            try {
                in.close();
            } catch (IOException e) {
                // The read that waits ends all the same.
            }
        }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        heardNanos = System.nanoTime();
        try {
            int count = in.read(bytes, offset, length);
            if (!silent) {
                return count;
            }
        } catch (IOException e) {
            if (!silent) {
                throw e;
            }
        }
        throw new HttpTimeoutException("nothing came for " + silence.toSeconds() + " s");
    }

    @Override
    public int read() {
        throw new UnsupportedOperationException("read many bytes at once");
    }

    @Override
    public void close() throws IOException {
        listening.cancel(false);
        clock.shutdownNow();
        in.close();
    }
}
