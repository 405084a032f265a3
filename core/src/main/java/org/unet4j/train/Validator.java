package org.unet4j.train;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.unet4j.eval.CaseScore;
import org.unet4j.eval.CaseScores;
import org.unet4j.eval.Dice;
import org.unet4j.infer.Engine;
import org.unet4j.infer.LibtorchEngine;
import org.unet4j.infer.SlidingWindow;
import org.unet4j.model.Network;
import org.unet4j.prep.PreparedCase;
import org.unet4j.volume.Box;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Voxels;

/** Scores a network on whole prepared cases, as prediction would segment them but for the way back to the scan's grid. */
final class Validator {

    /** Sees what was made of a case, on the thread that computes. */
    @FunctionalInterface
    interface Watcher {
        /**
         * Called for each case that this process scores.
         *
         * @param image the voxels of the first channel
         */
        void scored(PreparedCase scored, float[] image, LabelArray predicted, CaseScore score);

        /** Returns one that looks away. */
        static Watcher none() {
            return (scored, image, predicted, score) -> {};
        }

        /** Returns one that tells this one and then {@code other}. */
        default Watcher and(Watcher other) {
            return (scored, image, predicted, score) -> {
                scored(scored, image, predicted, score);
                other.scored(scored, image, predicted, score);
            };
        }
    }

    private final Job job;
    private final Engine engine;
    private final SlidingWindow window;
    private final Set<String> verified = new HashSet<>();

    Validator(Job job, Network network) {
        this.job = job;
        engine = LibtorchEngine.of(
                network,
                job.plan().channels().size(),
                job.plan().classCount(),
                job.device(),
                job.config().numerics().precision());
        window = SlidingWindow.of(job.plan().patch())
                .withBatch(job.samplesAPart())
                .withMirroring(
                        job.config().validation().mirroring()
                                ? job.config()
                                        .samples()
                                        .augmentation()
                                        .mirroring()
                                        .trainedAxes()
                                : List.of());
    }

    /**
     * Returns the scores of the cases {@code ids}, at least one; empty where the run was stopped meanwhile. {@code watcher} sees
     * those of this process.
     *
     * @throws IOException where a case is missing or was damaged, naming it; each is checked once
     */
    Optional<CaseScores> score(List<String> ids, Watcher watcher) throws IOException {
        List<CaseScore> mine = new ArrayList<>();
        boolean stopped = false;
        for (int i = job.team().rank();
                i < ids.size() && !stopped;
                i += job.team().count()) {
            stopped = job.stop().getAsBoolean();
            if (!stopped) {
                mine.add(score(whole(ids.get(i)), watcher));
                job.listener().validating(Math.min(i + job.team().count(), ids.size()), ids.size());
            }
        }
        List<Share> shares = job.team().gather(new Share(mine, stopped), Share.class, job.run());
        if (shares.stream().anyMatch(Share::stopped)) {
            return Optional.empty();
        }
        List<CaseScore> scores = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            scores.add(shares.get(i % shares.size()).scores().get(i / shares.size()));
        }
        return Optional.of(new CaseScores(scores));
    }

    /** What one process scored: every n-th case. */
    private record Share(List<CaseScore> scores, boolean stopped) {}

    private PreparedCase whole(String id) throws IOException {
        try {
            PreparedCase prepared = job.store().get(id);
            if (!verified.contains(id)) {
                prepared.verify();
                verified.add(id);
            }
            return prepared;
        } catch (IOException e) {
            throw new IOException("validation case " + id + ": " + e.getMessage(), e);
        }
    }

    private CaseScore score(PreparedCase prepared, Watcher watcher) {
        Shape shape = prepared.shape();
        List<float[]> channels = new ArrayList<>();
        for (int channel = 0; channel < prepared.channels(); channel++) {
            float[] voxels = new float[shape.arrayLength()];
            prepared.copyImage(channel, Box.all(shape), FloatBuffer.wrap(voxels), 0);
            channels.add(voxels);
        }
        LabelArray predicted =
                window.labels(engine, channels.stream().map(Voxels::of).toList(), shape);
        Set<Integer> foreground = job.plan().classes().tailMap(1).keySet();
        CaseScore score = new CaseScore(prepared.id(), Dice.perClass(predicted, prepared.labels(), foreground));
        watcher.scored(prepared, channels.get(0), predicted, score);
        return score;
    }
}
