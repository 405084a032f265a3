package org.unet4j.io;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Programs of others that tests compare with. */
final class Command {

    private Command() {}

    /**
     * What a program did.
     *
     * @param exit its status, -1 where there is no such program
     * @param output everything it wrote
     */
    record Result(int exit, String output) {}

    static Result run(String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return new Result(-1, String.valueOf(e.getMessage()));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }

    /** Returns the Python that has a module. */
    static Optional<String> python(String module) throws IOException, InterruptedException {
        for (String candidate : List.of("python3", "/usr/bin/python3")) {
            if (run(candidate, "-c", "import " + module).exit == 0) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }
}
