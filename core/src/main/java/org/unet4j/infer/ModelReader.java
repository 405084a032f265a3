package org.unet4j.infer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.unet4j.export.OnnxDevice;
import org.unet4j.export.TrainedFiles;
import org.unet4j.export.TrainedNetwork;
import org.unet4j.prep.Plan;
import org.unet4j.prep.TrainingRanges;
import org.unet4j.torch.Device;
import org.unet4j.torch.Precision;
import org.unet4j.torch.Torch;

/** Reads predictors from what training, packing, export and cross-validation leave. */
final class ModelReader {

    private ModelReader() {}

    static Predictor load(Path model, Weights weights, Device device, Precision precision) throws IOException {
        if (EnsembleFile.isAt(model)) {
            return together(model, one -> load(one, weights, device, precision));
        }
        if (OnnxEngine.isOnnx(model)) {
            return loadOnnx(model, weights, Torch.physicalCores(), OnnxDevice.CPU);
        }
        return ModelPackage.open(model, folder -> loadRun(model, folder, weights, device, precision));
    }

    static Predictor loadOnnx(Path model, Weights weights, int threads, OnnxDevice device) throws IOException {
        if (EnsembleFile.isAt(model)) {
            return together(model, one -> loadOnnx(one, weights, threads, device));
        }
        if (OnnxEngine.isOnnx(model)) {
            return of(model, OnnxEngine.load(model, threads, device), ModelPackage.sha256(model));
        }
        return ModelPackage.open(model, folder -> {
            TrainedFiles files = TrainedFiles.in(folder, model, weights.fileName());
            try (TrainedNetwork trained = TrainedNetwork.read(files)) {
                return of(model, OnnxEngine.of(trained, threads, device), ModelPackage.sha256(files.weights()));
            }
        });
    }

    private static Predictor together(Path ensemble, ModelPackage.InFolder<Predictor> loader) throws IOException {
        List<Predictor.Loader> loaders = EnsembleFile.models(ensemble).stream()
                .<Predictor.Loader>map(model -> () -> loader.apply(model))
                .toList();
        try {
            return Predictor.loadEnsemble(loaders);
        } catch (IllegalArgumentException e) { // the file's fault
            throw new IOException("[" + ensemble + "] " + e.getMessage(), e);
        }
    }

    private static Predictor loadRun(Path model, Path folder, Weights weights, Device device, Precision precision)
            throws IOException {
        TrainedFiles files = TrainedFiles.in(folder, model, weights.fileName());
        String sha256 = ModelPackage.sha256(files.weights());
        PostProcessing after = PostProcessing.read(files.postProcessing(), files.plan());
        Optional<TrainingRanges> ranges = TrainingRanges.read(folder, files.plan());
        Engine engine = LibtorchEngine.load(files.weights(), device, precision);
        if (!ModelPackage.sha256(files.weights()).equals(sha256)) {
            engine.close();
            throw new IOException(
                    "[" + model + "] is being trained: its weights were replaced while they were read; try again");
        }
        return of(engine, files.plan(), List.of(sha256), after, ranges);
    }

    private static Predictor of(Path model, OnnxEngine engine, String sha256) throws IOException {
        try {
            return of(engine, engine.plan(), List.of(sha256), engine.postProcessing(model), engine.ranges(model));
        } catch (IOException | RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    /**
     * Returns the predictor of one network.
     *
     * @throws IllegalArgumentException if the engine has other channels or classes than the plan
     */
    static Predictor of(
            Engine engine,
            Plan plan,
            List<String> weightsSha256,
            PostProcessing after,
            Optional<TrainingRanges> ranges) {
        requireFit(engine, plan);
        return new Predictor(List.of(engine), weightsSha256, plan, SlidingWindow.of(plan.patch()), after, ranges);
    }

    private static void requireFit(Engine engine, Plan plan) {
        if (engine.channels() != plan.channels().size() || engine.classes() != plan.classCount()) {
            throw new IllegalArgumentException("the network has " + engine.channels() + " channels and "
                    + engine.classes() + " classes, the plan of " + plan.dataset() + " has "
                    + plan.channels().size() + " and " + plan.classCount());
        }
    }
}
