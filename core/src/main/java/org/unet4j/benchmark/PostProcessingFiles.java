package org.unet4j.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.unet4j.eval.CaseScores;
import org.unet4j.infer.PostProcessing;
import org.unet4j.io.AtomicFile;
import org.unet4j.io.Yaml;

/**
 * The files that say what is done to a network's labels from now on.
 *
 * @param validation whose network it is
 * @param network its name
 */
record PostProcessingFiles(CrossValidation validation, String network) {

    /** Returns the file of what was chosen for {@code network} on the folds; none where nothing could be. */
    static Path chosen(CrossValidation validation, String network) {
        return validation.out().resolve("postprocessing-" + network + ".yaml");
    }

    /** Writes the scores after post-processing that was not chosen on their cases, as evaluation writes scores. */
    void write(CaseScores after) throws IOException {
        after.writeJson(validation.out().resolve("scores-" + network + "-postprocessed.json"));
        after.writeCsv(validation.out().resolve("scores-" + network + "-postprocessed.csv"));
    }

    /**
     * Writes the choice beside the weights of every fold, and at last beside the scores: by that copy the next call knows its own files.
     * Returns the files that somebody else wrote, which stay as they are.
     */
    List<Path> write(PostProcessing kept, int cases) throws IOException {
        String text = "# Chosen on the " + cases
                + " held-out cases of a cross-validation, and kept for classes that gained in cases that"
                + " had not chosen it.\n# A score on any of these cases looks better than it is.\n"
                + Yaml.toString(kept);
        Path copy = chosen(validation, network);
        String before = Files.exists(copy) ? Files.readString(copy) : text;
        List<Path> foreign = new ArrayList<>();
        for (Path runFolder : validation.runFolders(network)) {
            if (!Files.isDirectory(runFolder)) {
                continue; // Somebody needed the room.
            }
            Path file = PostProcessing.in(runFolder);
            String there = Files.exists(file) ? Files.readString(file) : text;
            if (there.equals(before) || there.equals(text)) {
                write(file, text);
            } else {
                foreign.add(file);
            }
        }
        write(copy, text);
        return foreign;
    }

    private static void write(Path file, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, out -> out.write(bytes));
    }
}
