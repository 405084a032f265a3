package org.unet4j.infer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.unet4j.io.Case;
import org.unet4j.io.Nifti;
import org.unet4j.io.NiftiHeader;
import org.unet4j.io.Progress;
import org.unet4j.io.Shard;
import org.unet4j.prep.Preparation;
import org.unet4j.prep.PreparedView;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Scan;

/** Segments scans file by file; the next one is read and prepared while the network works on the one before. */
final class FilePrediction {

    private static final int MIB_SHIFT = 20;

    private final Predictor predictor;
    private final Path folder;
    private final Progress progress;

    FilePrediction(Predictor predictor, Path folder, Progress progress) {
        this.predictor = predictor;
        this.folder = folder;
        this.progress = progress;
    }

    /** A scan that is ready for the network, with the header whose geometry its labels get. */
    private record Ready(PreparedView prepared, NiftiHeader header) {}

    Predictions run(List<Case> scans, Shard shard, Existing existing) throws IOException {
        requireNoInputReplaced(scans);
        if (shard.count() > 1) {
            requireNoInputFolder(scans);
        }
        List<Path> skipped = new ArrayList<>();
        List<Case> open = new ArrayList<>();
        for (Case scan : shard.of(scans)) {
            Path output = output(scan);
            if (!Files.exists(output) || existing == Existing.OVERWRITE) {
                open.add(scan);
            } else if (existing == Existing.SKIP) {
                skipped.add(output);
            } else {
                throw new IOException(
                        "[" + output + "] is there already and nothing was written: choose another folder,"
                                + " or to skip or overwrite what is there");
            }
        }
        if (!open.isEmpty()) {
            requireWritable();
        }
        return segment(open, skipped);
    }

    /** Fails before hours of work, not after, where nothing can be written. */
    private void requireWritable() throws IOException {
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, ".probe", ".tmp"));
        } catch (IOException e) {
            throw new IOException(
                    "[" + folder + "] no file can be written there (" + e + "); choose another folder", e);
        }
    }

    private Predictions segment(List<Case> scans, List<Path> skipped) throws IOException {
        List<Path> written = new ArrayList<>();
        List<Predictions.Failure> failures = new ArrayList<>();
        ExecutorService reader = Executors.newSingleThreadExecutor(FilePrediction::daemon);
        try {
            Future<Ready> next = scans.isEmpty() ? null : reader.submit(() -> read(scans.get(0)));
            for (int i = 0; i < scans.size(); i++) {
                Case scan = scans.get(i);
                progress.update("segmenting", i, scans.size());
                Future<Ready> current = next;
                if (i + 1 < scans.size()) {
                    Case following = scans.get(i + 1);
                    next = reader.submit(() -> read(following));
                }
                NiftiHeader header;
                Labels labels;
                try {
                    Ready ready = await(current);
                    header = ready.header;
                    labels = predictor.predict(ready.prepared);
                } catch (IOException | IllegalArgumentException e) { // this scan's fault; the others go on
                    failures.add(new Predictions.Failure(scan.id(), String.valueOf(e.getMessage())));
                    continue;
                } catch (OutOfMemoryError e) { // too large a scan, not a broken program: what it held is free again
                    failures.add(new Predictions.Failure(scan.id(), tooLarge(scan)));
                    continue;
                }
                Nifti.write(output(scan), labels, header); // a full disk is no scan's fault: nothing can be written
                written.add(output(scan));
            }
            progress.update("segmenting", scans.size(), scans.size());
        } finally {
            reader.shutdownNow();
        }
        return new Predictions(written, skipped, failures);
    }

    private static String tooLarge(Case scan) {
        return "[" + scan.images().get(0) + "] needs more than the heap of "
                + (Runtime.getRuntime().maxMemory() >> MIB_SHIFT) + " MiB; give Java more with -Xmx";
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "scan reader");
        thread.setDaemon(true);
        return thread;
    }

    private Ready read(Case files) throws IOException {
        for (Path image : files.images()) {
            if (!Files.exists(image)) {
                throw new IOException("[" + image + "] is missing: a scan needs one file for each of the "
                        + files.images().size() + " channels");
            }
        }
        Scan scan = files.readScan();
        return new Ready(
                Preparation.view(predictor.plan(), scan),
                Nifti.readHeader(files.images().get(0)));
    }

    private static Ready await(Future<Ready> ready) throws IOException {
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
            throw new CancellationException("interrupted while a scan was read");
        }
    }

    private Path output(Case scan) {
        return folder.resolve(scan.id() + ".nii.gz");
    }

    private void requireNoInputReplaced(List<Case> scans) throws IOException {
        Set<Path> inputs = new HashSet<>();
        for (Case scan : scans) {
            for (Path image : scan.images()) {
                inputs.add(real(image));
            }
        }
        for (Case scan : scans) {
            if (inputs.contains(real(output(scan)))) {
                throw new IOException("[" + output(scan) + "] is a scan that was given: its labels would replace it;"
                        + " choose another folder");
            }
        }
    }

    /** Labels of one shard would be scans to the next, which would then have another share than it should. */
    private void requireNoInputFolder(List<Case> scans) throws IOException {
        for (Case scan : scans) {
            if (real(scan.images().get(0).toAbsolutePath().getParent()).equals(real(folder))) {
                throw new IOException("[" + folder + "] holds scans that were given, and other shards would take labels"
                        + " there for scans; choose another folder");
            }
        }
    }

    private static Path real(Path file) throws IOException {
        return Files.exists(file) ? file.toRealPath() : file.toAbsolutePath().normalize();
    }
}
