package org.unet4j.prep;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.unet4j.io.Dataset;
import org.unet4j.io.Progress;

/** From a dataset to its store in one call: looks at the cases, plans and prepares, and does nothing twice. */
public final class Prepare {

    /** The fingerprint's file in the store's folder. */
    public static final String FINGERPRINT = "fingerprint.yaml";

    private static final Logger LOG = LoggerFactory.getLogger(Prepare.class);

    private Prepare() {}

    /**
     * Returns the store in {@code folder}. One of the same budget that was made from the files as they are now is opened as it
     * is, with what was edited of its plan's patch, batch and topology. Else every case is looked at, a plan is derived, and
     * the cases that changed are prepared.
     *
     * @throws IOException naming everything that is wrong with the dataset, before anything is prepared
     */
    public static Store planned(Dataset dataset, Budget budget, Path folder, int threads, Progress progress)
            throws IOException {
        Optional<Store> current = Store.openIfCurrent(dataset, folder);
        if (current.isPresent() && current.get().plan().budget() == budget) {
            return current.get();
        }
        Survey survey = Survey.of(dataset, dataset.training(), threads, progress);
        warn(survey);
        Fingerprint fingerprint = survey.requireFingerprint();
        Store store = Store.prepare(dataset, Plan.derive(fingerprint, dataset, budget), folder, threads, progress);
        fingerprint.write(folder.resolve(FINGERPRINT));
        return store;
    }

    /**
     * Returns the store in {@code folder} with the cases prepared by {@code plan}; those that are so already are kept. If there
     * are others, every case is looked at first.
     *
     * @throws IOException naming everything that is wrong with the dataset, before anything is prepared
     * @throws IllegalArgumentException if the plan is another dataset's
     */
    public static Store by(Plan plan, Dataset dataset, Path folder, int threads, Progress progress) throws IOException {
        if (!plan.classes().keySet().equals(dataset.classes().keySet())
                || plan.channels().size() != dataset.channelNames().size()) {
            throw new IllegalArgumentException("the plan has classes " + plan.classes() + " and "
                    + plan.channels().size() + " channels, dataset " + dataset.name() + " has " + dataset.classes()
                    + " and " + dataset.channelNames().size() + "; give a plan made for this dataset");
        }
        if (!Store.isPrepared(dataset, plan, folder)) {
            Survey survey = Survey.of(dataset, dataset.training(), plan.crop(), threads, progress);
            warn(survey);
            Survey.requireNoError(survey.problems());
        }
        return Store.prepare(dataset, plan, folder, threads, progress);
    }

    /** Errors stop the preparation and are named by it; warnings are told here or never. */
    private static void warn(Survey survey) {
        survey.problems().stream()
                .filter(problem -> !problem.isError())
                .forEach(problem -> LOG.warn("[{}] {}", problem.file(), problem.what()));
    }
}
