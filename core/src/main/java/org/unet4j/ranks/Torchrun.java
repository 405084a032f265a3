package org.unet4j.ranks;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What torchrun and Kubeflow's PyTorchJob say; the latter starts one process a pod and no agent. */
final class Torchrun {

    private static final List<String> NEEDED = List.of("RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT");
    private static final List<String> LOCAL = List.of("LOCAL_RANK", "LOCAL_WORLD_SIZE");

    private Torchrun() {}

    static World world(Variables variables) {
        // One process meets nobody, and needs no place for it.
        boolean single = variables.findNumber("WORLD_SIZE").orElse(0) == 1;
        requireAll(variables, single ? NEEDED.subList(0, 2) : NEEDED);
        if (LOCAL.stream().anyMatch(variables::has)) {
            requireAll(variables, LOCAL);
        }
        World alone = World.alone();
        return new World(
                variables.findNumber("RANK").orElseThrow(),
                variables.findNumber("WORLD_SIZE").orElseThrow(),
                variables.findNumber("LOCAL_RANK").orElse(0),
                variables.findNumber("LOCAL_WORLD_SIZE").orElse(1),
                variables.find("MASTER_ADDR").orElse(alone.address()),
                variables.findNumber("MASTER_PORT").orElse(alone.port()),
                isTrue(variables.find("TORCHELASTIC_USE_AGENT_STORE").orElse("")),
                variables.findNumber("TORCHELASTIC_RESTART_COUNT").orElse(0),
                World.TIMEOUT);
    }

    private static boolean isTrue(String value) {
        return List.of("true", "1").contains(value.toLowerCase(Locale.ROOT));
    }

    private static void requireAll(Variables variables, List<String> names) {
        List<String> missing =
                names.stream().filter(name -> !variables.has(name)).toList();
        if (!missing.isEmpty()) {
            List<String> given = Stream.of(NEEDED, LOCAL)
                    .flatMap(List::stream)
                    .filter(variables::has)
                    .toList();
            throw new IllegalArgumentException("of the variables of a distributed run, " + String.join(", ", given)
                    + (given.size() == 1 ? " is" : " are") + " set and " + String.join(", ", missing)
                    + (missing.size() == 1 ? " is" : " are")
                    + " missing: start with torchrun or srun, set all of them, or none to train alone");
        }
    }
}
