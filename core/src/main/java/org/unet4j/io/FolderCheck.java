package org.unet4j.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import tools.jackson.databind.JsonNode;

/** What a person should know of a dataset's folder although its cases can be used. All of it is warnings. */
public final class FolderCheck {

    private static final List<String> FOLDERS = List.of("imagesTr", "labelsTr", "imagesTs");
    private static final int PROBE_BYTES = 1 << 16;

    private final Dataset dataset;
    private final List<Problem> problems = new ArrayList<>();

    private FolderCheck(Dataset dataset) {
        this.dataset = dataset;
    }

    /**
     * Returns files that are passed over, names that are not spelt as {@code dataset.json} has them, and scans that are there
     * twice.
     *
     * @throws IOException if a file or folder cannot be read
     */
    public static List<Problem> of(Dataset dataset) throws IOException {
        FolderCheck check = new FolderCheck(dataset);
        for (String folder : FOLDERS) {
            check.passedOver(dataset.folder().resolve(folder));
        }
        check.spelling();
        check.twins();
        return List.copyOf(check.problems);
    }

    private void passedOver(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        Set<Path> used = new HashSet<>();
        cases().forEach(one -> used.addAll(one.files()));
        List<Path> mac;
        List<Path> unused;
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> sorted = files.sorted().toList();
            mac = sorted.stream()
                    .filter(file -> file.getFileName().toString().startsWith("._"))
                    .toList();
            unused = sorted.stream()
                    .filter(file -> Nifti.isNifti(file) && !used.contains(file))
                    .toList();
        }
        if (!mac.isEmpty()) {
            problems.add(Problem.warning(folder, files(mac, "._ ") + " of macOS, no scans: passed over")
                    .mendable());
        }
        if (!unused.isEmpty()) {
            problems.add(Problem.warning(
                    folder,
                    files(unused, "") + " in no case: not listed in " + Dataset.DESCRIPTION
                            + ", or without its image or label"));
        }
    }

    private static String files(List<Path> files, String prefix) {
        return files.size() + " " + prefix + (files.size() == 1 ? "file (" : "files (the first is ")
                + files.get(0).getFileName() + ")";
    }

    private void spelling() throws IOException {
        Path description = dataset.folder().resolve(Dataset.DESCRIPTION);
        JsonNode json = Json.tree(description);
        Set<String> misspelt = new LinkedHashSet<>();
        for (String key : List.of("training", "test")) {
            for (JsonNode entry : json.path(key)) {
                for (JsonNode file :
                        entry.isObject() ? List.of(entry.path("image"), entry.path("label")) : List.of(entry)) {
                    String text = file.asString("");
                    DatasetReader.otherEnding(dataset.folder(), text).ifPresent(found -> misspelt.add(text));
                }
            }
        }
        if (!misspelt.isEmpty()) {
            problems.add(Problem.warning(
                            description,
                            "lists " + misspelt.size() + (misspelt.size() == 1 ? " file" : " files")
                                    + " with another ending than they have (.nii or .nii.gz), the first is "
                                    + misspelt.iterator().next() + ": other tools do not find them")
                    .mendable());
        }
        String announced = json.path("file_ending").asString("");
        Optional<String> actual = DescriptionRepair.commonEnding(dataset);
        if (!announced.isEmpty() && !actual.equals(Optional.of(announced))) {
            Problem problem = Problem.warning(
                    description,
                    "file_ending is " + announced + ", but not all files have it: nnU-Net does not find them");
            problems.add(actual.isPresent() ? problem.mendable() : problem);
        }
    }

    /** One patient in two cases is learned from and validated on. */
    private void twins() throws IOException {
        Map<String, List<Path>> alike = new HashMap<>();
        Set<Path> images = new LinkedHashSet<>();
        cases().forEach(one -> one.images().forEach(image -> {
            if (!images.add(image)) {
                problems.add(Problem.warning(image, "belongs to two cases"));
            }
        }));
        for (Path image : images) {
            List<Path> before = alike.computeIfAbsent(probe(image), key -> new ArrayList<>());
            for (Path other : before) {
                if (Files.mismatch(image, other) < 0) {
                    problems.add(Problem.warning(
                            image,
                            "has the same bytes as " + dataset.folder().relativize(other)
                                    + ": one scan in two cases; a network may be validated on what it learned"));
                    break;
                }
            }
            before.add(image);
        }
    }

    /** Returns what differs between most files that differ: the size and the first bytes. */
    private static String probe(Path file) throws IOException {
        CRC32 crc = new CRC32();
        try (InputStream in = Files.newInputStream(file)) {
            crc.update(in.readNBytes(PROBE_BYTES));
        }
        return Files.size(file) + " " + crc.getValue();
    }

    private Stream<Case> cases() {
        return Stream.concat(dataset.training().stream(), dataset.test().stream());
    }
}
