package org.unet4j.prep;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.io.Problem;
import org.unet4j.io.Progress;
import org.unet4j.io.Shard;

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
        StorePreparation preparation = new StorePreparation(dataset, folder, threads, progress);
        Optional<Store> current = preparation.current();
        if (current.isPresent() && current.get().plan().budget() == budget) {
            return current.get();
        }
        Survey survey = Survey.of(dataset, dataset.training(), threads, progress);
        warn(survey.problems());
        Fingerprint fingerprint = survey.requireFingerprint();
        Store store = preparation.whole(Plan.derive(fingerprint, dataset, budget));
        fingerprint.write(folder.resolve(FINGERPRINT));
        return store;
    }

    /**
     * Returns the store in {@code folder} with the cases prepared by {@code plan}; those that are so already are kept. If there
     * are others, every case is looked at first.
     *
     * @throws IOException naming everything that is wrong with the dataset, before anything is prepared
     * @throws IllegalArgumentException if the plan has other classes or another number of channels
     */
    public static Store by(Plan plan, Dataset dataset, Path folder, int threads, Progress progress) throws IOException {
        requirePlanOf(dataset, plan);
        Plan own = plan.of(dataset.name()); // Else the store would be another dataset's.
        StorePreparation preparation = new StorePreparation(dataset, folder, threads, progress);
        if (!preparation.changed(Shard.WHOLE, plan).isEmpty()) {
            Survey survey = Survey.of(dataset, dataset.training(), plan.crop(), threads, progress);
            warn(survey.problems());
            Fingerprint fingerprint = survey.requireFingerprint();
            Store store = preparation.whole(own);
            fingerprint.write(folder.resolve(FINGERPRINT));
            return store;
        }
        return preparation.whole(own);
    }

    /**
     * Prepares a share of the cases by {@code plan}, while other processes may prepare others in {@code folder}, and returns how
     * many of the share were not there already. {@link #by} then prepares none of them again and finishes the store. Only cases
     * of the share are looked at: whether every class occurs in one is not known here.
     *
     * @throws IOException naming everything that is wrong with the share, before anything is prepared; if the plan that lies in
     *     {@code folder} prepares cases otherwise; if the store is being prepared as a whole
     * @throws IllegalArgumentException if the plan has other classes or another number of channels
     */
    public static int by(Shard shard, Plan plan, Dataset dataset, Path folder, int threads, Progress progress)
            throws IOException {
        requirePlanOf(dataset, plan);
        Survey.requireNoError(dataset.folder(), dataset.problems());
        StorePreparation preparation = new StorePreparation(dataset, folder, threads, progress);
        List<Case> changed = preparation.changed(shard, plan);
        List<Problem> problems = Survey.problemsOf(changed, dataset, plan.crop(), threads, progress);
        warn(problems);
        Survey.requireNoError(dataset.folder(), problems);
        return preparation.share(shard, plan.of(dataset.name()), Optional.empty());
    }

    /**
     * Looks at every case, so that each process derives the same plan, and goes on as
     * {@link #by(Shard, Plan, Dataset, Path, int, Progress)}. The first leaves the plan in {@code folder}.
     */
    public static int planned(Shard shard, Dataset dataset, Budget budget, Path folder, int threads, Progress progress)
            throws IOException {
        Survey survey = Survey.of(dataset, dataset.training(), threads, progress);
        warn(survey.problems());
        Fingerprint fingerprint = survey.requireFingerprint();
        Plan plan = Plan.derive(fingerprint, dataset, budget);
        return new StorePreparation(dataset, folder, threads, progress).share(shard, plan, Optional.of(fingerprint));
    }

    /**
     * Checks that a plan, whatever dataset it names, has the classes and channels of {@code dataset}.
     *
     * @throws IllegalArgumentException if it has not
     */
    public static void requirePlanOf(Dataset dataset, Plan plan) {
        if (!plan.classes().keySet().equals(dataset.classes().keySet())
                || plan.channels().size() != dataset.channelNames().size()) {
            throw new IllegalArgumentException("the plan has " + plan.classCount() + " classes and "
                    + plan.channels().size() + " channels, dataset " + dataset.name() + " has "
                    + dataset.classes().size() + " and "
                    + dataset.channelNames().size()
                    + "; give a plan made for this dataset");
        }
    }

    /** Errors stop the preparation and are named by it; warnings are told here or never. */
    private static void warn(List<Problem> problems) {
        problems.stream()
                .filter(problem -> !problem.isError())
                .forEach(problem -> LOG.warn("[{}] {}", problem.file(), problem.what()));
    }
}
