package org.unet4j.view;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import org.unet4j.io.Arrival;
import org.unet4j.volume.Volume;

/** A scan while it is read: whoever sends it waits here for its voxels. */
final class ArrivingScan implements Arrival {

    private Volume volume;
    private int there;
    private boolean hasFailed;

    @Override
    public synchronized void begin(Volume begun) {
        volume = begun;
        notifyAll();
    }

    @Override
    public synchronized void come(int voxels) {
        there = voxels;
        notifyAll();
    }

    /** Says that all is there, of a scan that may have come in one piece. */
    void complete(Volume whole) {
        begin(whole);
        come(whole.grid().shape().arrayLength());
    }

    /** Says that nothing more comes. */
    synchronized void fail() {
        hasFailed = true;
        notifyAll();
    }

    /** Waits a while until it has begun or failed; returns false where it has failed. */
    synchronized boolean awaitBegin(Duration patience) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        for (long left = patience.toMillis(); volume == null && !hasFailed && left > 0; ) {
            pause(left);
            left = Duration.ofNanos(end - System.nanoTime()).toMillis();
        }
        return !hasFailed;
    }

    /** Waits until it has begun; returns it, with those voxels that have come. */
    synchronized Volume await() throws IOException {
        while (volume == null) {
            requireMore();
            pause(0);
        }
        return volume;
    }

    /** Waits until its first {@code voxels} are there. */
    synchronized void await(int voxels) throws IOException {
        while (there < voxels) {
            requireMore();
            pause(0);
        }
    }

    private void requireMore() throws IOException {
        if (hasFailed) {
            throw new IOException("the scan could not be read to its end");
        }
    }

    private void pause(long millis) throws IOException {
        try {
            wait(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the server ends");
        }
    }
}
