package org.unet4j.train;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.unet4j.io.Json;
import org.unet4j.io.Split;
import org.unet4j.model.ModelSpec;
import org.unet4j.model.Network;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Store;
import org.unet4j.torch.Device;
import org.unet4j.volume.Shape;

/**
 * What a call of {@link Trainer} asks for.
 *
 * @param config how to train
 * @param store prepared cases and their plan
 * @param split which of them are learned from
 * @param run where the results go
 * @param device where to compute
 * @param listener hears how it goes
 * @param stop whether to end early
 * @param source where its samples come from
 * @param team the processes that train together
 * @param command what a person typed, where one did
 */
record Job(
        TrainConfig config,
        Store store,
        Split split,
        RunFolder run,
        Device device,
        TrainListener listener,
        BooleanSupplier stop,
        Feed.Source source,
        Team team,
        Optional<String> command) {

    /** Makes a job of one process whose samples are cut out of the store ahead of the steps. */
    Job(
            TrainConfig config,
            Store store,
            Split split,
            RunFolder run,
            Device device,
            TrainListener listener,
            BooleanSupplier stop) {
        this(config, store, split, run, device, listener, stop, Training::prefetched, Team.alone(), Optional.empty());
    }

    /** Returns this with what a person typed. */
    Job commanded(Optional<String> typed) {
        return new Job(config, store, split, run, device, listener, stop, source, team, typed);
    }

    /** Returns this with samples from elsewhere. */
    Job from(Feed.Source other) {
        return new Job(config, store, split, run, device, listener, stop, other, team, command);
    }

    /** Returns this for a process of {@code other}. Only the leader tells its listener anything. */
    Job with(Team other) {
        requireShared(other.count());
        TrainListener heard = other.leads() ? listener : TrainListener.silent();
        return new Job(config, store, split, run, device, heard, stop, source, other, command);
    }

    /** Checks that a batch can be shared equally among {@code ranks}. */
    void requireShared(int ranks) {
        int parts = config.samples().accumulation() * ranks;
        if (config.samples().batch() % parts != 0) {
            throw new IllegalArgumentException("batch " + config.samples().batch() + " must be divisible by "
                    + config.samples().accumulation() + " parts x " + ranks
                    + " ranks: each computes the same number of samples");
        }
    }

    /** Returns in how many parts a batch is computed, by all processes together. */
    int partsAStep() {
        return config.samples().accumulation() * team.count();
    }

    /** Returns the number of samples that are computed at once. */
    int samplesAPart() {
        return config.samples().batch() / partsAStep();
    }

    /** Returns the number of a part in the order of all samples; {@code mine} counts those of this process. */
    long part(long mine) {
        int accumulation = config.samples().accumulation();
        return mine / accumulation * partsAStep() + (long) team.rank() * accumulation + mine % accumulation;
    }

    /** Returns this with another configuration. */
    Job with(TrainConfig other) {
        return new Job(other, store, split, run, device, listener, stop, source, team, command);
    }

    Plan plan() {
        return store.plan();
    }

    /** Returns the network that is trained. */
    ModelSpec spec() {
        return ModelSpec.of(config.model(), plan().channels().size(), plan().classCount(), plan().topology());
    }

    /** Returns a new network as the run trains it, on its device. */
    Network network(long seed) {
        Network network = spec().build(seed, config.deepSupervision() ? spec().mostAuxiliaryHeads() : 0);
        network.arrange(config.numerics().layout());
        network.to(device, config.numerics().precision().parameterType());
        return network;
    }

    Checkpoint.Identity identity() throws IOException {
        Optional<String> init = Files.exists(run.init())
                ? Optional.of(Json.read(run.init(), InitialWeights.Origin.class).sha256())
                : Optional.empty();
        return new Checkpoint.Identity(config, spec(), plan().hash(), store.contentHash(split), split, init);
    }

    /** Returns the size of the boxes that are cut: larger than a patch where augmentation turns and scales them. */
    Shape cut() {
        return config.samples().augmentation().sourceShape(plan().patch());
    }

    Sampler sampler() {
        return new Sampler(split.training(), config.seed(), config.samples().foregroundShare(), cut(), plan().patch());
    }
}
