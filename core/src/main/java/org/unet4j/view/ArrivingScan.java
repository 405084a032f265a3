package org.unet4j.view;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import org.unet4j.volume.Volume;

/** A scan while it is read: whoever sends it waits here for its voxels. */
final class ArrivingScan implements StudyArrival {

    private String name = "";
    private List<String> labels = List.of();
    private Volume volume;
    private int there;
    private boolean hasEnded;
    private boolean hasFailed;

    @Override
    public synchronized void name(String study, List<String> labelMaps) {
        name = study;
        labels = List.copyOf(labelMaps);
    }

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

    @Override
    public synchronized void end() {
        hasEnded = true;
        notifyAll();
    }

    /** Says that all is there, of a study that may have come in one piece. */
    void complete(Study study) {
        name(study.name(), study.labels().stream().map(LabelMap::name).toList());
        begin(study.scan());
        come(study.scan().grid().shape().arrayLength());
        end();
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

    /** Waits until it is read; returns false where that fails. */
    synchronized boolean awaitEnd() throws IOException {
        while (!hasEnded && !hasFailed) {
            pause(0);
        }
        return hasEnded;
    }

    /** Returns what a page has to know before label maps are there. */
    synchronized Description describe(Brightness brightness) {
        List<Description.LabelLayer> layers =
                labels.stream().map(Description.LabelLayer::unread).toList();
        return new Study(name, volume, List.of()).describe(brightness).withLabels(layers);
    }

    private void requireMore() throws IOException {
        if (hasFailed) {
            throw new IOException("the scan could not be read to its end");
        }
    }

    @SuppressWarnings("WaitNotInLoop") // all callers loop
    private void pause(long millis) throws IOException {
        try {
            wait(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the server ends");
        }
    }
}
