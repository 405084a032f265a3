package org.unet4j.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.unet4j.eval.CaseScore;
import org.unet4j.io.Json;
import org.unet4j.torch.PeakMemory;

/**
 * What is known of a run before all its cases are scored, so that an interrupted one need not do it again: one file a case,
 * and the most memory of any process that worked on the run.
 */
final class PartialScores {

    private final Path folder;

    /** Keeps its files in {@code folder}, which need not exist. */
    PartialScores(Path folder) {
        this.folder = folder;
    }

    /**
     * A case that was predicted and scored.
     *
     * @param score of its prediction
     * @param predictSeconds from a scan in memory to labels on its own grid
     */
    record Scored(CaseScore score, double predictSeconds) {}

    /**
     * The most memory so far.
     *
     * @param residentBytes of a process; absent where the system does not say
     * @param deviceBytes of the card; absent without one
     */
    record Memory(OptionalLong residentBytes, OptionalLong deviceBytes) {

        static Memory of(PeakMemory marks) throws IOException {
            return new Memory(marks.residentBytes(), marks.deviceBytes());
        }

        Memory max(Memory other) {
            return new Memory(max(residentBytes, other.residentBytes), max(deviceBytes, other.deviceBytes));
        }

        private static OptionalLong max(OptionalLong one, OptionalLong other) {
            return LongStream.concat(one.stream(), other.stream()).max();
        }
    }

    /** Returns the score of case {@code id} if it is there, and not one by Dice alone, as early versions left it. */
    Optional<Scored> read(String id) throws IOException {
        Path file = scored(id);
        return Files.exists(file)
                ? Optional.of(Json.read(file, Scored.class))
                        .filter(found -> found.score().measures().isPresent())
                : Optional.empty();
    }

    void write(Scored scored) throws IOException {
        Json.write(scored(scored.score().caseId()), scored);
    }

    /** Returns the most memory of all that was added. */
    Memory add(Memory memory) throws IOException {
        Path file = folder.resolve("memory.json");
        Memory most = Files.exists(file) ? Json.read(file, Memory.class).max(memory) : memory;
        Json.write(file, most);
        return most;
    }

    /** Forgets everything. */
    void clear() throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> listed = Files.list(folder)) {
            files = listed.toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
        Files.delete(folder);
    }

    @Override
    public String toString() {
        return folder.toString();
    }

    private Path scored(String id) {
        return folder.resolve("case-" + id + ".json");
    }
}
