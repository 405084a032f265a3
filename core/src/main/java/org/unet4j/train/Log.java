package org.unet4j.train;

import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.unet4j.eval.CaseScores;
import org.unet4j.report.SlicePicture;

/** The curves of a run, where this process is the one that writes them. */
record Log(Optional<RunLog> written) implements Closeable {

    void step(Metrics.Step step) throws IOException {
        if (written.isPresent()) {
            written.get().step(step);
        }
    }

    void validation(Metrics.Validation validation, CaseScores scores, Map<String, SlicePicture> pictures)
            throws IOException {
        if (written.isPresent()) {
            written.get().validation(validation, scores, pictures);
        }
    }

    /** Returns the length of the metrics so far, all of which are on disk. */
    long sync() throws IOException {
        return written.isPresent() ? written.get().sync() : 0;
    }

    @Override
    public void close() throws IOException {
        if (written.isPresent()) {
            written.get().close();
        }
    }
}
