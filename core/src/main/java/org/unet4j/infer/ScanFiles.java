package org.unet4j.infer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.unet4j.io.Case;
import org.unet4j.io.Nifti;
import org.unet4j.io.ProbabilityFile;

/** Finds the scans among files and folders that a person names. */
final class ScanFiles {

    /** nnU-Net's names: one file a channel, {@code case_0000.nii.gz}, {@code case_0001.nii.gz} and so on. */
    private static final Pattern CHANNEL_FILE = Pattern.compile("(.+)_(\\d{4})");

    /** How many files of a folder without scans are looked into, for a better message. */
    private static final int MOST_LOOKED_INTO = 20;

    private ScanFiles() {}

    /**
     * Returns the scans, sorted by name. Of a scan in several files, any one may be given; files that are missing are
     * among {@link Case#images} all the same.
     *
     * @param inputs NIfTI files, headers of pairs, and folders of which all of these are taken
     * @param channels that each scan should have
     * @throws IOException if an input is missing or holds no scan, or two scans have one name
     */
    static List<Case> find(List<Path> inputs, int channels) throws IOException {
        Set<Path> files = new LinkedHashSet<>();
        for (Path input : inputs) {
            files.addAll(filesOf(input));
        }
        SortedMap<String, Case> scans = new TreeMap<>();
        for (Path file : files) {
            Case scan = scanOf(file, files, channels);
            Case other = scans.putIfAbsent(scan.id(), scan);
            if (other != null && !other.equals(scan)) {
                throw new IOException("two scans are called " + scan.id() + ": "
                        + other.images().get(0) + " and " + scan.images().get(0)
                        + "; segment them into different folders");
            }
        }
        return List.copyOf(scans.values());
    }

    private static List<Path> filesOf(Path input) throws IOException {
        if (Files.isDirectory(input)) {
            return scansOf(input);
        }
        if (!Files.exists(input)) {
            throw new IOException("[" + input + "] does not exist; give a scan or a folder of scans");
        }
        if (!Nifti.isScan(input)) {
            throw new IOException("[" + input + "] is "
                    + Nifti.otherFormat(input)
                            .orElse("not a scan: its name must end in .nii or .nii.gz, or .hdr for a pair"));
        }
        if (ProbabilityFile.isOne(input)) {
            throw new IOException("[" + input + "] holds probabilities of a prediction, by its name; give the scan");
        }
        return List.of(input);
    }

    private static List<Path> scansOf(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> entries = Files.list(folder)) {
            files = entries.sorted().toList();
        }
        List<Path> scans = files.stream()
                .filter(file -> Nifti.isScan(file) && !ProbabilityFile.isOne(file))
                .toList();
        if (scans.isEmpty()) {
            String found = files.stream()
                    .filter(Files::isRegularFile)
                    .limit(MOST_LOOKED_INTO)
                    .flatMap(file ->
                            Nifti.otherFormat(file).stream().map(format -> ": " + file.getFileName() + " is " + format))
                    .findFirst()
                    .orElse("");
            throw new IOException("[" + folder + "] holds no .nii, .nii.gz or .hdr file" + found);
        }
        return scans;
    }

    private static Case scanOf(Path file, Collection<Path> all, int channels) {
        String stem = Nifti.stem(file);
        Matcher name = CHANNEL_FILE.matcher(stem);
        if (!name.matches()) {
            return new Case(stem, List.of(file), Optional.empty());
        }
        String id = name.group(1);
        if (channels > 1) {
            List<Path> images = new ArrayList<>();
            for (int channel = 0; channel < channels; channel++) {
                images.add(sibling(file, String.format(Locale.ROOT, "%s_%04d", id, channel)));
            }
            return new Case(id, images, Optional.empty());
        }
        // with one channel, patient_0001 and patient_0002 are two patients; patient_0000 on its own is nnU-Net's name
        boolean numbered = all.stream()
                .map(Nifti::stem)
                .map(CHANNEL_FILE::matcher)
                .anyMatch(other -> other.matches()
                        && other.group(1).equals(id)
                        && !other.group(2).equals(name.group(2)));
        boolean only = name.group(2).equals("0000") && !numbered;
        return new Case(only ? id : stem, List.of(file), Optional.empty());
    }

    private static Path sibling(Path file, String stem) {
        String own = file.getFileName().toString();
        String suffix = own.substring(Nifti.stem(file).length());
        for (String ending : List.of(suffix, ".nii.gz", ".nii")) {
            Path candidate = file.resolveSibling(stem + ending);
            if (Files.exists(candidate)) {
                return candidate;
            }
        }
        return file.resolveSibling(stem + suffix);
    }
}
