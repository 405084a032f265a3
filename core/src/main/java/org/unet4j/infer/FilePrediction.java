package org.unet4j.infer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.unet4j.io.Case;
import org.unet4j.io.HeapAdvice;
import org.unet4j.io.Progress;
import org.unet4j.prep.PreparedView;
import org.unet4j.volume.Labels;

/** Segments scans file by file; the next one is read and prepared, and the last one written, while the network works. */
final class FilePrediction {

    private static final String TASK = "segmenting";
    private static final int MIB_SHIFT = 20;
    private static final double NANOS = 1e9;
    private static final long WRITING_MINUTES = 30;

    private final Predictor predictor;
    private final PredictionRequest request;
    private final ScanReader scanReader;
    private final Progress progress;
    private final List<Path> written = new ArrayList<>();
    private final List<Predictions.Failure> failures = new ArrayList<>();
    private final List<Predictions.Warning> warnings = new ArrayList<>();

    FilePrediction(Predictor predictor, PredictionRequest request, Progress progress) {
        this.predictor = predictor;
        this.request = request;
        scanReader = new ScanReader(predictor, request);
        this.progress = progress;
    }

    /** A scan whose labels are being written. */
    private record Writing(Case scan, Future<Path> labels) {}

    Predictions run(List<Case> scans) throws IOException {
        OutputFolder output = new OutputFolder(request);
        List<Case> open = output.open(scans);
        if (!open.isEmpty()) {
            segment(open, output);
        }
        return new Predictions(written, output.skipped(), failures, warnings);
    }

    private void segment(List<Case> scans, OutputFolder output) throws IOException {
        ExecutorService reader = Executors.newSingleThreadExecutor(work -> daemon(work, "scan reader"));
        ExecutorService writer = Executors.newSingleThreadExecutor(work -> daemon(work, "label writer"));
        try {
            Future<ScanReader.Ready> next = reader.submit(() -> scanReader.read(scans.get(0)));
            LabelWriter labels = new LabelWriter(predictor, request.folder());
            Writing writing = null;
            for (int i = 0; i < scans.size(); i++) {
                progress.update(TASK, i, scans.size());
                Optional<ScanReader.Ready> ready = ready(scans.get(i), next);
                boolean last = i + 1 == scans.size();
                Case following = last ? scans.get(i) : scans.get(i + 1);
                boolean ahead = !last && scanReader.fitsBeside(following);
                next = ahead ? reader.submit(() -> scanReader.read(following)) : null;
                Optional<ScanClaim> claim = ready.isPresent() ? output.claim(scans.get(i)) : Optional.empty();
                Optional<LabelWriter.Done> done =
                        claim.isPresent() ? predict(claim.get(), ready.get(), passes(i, scans)) : Optional.empty();
                finishBefore(writing, done);
                Case scan = scans.get(i);
                writing = done.isPresent() ? new Writing(scan, writer.submit(() -> labels.write(done.get()))) : null;
                if (!last && !ahead) {
                    finish(writing);
                    writing = null;
                    next = reader.submit(() -> scanReader.read(following));
                }
            }
            finish(writing);
            progress.update(TASK, scans.size(), scans.size());
        } finally {
            reader.shutdownNow();
            awaitEnd(writer);
            Manifest.gather(request.folder());
        }
    }

    /** What is half written is of use, also where something else went wrong. */
    private static void awaitEnd(ExecutorService writer) {
        writer.shutdown();
        try {
            writer.awaitTermination(WRITING_MINUTES, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until labels are written; where that fails, those that are {@code next} are given up. */
    private void finishBefore(Writing writing, Optional<LabelWriter.Done> next) throws IOException {
        boolean finished = false;
        try {
            finish(writing); // a full disk is no scan's fault: nothing can be written
            finished = true;
        } finally {
            if (!finished && next.isPresent()) {
                next.get().close();
            }
        }
    }

    private Optional<ScanReader.Ready> ready(Case scan, Future<ScanReader.Ready> reading) throws IOException {
        try {
            return Optional.of(await(reading));
        } catch (IOException | IllegalArgumentException e) { // this scan's fault; the others go on
            failures.add(new Predictions.Failure(scan.id(), String.valueOf(e.getMessage())));
        } catch (OutOfMemoryError e) { // too large a scan, not a broken program: what it held is free again
            failures.add(new Predictions.Failure(scan.id(), tooLarge(scan)));
        }
        return Optional.empty();
    }

    private Predictor.Passes passes(int i, List<Case> scans) {
        String name = scans.get(i).id();
        return (done, total) -> progress.update(TASK, i, scans.size(), new Progress.Part(name, done, total, "windows"));
    }

    private Optional<LabelWriter.Done> predict(ScanClaim claim, ScanReader.Ready ready, Predictor.Passes passes)
            throws IOException {
        Case files = ready.files();
        Optional<ProbabilitySpill> spill = Optional.empty();
        boolean done = false;
        try {
            spill = spill(ready.prepared());
            long start = System.nanoTime();
            Labels labels = spill.isPresent()
                    ? predictor.predict(ready.prepared(), spill.get(), passes)
                    : predictor.predict(ready.prepared(), passes);
            double seconds = (System.nanoTime() - start) / NANOS;
            done = true;
            ready.warnings().forEach(text -> warnings.add(new Predictions.Warning(files.id(), text)));
            return Optional.of(new LabelWriter.Done(
                    claim, files.id(), ready.scan(), ready.header(), labels, spill, seconds, ready.warnings()));
        } catch (UncheckedIOException e) { // a full disk is no scan's fault
            throw e.getCause();
        } catch (IllegalArgumentException e) {
            failures.add(new Predictions.Failure(files.id(), String.valueOf(e.getMessage())));
        } catch (OutOfMemoryError e) {
            failures.add(new Predictions.Failure(files.id(), tooLarge(files)));
        } finally {
            if (!done) {
                giveUp(claim, spill);
            }
        }
        return Optional.empty();
    }

    private static void giveUp(ScanClaim claim, Optional<ProbabilitySpill> spill) throws IOException {
        try (claim) {
            if (spill.isPresent()) {
                spill.get().close();
            }
        }
    }

    private Optional<ProbabilitySpill> spill(PreparedView prepared) throws IOException {
        return request.probabilities()
                ? Optional.of(new ProbabilitySpill(
                        request.folder(), prepared.recipe(), predictor.plan().classCount()))
                : Optional.empty();
    }

    private void finish(Writing writing) throws IOException {
        if (writing == null) {
            return;
        }
        try {
            written.add(await(writing.labels));
        } catch (OutOfMemoryError e) { // as where it is read or segmented
            failures.add(new Predictions.Failure(writing.scan.id(), tooLarge(writing.scan)));
        }
    }

    private static String tooLarge(Case scan) {
        return "[" + scan.images().get(0) + "] needs more than the heap of "
                + (Runtime.getRuntime().maxMemory() >> MIB_SHIFT)
                + " MiB; " + HeapAdvice.giveMore();
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    private static <T> T await(Future<T> ready) throws IOException {
        try {
            return ready.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            if (e.getCause() instanceof IllegalArgumentException cause) {
                throw cause;
            }
            if (e.getCause() instanceof OutOfMemoryError cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while a file was read or written");
        }
    }
}
