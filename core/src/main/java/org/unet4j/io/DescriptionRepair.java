package org.unet4j.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** How a copy of {@code dataset.json} is mended: it says what is there. Keys that are not known here stay. */
final class DescriptionRepair {

    private final Dataset dataset;
    private final ObjectNode json;
    private final List<String> changes = new ArrayList<>();

    private DescriptionRepair(Dataset dataset, ObjectNode json) {
        this.dataset = dataset;
        this.json = json;
    }

    /** Writes the copy and returns what was changed; where that is nothing, it has the same bytes. */
    static List<String> write(Dataset dataset, Path to) throws IOException {
        Path from = dataset.folder().resolve(Dataset.DESCRIPTION);
        DescriptionRepair repair = new DescriptionRepair(dataset, (ObjectNode) Json.tree(from));
        for (String key : List.of("training", "test")) {
            if (repair.json.path(key) instanceof ArrayNode entries) {
                repair.dropTwins(key, entries);
                repair.respell(key, entries);
            }
        }
        repair.ending();
        if (dataset.problems().stream().allMatch(Problem::isMendable)) {
            repair.count("numTraining", dataset.training().size());
            repair.count("numTest", dataset.test().size());
        }
        if (repair.changes.isEmpty()) {
            Files.copy(from, to);
        } else {
            Json.write(to, repair.json);
        }
        return repair.changes;
    }

    private void dropTwins(String key, ArrayNode entries) {
        Set<JsonNode> seen = new HashSet<>();
        for (int i = 0; i < entries.size(); ) {
            if (seen.add(entries.get(i))) {
                i++;
            } else {
                changes.add("'" + key + "' no longer lists " + Json.line(entries.remove(i)) + " twice");
            }
        }
    }

    private void respell(String key, ArrayNode entries) {
        int respelt = 0;
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i) instanceof ObjectNode entry) {
                for (String file : List.of("image", "label")) {
                    Optional<String> actual = actualName(entry.path(file));
                    actual.ifPresent(name -> entry.put(file, name));
                    respelt += actual.isPresent() ? 1 : 0;
                }
            } else {
                Optional<String> actual = actualName(entries.get(i));
                if (actual.isPresent()) {
                    entries.set(i, StringNode.valueOf(actual.get()));
                    respelt++;
                }
            }
        }
        if (respelt > 0) {
            changes.add("'" + key + "' names " + respelt + (respelt == 1 ? " file" : " files") + " as they are called");
        }
    }

    private Optional<String> actualName(JsonNode declared) {
        String text = declared.asString("");
        return DatasetReader.otherEnding(dataset.folder(), text)
                .map(file -> text.substring(0, text.replace('\\', '/').lastIndexOf('/') + 1) + file.getFileName());
    }

    private void ending() {
        String announced = json.path("file_ending").asString("");
        Optional<String> actual = commonEnding(dataset);
        if (!announced.isEmpty() && actual.isPresent() && !actual.get().equals(announced)) {
            json.put("file_ending", actual.get());
            changes.add("file_ending is " + actual.get() + ", as all files have it, no longer " + announced);
        }
    }

    /** Returns the ending that all files of all cases have; empty where they differ. */
    static Optional<String> commonEnding(Dataset dataset) {
        Set<String> endings = new HashSet<>();
        Stream.concat(dataset.training().stream(), dataset.test().stream())
                .flatMap(one -> one.files().stream())
                .forEach(file -> endings.add(
                        file.getFileName().toString().substring(Nifti.stem(file).length())));
        return endings.size() == 1 ? Optional.of(endings.iterator().next()) : Optional.empty();
    }

    private void count(String key, int found) {
        JsonNode announced = json.path(key);
        if (announced.isNumber() && announced.asInt(found) != found) {
            changes.add(key + " is " + found + ", no longer " + announced.asString());
            json.put(key, found);
        }
    }
}
