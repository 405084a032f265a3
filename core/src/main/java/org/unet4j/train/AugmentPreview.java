package org.unet4j.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.unet4j.augment.Augmentation;
import org.unet4j.augment.Batch;
import org.unet4j.augment.Draws;
import org.unet4j.prep.PreparedCase;
import org.unet4j.prep.Store;
import org.unet4j.report.CasePicture;
import org.unet4j.report.CasePicture.GreyWindow;
import org.unet4j.report.PreviewPage;
import org.unet4j.torch.Device;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Box;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Volume;

/**
 * Shows a person what a network sees while it learns: one patch of a case as it is, as training draws it, and changed by each
 * transform alone. Everything is cut, drawn and changed as in training, on the processor.
 */
public final class AugmentPreview {

    /** So many samples are drawn in search of every transform. */
    private static final int MOST_DRAWS = 1000;

    private final Augmentation augmentation;
    private final Store store;
    private final String caseId;
    private final Sampler sampler;
    private Optional<GreyWindow> window = Optional.empty();

    private AugmentPreview(TrainConfig config, Store store, String caseId) {
        augmentation = config.samples().augmentation();
        this.store = store;
        this.caseId = caseId;
        Shape patch = store.plan().patch();
        sampler = new Sampler(List.of(caseId), config.seed(), 1, augmentation.sourceShape(patch), patch);
    }

    /**
     * Returns the page: a patch around a voxel of the foreground, or anywhere in a case without; first as it is, then {@code draws}
     * times as training draws it, then with each transform alone that the augmentation draws at all. Grey values mean the same in all.
     *
     * @param config whose augmentation and seed are used
     * @param draws how many, at least 0
     * @throws IOException if the case's file was changed since it was prepared
     * @throws IllegalArgumentException if the store has no such case
     */
    public static PreviewPage of(TrainConfig config, Store store, String caseId, int draws) throws IOException {
        return new AugmentPreview(config, store, caseId).page(draws);
    }

    private PreviewPage page(int draws) throws IOException {
        PreparedCase prepared = store.get(caseId);
        Box box = sampler.box(0, prepared);
        try (Scope scope = new Scope()) {
            HostBatch host = HostBatch.allocate(
                            1, 1, prepared.channels(), store.plan().classCount(), sampler.cut(), Optional.empty())
                    .get(0);
            new BatchCutter(store, sampler).fill(host, 0);
            Batch cut = host.to(Device.cpu());
            List<PreviewPage.Row> rows = new ArrayList<>();
            rows.add(row("as it is", Augmentation.none().sample(0, cut.channels()), cut));
            for (int n = 0; n < draws; n++) {
                rows.add(row("draw " + (n + 1), drawn(n, cut), cut));
            }
            for (Draws.Alone alone : eachTransform(cut)) {
                rows.add(row(alone.transform() + " alone", alone.draws(), cut));
            }
            TreeMap<Integer, String> classes = new TreeMap<>(store.plan().classes());
            classes.remove(0);
            return new PreviewPage(caseId, facts(box), classes, rows);
        }
    }

    private Draws drawn(long number, Batch cut) {
        return augmentation.sample(sampler.augmentationSeed(number), cut.channels());
    }

    /** Returns the first draw of every transform, in the order in which draws name them. */
    private List<Draws.Alone> eachTransform(Batch cut) {
        Map<Integer, Draws.Alone> first = new TreeMap<>();
        for (int n = 0; n < MOST_DRAWS && first.size() < Draws.transforms().size(); n++) {
            for (Draws.Alone alone : drawn(n, cut).eachAlone()) {
                first.putIfAbsent(Draws.transforms().indexOf(alone.transform()), alone);
            }
        }
        return List.copyOf(first.values());
    }

    private PreviewPage.Row row(String name, Draws draws, Batch cut) {
        try (Scope scope = new Scope()) {
            Shape patch = sampler.patch();
            Batch seen = augmentation.applyDraws(cut, patch, List.of(draws));
            Grid grid = Grid.of(patch, store.plan().spacing());
            float[] voxels = Tensors.toFloats(seen.imageNCDHW().select(0, 0).select(0, 0));
            if (window.isEmpty()) {
                window = Optional.of(GreyWindow.of(IntStream.range(0, voxels.length)
                        .mapToDouble(i -> voxels[i])
                        .toArray()));
            }
            Labels labels = new Labels(grid, HostLabels.voxels(seen.targetNDHW()));
            List<CasePicture> slices = CasePicture.middle(caseId, name, Volume.of(grid, voxels), window.get(), labels);
            return new PreviewPage.Row(name, draws.words(), slices);
        }
    }

    private List<String> facts(Box box) {
        List<String> facts = new ArrayList<>();
        facts.add("The middle slices of a patch of " + sampler.patch() + " voxels (z, y, x), taken from the "
                + box.shape() + " voxels of the prepared case that begin at (" + box.z0() + ", " + box.y0() + ", "
                + box.x0() + "), as the network gets it. Grey values mean the same in all rows.");
        if (store.plan().channels().size() > 1) {
            facts.add("Shown is the first of " + store.plan().channels().size() + " channels, "
                    + store.plan().channels().get(0) + ".");
        }
        return facts;
    }
}
