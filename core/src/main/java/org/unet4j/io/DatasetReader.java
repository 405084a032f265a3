package org.unet4j.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Understands {@code dataset.json} and the folders beside it. The two layouts differ in how files are found: the Decathlon
 * lists them ({@code training}, {@code test}) and keeps all modalities in one 4D file; nnU-Net (version 2) names them by rule,
 * {@code imagesTr/<case>_<channel><file_ending>} with four digits for the channel, and {@code labelsTr/<case><file_ending>}.
 * nnU-Net's first version has the Decathlon's list with the second's file names; that is understood too.
 */
final class DatasetReader {

    private static final String[] ENDINGS = {".nii.gz", ".nii"};

    private final Path folder;
    private final JsonNode json;
    private final List<Problem> problems = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();

    private DatasetReader(Path folder, JsonNode json) {
        this.folder = folder;
        this.json = json;
    }

    static Dataset open(Path given) throws IOException {
        if (!Files.isDirectory(given)) {
            throw new IOException(
                    "[" + given + "] there is no such folder; a dataset is a folder with " + Dataset.DESCRIPTION);
        }
        Path folder = given.toRealPath();
        Path description = folder.resolve(Dataset.DESCRIPTION);
        if (!Files.isRegularFile(description)) {
            throw new IOException("[" + given + "] has no " + Dataset.DESCRIPTION
                    + "; a dataset needs one, in the layout of the Medical Segmentation Decathlon or of nnU-Net: make a dataset"
                    + " of your scans and labels with ./unet4j dataset");
        }
        return new DatasetReader(folder, Json.tree(description)).read();
    }

    private Dataset read() throws IOException {
        List<String> channels = channels();
        SortedMap<Integer, String> classes = classes();
        List<Case> training =
                json.has("training") ? listed("training", channels.size()) : named("imagesTr", channels.size());
        int before = problems.size();
        ids.clear();
        List<Case> test = json.has("test") ? listed("test", channels.size()) : named("imagesTs", channels.size());
        problems.subList(before, problems.size()).replaceAll(Problem::asWarning); // Training reads none of them.
        boolean isComplete = problems.stream().allMatch(Problem::isMendable);
        expect("numTraining", training.size(), "labelled cases", isComplete)
                .ifPresent(problem -> problems.add(before, problem));
        if (isComplete) {
            expect("numTest", test.size(), "unlabelled cases", true).ifPresent(problems::add);
        }
        if (training.isEmpty() && problems.stream().noneMatch(Problem::isError)) {
            throw wrong("lists no training case, and imagesTr has none");
        }
        try {
            String name = folder.getFileName() == null
                    ? "dataset"
                    : folder.getFileName().toString();
            return new Dataset(name, folder, channels, classes, sorted(training), sorted(test), problems);
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage());
        }
    }

    private static List<Case> sorted(List<Case> cases) {
        return cases.stream().sorted(Comparator.comparing(Case::id)).toList();
    }

    private List<String> channels() throws IOException {
        String key = json.has("channel_names") ? "channel_names" : "modality";
        JsonNode node = json.path(key);
        if (!node.isObject() || node.isEmpty()) {
            throw wrong("needs 'modality' (Decathlon) or 'channel_names' (nnU-Net), such as {\"0\": \"CT\"}");
        }
        SortedMap<Integer, String> names = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            names.put(number(key, entry.getKey()), entry.getValue().asString(""));
        }
        if (names.firstKey() != 0 || names.lastKey() != names.size() - 1) {
            throw wrong(
                    "'" + key + "' numbers its channels " + names.keySet() + "; they must be 0, 1, ... without gaps");
        }
        return List.copyOf(names.values());
    }

    /** Returns names by value; the Decathlon writes {@code "1": "liver"}, nnU-Net {@code "liver": 1}. */
    private SortedMap<Integer, String> classes() throws IOException {
        JsonNode node = json.path("labels");
        if (!node.isObject()) {
            throw wrong("needs 'labels', such as {\"0\": \"background\", \"1\": \"pancreas\"}");
        }
        SortedMap<Integer, String> classes = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            boolean byName = !entry.getKey().strip().matches("[0-9]+");
            if (entry.getValue().isContainer()) {
                throw wrong("label '" + entry.getKey()
                        + "' is made of regions; only one value for each label is supported");
            }
            String name = byName ? entry.getKey() : entry.getValue().asString("");
            if (byName && name.equals("ignore")) {
                throw wrong("has the label 'ignore', which is not supported; remove it and the cases that use it");
            }
            int value = number("labels", byName ? entry.getValue().asString("") : entry.getKey());
            String before = classes.put(value, name);
            if (before != null) {
                throw wrong("'labels' gives value " + value + " to '" + before + "' and to '" + name + "'");
            }
        }
        classes.putIfAbsent(0, "background");
        return classes;
    }

    private int number(String key, String text) throws IOException {
        try {
            return Integer.parseUnsignedInt(text.strip());
        } catch (NumberFormatException e) {
            throw wrong("'" + key + "': '" + text + "' is not a whole number");
        }
    }

    /** A count that is wrong is only sure to be wrong if no file is missing. */
    private Optional<Problem> expect(String key, int found, String what, boolean isComplete) {
        JsonNode announced = json.path(key);
        if (!announced.isNumber() || announced.asInt(found) == found) {
            return Optional.empty();
        }
        Problem problem = Problem.warning(
                folder.resolve(Dataset.DESCRIPTION),
                key + " is " + announced.asString() + ", but there are " + found + " " + what);
        return Optional.of(isComplete ? problem.mendable() : problem);
    }

    // The Decathlon: files are listed.

    private List<Case> listed(String key, int channels) throws IOException {
        boolean labelled = key.equals("training");
        List<Case> cases = new ArrayList<>();
        Set<JsonNode> entries = new HashSet<>();
        for (JsonNode entry : json.path(key)) {
            boolean isRepeated = !entries.add(entry);
            JsonNode image = entry.isObject() ? entry.path("image") : entry;
            JsonNode label = entry.path("label");
            Path description = folder.resolve(Dataset.DESCRIPTION);
            if (image.isMissingNode() || (labelled && label.isMissingNode())) {
                problems.add(new Problem(
                        description,
                        "'" + key + "' has an entry without 'image'" + (labelled ? " or 'label': " : ": ")
                                + Json.line(entry)));
                continue;
            }
            List<Path> declared = new ArrayList<>();
            for (JsonNode one : image.isArray() ? image : List.of(image)) {
                declared.add(resolve(one.asString("")));
            }
            if (declared.isEmpty() || isHidden(declared.get(0))) {
                continue;
            }
            String id = Nifti.stem(declared.get(0));
            List<Path> images = declared.size() == 1 ? existing(declared.get(0), channels) : existing(declared);
            Optional<Path> labels = labelled ? existing(resolve(label.asString(""))) : Optional.empty();
            if (!ids.add(id)) {
                Problem twice = new Problem(description, "'" + key + "' lists case '" + id + "' twice; remove one");
                problems.add(isRepeated ? twice.mendable() : twice);
            } else if (!images.isEmpty() && labels.isPresent() == labelled) {
                cases.add(new Case(id, images, labels));
            }
        }
        return cases;
    }

    private Path resolve(String path) throws IOException {
        try {
            return resolve(folder, path);
        } catch (InvalidPathException e) {
            throw wrong("lists a file whose name is no path: " + e.getReason());
        }
    }

    private static Path resolve(Path folder, String path) {
        return folder.resolve(path.replace('\\', '/').replaceFirst("^/+", "")).normalize();
    }

    /** Returns the files of all channels, of which one is listed; none, with a problem, if it does not exist. */
    private List<Path> existing(Path declared, int channels) {
        Optional<Path> whole = anyEnding(declared);
        if (whole.isPresent()) {
            return List.of(whole.get());
        }
        List<Path> numbered = new ArrayList<>();
        for (int channel = 0; channel < channels; channel++) {
            anyEnding(declared.resolveSibling(numbered(Nifti.stem(declared), channel) + ENDINGS[0]))
                    .ifPresent(numbered::add);
        }
        if (numbered.size() == channels) {
            return numbered;
        }
        missing(declared);
        return List.of();
    }

    private List<Path> existing(Collection<Path> declared) {
        List<Path> found = new ArrayList<>();
        for (Path one : declared) {
            existing(one).ifPresent(found::add);
        }
        return found.size() == declared.size() ? found : List.of();
    }

    private Optional<Path> existing(Path declared) {
        Optional<Path> found = anyEnding(declared);
        if (found.isEmpty()) {
            missing(declared);
        }
        return found;
    }

    private void missing(Path file) {
        problems.add(new Problem(
                file, "is listed in " + Dataset.DESCRIPTION + " but does not exist; copy it here or remove the entry"));
    }

    // nnU-Net: files are found by their names.

    private List<Case> named(String images, int channels) throws IOException {
        Path imageFolder = folder.resolve(images);
        boolean labelled = images.equals("imagesTr");
        if (!Files.isDirectory(imageFolder)) {
            return List.of();
        }
        checkEnding();
        Set<String> found = new LinkedHashSet<>();
        try (Stream<Path> files = Files.list(imageFolder)) {
            for (Path file :
                    files.filter(f -> !isHidden(f) && Nifti.isNifti(f)).sorted().toList()) {
                String stem = Nifti.stem(file);
                if (stem.matches(".+_[0-9]{4}")) {
                    found.add(stem.substring(0, stem.length() - 5));
                } else {
                    problems.add(new Problem(
                            file, "has no channel number; nnU-Net's layout names images <case>_0000.nii.gz"));
                }
            }
        }
        List<Case> cases = new ArrayList<>();
        for (String id : found) {
            List<Path> declared = new ArrayList<>();
            for (int channel = 0; channel < channels; channel++) {
                declared.add(imageFolder.resolve(numbered(id, channel) + ENDINGS[0]));
            }
            List<Path> files = present(declared);
            Optional<Path> labels = Optional.empty();
            if (labelled) {
                List<Path> label = present(List.of(folder.resolve("labelsTr").resolve(id + ENDINGS[0])));
                labels = label.stream().findFirst();
            }
            if (!files.isEmpty() && labels.isPresent() == labelled) {
                cases.add(new Case(id, files, labels));
            }
        }
        return cases;
    }

    private List<Path> present(List<Path> expected) {
        List<Path> found = new ArrayList<>();
        for (Path one : expected) {
            anyEnding(one)
                    .ifPresentOrElse(
                            found::add,
                            () -> problems.add(new Problem(one, "does not exist; its case cannot be used")));
        }
        return found.size() == expected.size() ? found : List.of();
    }

    private void checkEnding() throws IOException {
        String ending = json.path("file_ending").asString(ENDINGS[0]);
        if (!List.of(ENDINGS).contains(ending)) {
            throw wrong("file_ending '" + ending + "' is not supported; convert the files to .nii.gz");
        }
    }

    private static String numbered(String id, int channel) {
        return String.format(java.util.Locale.ROOT, "%s_%04d", id, channel);
    }

    /** Mirrors of the Decathlon store {@code .nii} where the list says {@code .nii.gz}, and the other way round. */
    private static Optional<Path> anyEnding(Path declared) {
        if (Files.isRegularFile(declared)) {
            return Optional.of(declared);
        }
        for (String ending : ENDINGS) {
            Path sibling = declared.resolveSibling(Nifti.stem(declared) + ending);
            if (Files.isRegularFile(sibling)) {
                return Optional.of(sibling);
            }
        }
        return Optional.empty();
    }

    /** Returns the file that is meant by a path in {@code dataset.json}, if it is there and has the other ending. */
    static Optional<Path> otherEnding(Path folder, String path) {
        Path declared = resolve(folder, path);
        return path.isEmpty() || isHidden(declared)
                ? Optional.empty()
                : anyEnding(declared).filter(found -> !found.equals(declared));
    }

    /** macOS leaves {@code ._name} files beside others; no tool means a file whose name starts with a dot. */
    private static boolean isHidden(Path file) {
        return String.valueOf(file.getFileName()).startsWith(".");
    }

    private IOException wrong(String what) {
        return new IOException("[" + folder.resolve(Dataset.DESCRIPTION) + "] " + what);
    }
}
