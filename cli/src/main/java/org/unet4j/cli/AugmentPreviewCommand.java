package org.unet4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.unet4j.augment.Preset;
import org.unet4j.io.Nearest;
import org.unet4j.prep.Store;
import org.unet4j.torch.Device;
import org.unet4j.torch.Torch;
import org.unet4j.train.AugmentPreview;
import org.unet4j.train.TrainConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what a network sees of a case while it learns. */
@Command(
        name = "augment-preview",
        mixinStandardHelpOptions = true,
        description = "Shows a patch of a prepared case as it is, as training draws it, and changed by each transform"
                + " alone: slices with the labels' outlines, in one HTML page.",
        footer = {
            "",
            "Presets: standard (nnU-Net's and elastic deformation; the default, without mirroring on a CPU), nnunet,"
                    + " spatial (rotation, scaling and elastic deformation), light (noise and brightness), none."
                    + " A --config of train gives one as `samples: {augmentation: nnunet}`, or settings of its own."
        })
final class AugmentPreviewCommand implements Callable<Integer> {
    private static final int MOST_NAMES = 20;

    private final Terminal terminal;

    @Parameters(paramLabel = "DATASET", description = "A dataset that was prepared, or the folder of prepared cases.")
    private Path dataset;

    @Option(names = "--case", paramLabel = "ID", description = "Which case (default: the first).")
    private String caseId;

    @Option(names = "--config", paramLabel = "FILE", description = "The augmentation of this training configuration.")
    private Path config;

    @Option(names = "--preset", paramLabel = "NAME", description = "The augmentation of this name.")
    private String preset;

    @Option(names = "--draws", paramLabel = "N", description = "How many draws to show (default: ${DEFAULT-VALUE}).")
    private int draws = 8;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Decides the patch and the draws (default: that of the configuration, 1).")
    private Long seed;

    @Option(
            names = "--out",
            paramLabel = "FILE.html",
            description = "Default: work/augment-preview/<dataset>-<case>.html.")
    private Path out;

    AugmentPreviewCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (draws < 0) {
            throw new UsageException("--draws " + draws + " must be at least 0");
        }
        if (config != null && preset != null) {
            throw new UsageException("--config and --preset do not go together: a configuration may name a preset");
        }
        if (preset != null && !Preset.names().contains(preset)) {
            throw new UsageException("--preset " + preset + " is unknown" + Nearest.hint(preset, Preset.names()));
        }
        Store store = store();
        String id = caseId(store);
        Torch.start(Torch.physicalCores(), true);
        TrainConfig training = TrainConfig.defaults("unet", store.plan(), Device.best());
        if (config != null) {
            training = TrainConfig.read(config, training, store.plan());
        }
        if (preset != null) {
            training = training.withAugmentation(
                    Preset.named(preset).of(store.plan().spacing(), store.plan().patch()));
        }
        if (seed != null) {
            training = training.withSeed(seed);
        }
        Path page = out == null ? Workspace.augmentPreview(Workspace.nameOf(dataset), id) : out;
        AugmentPreview.of(training, store, id, draws).write(page);
        terminal.print("wrote " + page);
        return Main.DONE;
    }

    /** Returns the prepared cases of the dataset, or those in the folder that was given. */
    private Store store() throws IOException {
        if (!Files.isDirectory(dataset)) {
            throw new NoSuchFileException(dataset.toString());
        }
        Path folder = Store.planIn(dataset).isPresent() ? dataset : Workspace.prepared(Workspace.nameOf(dataset));
        if (Store.planIn(folder).isEmpty()) {
            throw new IOException("[" + dataset + "] was not prepared yet: run ./unet4j prepare " + dataset);
        }
        return Store.open(folder);
    }

    private String caseId(Store store) {
        List<String> ids = store.ids();
        if (caseId == null) {
            return ids.get(0);
        }
        if (!ids.contains(caseId)) {
            String hint = Nearest.hint(caseId, ids);
            boolean tooMany = ids.size() > MOST_NAMES && hint.startsWith("; valid");
            throw new UsageException("--case " + caseId + " is none of the " + ids.size() + " prepared cases"
                    + (tooMany ? ", such as " + String.join(", ", ids.subList(0, 3)) : hint));
        }
        return caseId;
    }
}
