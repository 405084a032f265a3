package org.unet4j.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.unet4j.model.ModelFile;
import org.unet4j.model.Network;
import org.unet4j.model.Safetensors;
import org.unet4j.torch.Scope;

/**
 * The weights that scored highest in a validation. Their file says itself of which step they are and what they scored, so it and
 * the score cannot drift apart: a run that goes on from a checkpoint older than the file, because it was killed or a newer one is
 * damaged, takes the file's word. Where the machine repeats every bit, the steps that follow find the same weights again; where it
 * does not, the file's are those that scored so.
 *
 * @param job whose weights they are
 */
record BestWeights(Job job) {

    private static final String STEP = "unet4j.step";
    private static final String MEAN_DICE = "unet4j.meanDice";

    /** Writes the weights of {@code network} as the best yet; returns what a checkpoint remembers of them. */
    Checkpoint.Best keep(Network network, int step, double meanDice) throws IOException {
        ModelFile.save(
                job.run().best(),
                network,
                job.spec(),
                job.plan(),
                Map.of(STEP, Integer.toString(step), MEAN_DICE, Double.toString(meanDice)));
        return new Checkpoint.Best(step, meanDice);
    }

    /** Writes the weights of {@code network} as the newest. */
    void saveLast(Network network, int step) throws IOException {
        ModelFile.save(job.run().last(), network, job.spec(), job.plan(), Map.of(STEP, Integer.toString(step)));
    }

    /** Returns after how many steps the weights in {@code file} were saved, where it says so. */
    static Optional<Integer> step(Path file) throws IOException {
        return Optional.ofNullable(Safetensors.metadata(file).get(STEP)).map(Integer::valueOf);
    }

    /** Returns the best weights that are there; a checkpoint remembers {@code remembered}. */
    Optional<Checkpoint.Best> found(Optional<Checkpoint.Best> remembered) {
        if (!Files.exists(job.run().best())) {
            remembered.ifPresent(best -> lost("is missing"));
            return Optional.empty();
        }
        try (Scope scope = new Scope()) {
            Safetensors.read(job.run().best()); // Every value, for its checksum.
            SortedMap<String, String> texts = Safetensors.metadata(job.run().best());
            return Optional.of(new Checkpoint.Best(
                    Integer.parseInt(texts.getOrDefault(STEP, "")),
                    Double.parseDouble(texts.getOrDefault(MEAN_DICE, ""))));
        } catch (IOException | NumberFormatException damaged) {
            lost("is damaged (" + damaged.getMessage() + ")");
            return Optional.empty();
        }
    }

    private void lost(String what) {
        job.listener()
                .recovered("[" + job.run().best().getFileName() + "] " + what
                        + ": the next validation chooses the best weights anew");
    }
}
