package org.unet4j.track;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.unet4j.io.Json;

/**
 * Which of a server's runs a run is, kept in its folder: a run that goes on goes on there too.
 *
 * @param server the address, without user and password
 * @param experiment its name
 * @param run the number that the server gave it
 */
public record RunMemory(String server, String experiment, String run) {

    /** Returns what {@code file} holds; empty where there is none. */
    static Optional<RunMemory> read(Path file) throws IOException {
        return Files.exists(file) ? Optional.of(Json.read(file, RunMemory.class)) : Optional.empty();
    }
}
