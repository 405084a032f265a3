package org.unet4j.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.augment.Batch;
import org.unet4j.io.Json;
import org.unet4j.model.Safetensors;
import org.unet4j.torch.Device;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Box;

/**
 * Steps whose loss or gradient was not finite. What the network saw is saved, so that a person can look; several in a row end the
 * run. The samples are cut and augmented again for it: they follow from their numbers.
 */
final class NotFinite {

    private static final int MOST_IN_A_ROW = 3;

    /** So many steps are saved with their images; of more, only what their images were cut from. */
    private static final int MOST_IMAGES = 10;

    private static final String IMAGES = ".safetensors";

    private final Job job;
    private final List<Integer> inARow = new ArrayList<>();

    /**
     * What is said of a step.
     *
     * @param step counted from 1
     * @param images the file with the samples as the network saw them: image (N, C, D, H, W) and target (N, D, H, W)
     */
    private record Content(int step, double loss, double gradientNorm, Optional<String> images, List<Sample> samples) {}

    /**
     * What is said of a sample.
     *
     * @param box that was cut from the prepared case, before augmentation
     * @param lossOfPart that the sample was computed in
     * @param imageFinite whether every voxel was a finite number after augmentation; where not, the scan is at fault and not the
     *     training
     */
    private record Sample(
            String caseId,
            Box box,
            long augmentationSeed,
            double lossOfPart,
            boolean imageFinite,
            double imageMinimum,
            double imageMaximum) {}

    NotFinite(Job job) {
        this.job = job;
    }

    /** Counts a step of an earlier part of the run. */
    void addEarlier(Metrics.Step step) {
        boolean overflow = Double.isFinite(step.loss())
                && job.config().numerics().precision().scalesGradients();
        count(step.step(), step.skipped() && !overflow);
    }

    /**
     * Counts step {@code step}, counted from 0, and saves it where it was not finite.
     *
     * @throws DivergedException where it is the last of too many
     */
    void add(int step, Learner.Outcome outcome) throws IOException {
        count(step + 1, outcome.notFinite());
        if (!outcome.notFinite() || !job.team().leads()) {
            return;
        }
        Content content = save(step, outcome);
        job.listener()
                .notFinite(new NotFiniteEvent(
                        step + 1,
                        outcome.loss(),
                        outcome.gradientNorm(),
                        content.samples().stream()
                                .map(Sample::caseId)
                                .distinct()
                                .toList(),
                        file(step + 1, ".json")));
        if (inARow.size() >= MOST_IN_A_ROW) {
            throw new DivergedException(
                    "loss or gradient of the steps " + inARow + " were not finite (the last loss is "
                            + outcome.loss() + "). " + DivergedException.advice(job) + ". What the network saw is in ["
                            + job.run().notFinite() + "]: " + name(inARow.get(0), ".json") + " and those after it");
        }
    }

    private void count(int step, boolean notFinite) {
        if (notFinite) {
            inARow.add(step);
        } else {
            inARow.clear();
        }
    }

    private Content save(int step, Learner.Outcome outcome) throws IOException {
        Path images = file(step + 1, IMAGES);
        boolean withImages = Files.exists(images) || saved() < MOST_IMAGES;
        try (Scope scope = new Scope()) {
            TensorVector imageNCDHW = new TensorVector();
            TensorVector targetNDHW = new TensorVector();
            List<Sample> samples = new ArrayList<>();
            BatchCutter cutter = new BatchCutter(job.store(), job.sampler());
            HostBatch host = HostBatch.allocate(
                            1,
                            job.samplesAPart(),
                            job.plan().channels().size(),
                            job.plan().classCount(),
                            job.cut(),
                            Optional.empty())
                    .get(0);
            int parts = job.partsAStep();
            for (int part = 0; part < parts; part++) {
                long number = (long) step * parts + part;
                cutter.fill(host, number);
                Batch batch = job.config()
                        .samples()
                        .augmentation()
                        .apply(host.to(job.device()), job.plan().patch(), host.seeds());
                Tensor image = Tensors.to(batch.imageNCDHW(), Device.cpu(), ScalarType.Float)
                        .clone();
                imageNCDHW.push_back(image);
                targetNDHW.push_back(batch.targetNDHW()
                        .to(Device.cpu().toTorch(), batch.targetNDHW().scalar_type())
                        .clone());
                for (int i = 0; i < host.samples(); i++) {
                    double loss = outcome.lossOfParts().get(part);
                    samples.add(sample(number * host.samples() + i, loss, image.narrow(0, i, 1)));
                }
            }
            if (withImages) {
                Safetensors.write(
                        images,
                        new TreeMap<>(Map.of("image", torch.cat(imageNCDHW, 0), "target", torch.cat(targetNDHW, 0))),
                        Map.of());
            }
            Content content = new Content(
                    step + 1,
                    outcome.loss(),
                    outcome.gradientNorm(),
                    withImages ? Optional.of(name(step + 1, IMAGES)) : Optional.empty(),
                    samples);
            Json.write(file(step + 1, ".json"), content);
            return content;
        }
    }

    private Sample sample(long number, double loss, Tensor image) {
        Sampler sampler = job.sampler();
        String id = sampler.caseId(number);
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        boolean finite = true;
        for (float voxel : Tensors.toFloats(image)) {
            least = Math.min(least, voxel);
            most = Math.max(most, voxel);
            finite &= Float.isFinite(voxel);
        }
        return new Sample(
                id,
                sampler.box(number, job.store().get(id)),
                sampler.augmentationSeed(number),
                loss,
                finite,
                least,
                most);
    }

    private long saved() throws IOException {
        if (!Files.isDirectory(job.run().notFinite())) {
            return 0;
        }
        try (Stream<Path> files = Files.list(job.run().notFinite())) {
            return files.filter(file -> file.getFileName().toString().endsWith(IMAGES))
                    .count();
        }
    }

    private Path file(int step, String suffix) {
        return job.run().notFinite().resolve(name(step, suffix));
    }

    private static String name(int step, String suffix) {
        return String.format(Locale.ROOT, "step-%06d%s", step, suffix);
    }
}
