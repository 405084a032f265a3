package org.unet4j.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.unet4j.export.Export;
import org.unet4j.export.Format;
import org.unet4j.export.Onnx;
import org.unet4j.export.OnnxInt8;
import org.unet4j.export.OnnxNetwork;
import org.unet4j.export.Patches;
import org.unet4j.export.TrainedFiles;
import org.unet4j.export.TrainedNetwork;
import org.unet4j.io.AtomicFile;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.io.FolderLock;
import org.unet4j.io.FolderTree;
import org.unet4j.report.InferencePass;
import org.unet4j.report.InferenceResult;
import org.unet4j.report.InferenceRow;
import org.unet4j.report.InferenceTable;
import org.unet4j.torch.Device;
import org.unet4j.torch.Provenance;

/**
 * Measures how fast a trained network segments whole scans on the processor, and how well, engine by engine; each way in a process of
 * its own, one after the other, and then all of them again.
 *
 * @param network whose speed
 * @param dataset whose scans are segmented
 * @param ids of at least one of its labelled cases; best ones that the network did not learn from
 * @param calibration cases that the network learnt from, for the ranges of int8; may be empty where no way is int8
 * @param variants the ways, at least one
 * @param rounds processes of each, at least 1
 * @param out the folder of the results; without results of an earlier measurement
 * @param command what a person types to run it again, for the results; without paths that say who or where one is
 */
public record InferenceSpeed(
        TrainedFiles network,
        Dataset dataset,
        List<String> ids,
        List<Case> calibration,
        List<InferenceVariant> variants,
        int rounds,
        InferenceFolder out,
        String command) {

    /** Checks that there is something to measure, and that the network takes the dataset's scans. */
    public InferenceSpeed {
        ids = List.copyOf(ids);
        calibration = List.copyOf(calibration);
        variants = List.copyOf(variants);
        if (ids.isEmpty() || variants.isEmpty() || rounds < 1) {
            throw new IllegalArgumentException("inference needs a case, a way and a round to measure; given "
                    + ids.size() + ", " + variants.size() + " and " + rounds);
        }
        if (dataset.channelNames().size() != network.plan().channels().size()
                || !dataset.classes().equals(network.plan().classes())) {
            throw new IllegalArgumentException("the network takes "
                    + network.plan().channels().size() + " channels and tells "
                    + network.plan().classes()
                    + " apart; dataset " + dataset.name() + " has "
                    + dataset.channelNames().size() + " and " + dataset.classes()
                    + ": give the dataset that it was trained on");
        }
    }

    /** Hears how the measuring goes. */
    public interface Listener {

        /** A process begins: number {@code index}, counted from 0, of {@code count}. */
        void started(InferenceVariant variant, int index, int count);

        /** A process failed, for this reason. */
        void failed(InferenceVariant variant, String reason);
    }

    /** What became of one way so far. */
    private record Tries(InferenceVariant variant, List<InferencePass> passes, List<String> failures) {}

    /**
     * Returns the result, which is also written.
     *
     * @param stop asked while a process runs; once true, it is ended and nothing is written
     * @return empty if it was stopped
     * @throws IOException where a file cannot be read or written, there are results, or no process came to its end
     */
    public Optional<InferenceResult> run(Listener listener, BooleanSupplier stop) throws IOException {
        out.requireFree();
        try (FolderLock lock = FolderLock.take(out.path(), "measured")) {
            out.requireFree();
            lock.removeUnfinished(out.path());
            FolderTree.delete(out.models()); // Of a process that was killed.
            try {
                return exportAndMeasure(listener, stop);
            } finally {
                FolderTree.delete(out.models());
            }
        }
    }

    private Optional<InferenceResult> exportAndMeasure(Listener listener, BooleanSupplier stop) throws IOException {
        Files.createDirectory(out.models());
        export(Onnx.float32(), InferenceRow.BASELINE_PRECISION);
        export(Onnx.halfWeights(), InferenceVariant.HALF_WEIGHTS);
        Optional<String> noInt8 = exportInt8();
        return measure(listener, new TrialProcess(out.path(), stop), noInt8);
    }

    /** Returns why the network cannot be computed in eight bits, where it cannot: the other ways are measured all the same. */
    private Optional<String> exportInt8() throws IOException {
        if (variants.stream().noneMatch(InferenceVariant::isInt8)) {
            return Optional.empty();
        }
        Patches patches = Patches.of(calibration, network.plan());
        try {
            export(new OnnxInt8(patches), InferenceVariant.INT8);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private void export(Format format, String precision) throws IOException {
        try (TrainedNetwork trained = TrainedNetwork.read(network)) {
            Export.write(trained, format, onnx(precision));
        }
    }

    private Path onnx(String precision) {
        return out.models().resolve(precision.replace(' ', '-') + ".onnx");
    }

    private Optional<InferenceResult> measure(Listener listener, TrialProcess process, Optional<String> noInt8)
            throws IOException {
        List<Tries> all = variants.stream()
                .map(variant -> new Tries(variant, new ArrayList<>(), new ArrayList<>()))
                .toList();
        for (int i = 0; i < rounds * all.size(); i++) {
            Tries tries = all.get(i % all.size());
            if (tries.variant.isInt8() && noInt8.isPresent()) {
                tries.failures.add(noInt8.get());
                listener.failed(tries.variant, noInt8.get());
                continue;
            }
            listener.started(tries.variant, i, rounds * all.size());
            try {
                Optional<InferencePass> pass =
                        process.run(InferenceTrial.class, trial(tries.variant), InferencePass.class);
                if (pass.isEmpty()) {
                    return Optional.empty();
                }
                tries.passes.add(pass.get());
            } catch (TrialProcess.FailedException e) {
                tries.failures.add(e.getMessage());
                listener.failed(tries.variant, e.getMessage());
            }
        }
        if (all.stream().allMatch(tries -> tries.passes.isEmpty())) {
            throw new IOException(
                    "no process came to its end: " + all.get(0).failures.get(0));
        }
        return Optional.of(written(all));
    }

    private InferenceTrial trial(InferenceVariant variant) {
        boolean onnx = variant.engine().equals(InferenceVariant.ONNX);
        Path file = onnx ? onnx(variant.precision()) : network.weights();
        return new InferenceTrial(
                variant, file.toString(), network.plan(), dataset.folder().toString(), ids);
    }

    private InferenceResult written(List<Tries> all) throws IOException {
        List<InferenceRow> rows = all.stream()
                .map(tries -> InferenceRow.of(
                        tries.variant.engine(),
                        tries.variant.precision(),
                        tries.variant.threads(),
                        tries.passes,
                        tries.failures))
                .toList();
        InferenceResult result = new InferenceResult(
                dataset.name(), network.spec().name(), network.plan().patch(), ids, rows, entries());
        byte[] table = new InferenceTable(result).markdown().getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(out.table(), to -> to.write(table));
        result.write(out.result());
        return result;
    }

    private SortedMap<String, String> entries() {
        Provenance here = Provenance.of(Device.cpu());
        SortedMap<String, String> entries = new TreeMap<>();
        entries.put("unet4j", here.version());
        entries.put("commit", here.commit());
        entries.put("java", here.java());
        entries.put("system", here.os());
        entries.put("processor", here.cpu());
        entries.put("libtorch", here.libtorch());
        entries.put("onnxruntime", OnnxNetwork.version());
        entries.put("passes", rounds + " of each, every case once after one that is not measured");
        entries.put("command", command);
        return entries;
    }
}
