package org.unet4j.io;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * NIfTI files that belong to a case each, as a person names them: a folder of files that are called after their cases, or a path in
 * which {@code *} stands for the case's name, such as {@code patients/*}{@code /ct.nii.gz} or {@code masks/*_seg.nii.gz}.
 *
 * @param text what was typed
 */
public record FilePattern(String text) {

    private static final String STAR = "*";

    /** What of a path is found, and what its stars stand for. */
    private record Found(Path path, List<String> stars) {

        Found into(Path child, List<String> more) {
            List<String> all = new ArrayList<>(stars);
            all.addAll(more);
            return new Found(child, all);
        }

        /** Returns what the stars stand for; where that is not the same, all of it. */
        String name() {
            return stars.stream().distinct().collect(Collectors.joining("_"));
        }
    }

    /**
     * Returns the files by the names of their cases; at least one.
     *
     * @throws IOException if there is none, two have one name, or the folder cannot be read
     */
    SortedMap<String, Path> find() throws IOException {
        SortedMap<String, Path> files = new TreeMap<>();
        for (Found found : text.contains(STAR) ? matching() : inFolder()) {
            Path other = files.putIfAbsent(found.name(), found.path);
            if (other != null) {
                throw new IOException("[" + text + "] has two files of the case " + found.name() + ": " + other
                        + " and " + found.path + "; move one away, or name files by a pattern that fits one only");
            }
        }
        return files;
    }

    private List<Found> inFolder() throws IOException {
        Path folder = Path.of(text);
        if (!Files.exists(folder)) {
            throw new IOException(
                    "[" + text + "] does not exist; give a folder, or a pattern such as 'scans/*_ct.nii.gz'");
        }
        if (!Files.isDirectory(folder)) {
            throw new IOException("[" + text + "] is one file; give its folder, or a pattern in quotes such as"
                    + " 'scans/*_ct.nii.gz', in which * stands for the case's name");
        }
        List<Path> entries = entries(folder);
        List<Found> files = entries.stream()
                .filter(Nifti::isNifti)
                .map(file -> new Found(file, List.of(Nifti.stem(file))))
                .toList();
        if (files.isEmpty()) {
            throw new IOException("[" + text + "] holds no .nii or .nii.gz file" + insteadOf(entries));
        }
        return files;
    }

    private static String insteadOf(List<Path> entries) {
        if (entries.stream().anyMatch(Files::isDirectory)) {
            return ", but folders; say where files lie in them, with * for the case's name, such as 'patients/*/ct.nii.gz'";
        }
        return entries.stream()
                .flatMap(file ->
                        Nifti.otherFormat(file).stream().map(format -> ": " + file.getFileName() + " is " + format))
                .findFirst()
                .orElse("");
    }

    private List<Found> matching() throws IOException {
        String path = File.separatorChar == '\\' ? text.replace('\\', '/') : text;
        if (!NiftiFiles.isSingle(Path.of(path.replace(STAR, "x")))) {
            throw new IOException("[" + text + "] must end in .nii.gz or .nii, such as 'scans/*_ct.nii.gz'");
        }
        int start = path.lastIndexOf('/', path.indexOf(STAR)) + 1;
        List<Found> found = List.of(new Found(Path.of(path.substring(0, start)), List.of()));
        for (String element : path.substring(start).split("/+")) {
            List<Found> deeper = new ArrayList<>();
            for (Found one : found) {
                deeper.addAll(children(one, element));
            }
            found = deeper;
        }
        List<Found> files =
                found.stream().filter(one -> Files.isRegularFile(one.path)).toList();
        if (files.isEmpty()) {
            throw new IOException("[" + text + "] fits no file; * stands for a part of one name, and for no /");
        }
        return files;
    }

    private static List<Found> children(Found parent, String element) throws IOException {
        if (!element.contains(STAR)) {
            return List.of(parent.into(parent.path.resolve(element), List.of()));
        }
        Pattern pattern = Pattern.compile(
                Stream.of(element.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining("(.+?)")));
        List<Found> children = new ArrayList<>();
        for (Path child : entries(parent.path)) {
            Matcher match = pattern.matcher(child.getFileName().toString());
            if (!NiftiFiles.isHidden(child) && match.matches()) {
                children.add(parent.into(
                        child,
                        IntStream.rangeClosed(1, match.groupCount())
                                .mapToObj(match::group)
                                .toList()));
            }
        }
        return children;
    }

    private static List<Path> entries(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }
}
