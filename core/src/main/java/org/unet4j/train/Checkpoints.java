package org.unet4j.train;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.unet4j.io.AtomicFile;

/**
 * The last two checkpoints of a run. A new one is written whole under a third name; then the newest becomes the previous, and
 * the new one the newest. A process that is killed at any moment leaves at least one that is whole under one of the three names,
 * and two once two were written.
 *
 * @param run where they lie
 */
record Checkpoints(RunFolder run) {

    /**
     * A checkpoint that is whole.
     *
     * @param file where it lies
     * @param checkpoint what it says
     * @param damaged what is wrong with a newer one; empty where this is the newest
     */
    record Found(Path file, Checkpoint checkpoint, Optional<String> damaged) {}

    /** Makes {@code checkpoint} the newest. Where it cannot be written, those there are stay. */
    void add(Checkpoint checkpoint, Checkpoint.Numbers numbers) throws IOException {
        checkpoint.write(run.nextCheckpoint(), numbers);
        rotate();
    }

    /** Ends what a killed process may have begun. */
    private void rotate() throws IOException {
        if (Files.exists(run.nextCheckpoint())) {
            if (Files.exists(run.checkpoint())) {
                AtomicFile.rename(run.checkpoint(), run.previousCheckpoint());
            }
            AtomicFile.rename(run.nextCheckpoint(), run.checkpoint());
        }
    }

    /**
     * Returns the newest checkpoint that is whole, every byte of which was looked at; empty where none was written yet.
     *
     * @throws IOException if there are some and none is whole
     */
    Optional<Found> newest() throws IOException {
        rotate();
        List<String> damages = new ArrayList<>();
        List<Path> files = List.of(run.checkpoint(), run.previousCheckpoint());
        for (Path file : files) {
            if (!Files.exists(file)) {
                damages.add("[" + file.getFileName() + "] is missing");
                continue;
            }
            try {
                return Optional.of(
                        new Found(file, Checkpoint.read(file), damages.stream().findFirst()));
            } catch (AccessDeniedException e) {
                throw e; // Nobody said that it is damaged.
            } catch (IOException e) {
                damages.add(e.getMessage());
            }
        }
        if (files.stream().noneMatch(Files::exists)) {
            return Optional.empty();
        }
        throw new IOException("[" + run.path() + "] has no checkpoint to go on from: " + String.join("; ", damages)
                + ". Begin a new run in another folder; it can begin from the weights in "
                + run.last().getFileName());
    }

    /** Puts the newest one, which is damaged, aside, so that the next does not push out the one that is whole. */
    void putDamagedAside() throws IOException {
        if (Files.exists(run.checkpoint())) {
            AtomicFile.rename(run.checkpoint(), run.damagedCheckpoint());
        }
    }
}
