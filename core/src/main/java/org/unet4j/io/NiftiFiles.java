package org.unet4j.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which files make up a scan: one {@code .nii}, or a pair of {@code .hdr} (header) and {@code .img} (voxels), each perhaps
 * with {@code .gz}, in capitals or not, and one of a pair compressed where the other is not.
 */
final class NiftiFiles {

    private static final List<String> SINGLE = List.of(".nii", ".nii.gz");
    private static final List<String> HEADER = List.of(".hdr", ".hdr.gz");
    private static final List<String> VOXELS = List.of(".img", ".img.gz");
    private static final String MATLAB = ".mat";

    private NiftiFiles() {}

    static boolean isSingle(Path file) {
        return suffix(file, SINGLE).isPresent();
    }

    static boolean isHeader(Path file) {
        return suffix(file, HEADER).isPresent();
    }

    private static boolean isVoxels(Path file) {
        return suffix(file, VOXELS).isPresent();
    }

    /** Returns whether a name has one of all these endings. */
    static boolean isNamed(Path file) {
        return isSingle(file) || isHeader(file) || isVoxels(file);
    }

    static boolean isCompressed(Path file) {
        return name(file).toLowerCase(Locale.ROOT).endsWith(".gz");
    }

    /** Returns whether tools should pass a file over, as macOS's {@code ._*}. */
    static boolean isHidden(Path file) {
        return name(file).startsWith(".");
    }

    /** Returns the name without its suffix: "ct" of "ct.nii.gz"; the whole name where there is no such suffix. */
    static String stem(Path file) {
        return Stream.of(SINGLE, HEADER, VOXELS)
                .flatMap(suffixes -> suffix(file, suffixes).stream())
                .findFirst()
                .map(suffix -> name(file).substring(0, name(file).length() - suffix.length()))
                .orElse(name(file));
    }

    /**
     * Returns the file that a scan starts with: the header of a file of voxels, any other file itself.
     *
     * @throws IOException if there are voxels without a header
     */
    static Path header(Path given) throws IOException {
        if (!isVoxels(given) || !Files.exists(given)) {
            return given;
        }
        return sibling(given, HEADER)
                .orElseThrow(() -> new IOException("[" + name(given) + "] holds voxels only: its header, " + stem(given)
                        + ".hdr or " + stem(given) + ".hdr.gz, is not beside it"));
    }

    /** Returns the file with the voxels of a header. */
    static Optional<Path> voxels(Path header) throws IOException {
        return isHeader(header) ? sibling(header, VOXELS) : Optional.empty();
    }

    /** Returns all files of a scan, of a pair the header first; one of a pair that lacks the other is alone. */
    static List<Path> all(Path given) throws IOException {
        Optional<Path> other = isVoxels(given) ? sibling(given, HEADER) : voxels(given);
        if (other.isEmpty()) {
            return List.of(given);
        }
        return isVoxels(given) ? List.of(other.get(), given) : List.of(given, other.get());
    }

    /** Returns what the file of voxels of a copy is called whose header is {@code header}: the same, under the header's name. */
    static Path voxelsOf(Path header, Path voxels) {
        return header.resolveSibling(
                stem(header) + name(voxels).substring(stem(voxels).length()));
    }

    /** Returns the file beside a header in which SPM keeps the header's true affine. */
    static Optional<Path> matlab(Path header) throws IOException {
        return sibling(header, List.of(MATLAB));
    }

    private static Optional<Path> sibling(Path file, List<String> suffixes) throws IOException {
        for (String suffix : suffixes) {
            Path sibling = file.resolveSibling(stem(file) + suffix);
            if (Files.exists(sibling)) {
                return Optional.of(sibling);
            }
        }
        List<String> names =
                suffixes.stream().map(suffix -> stem(file) + suffix).toList();
        try (Stream<Path> folder = Files.list(file.toAbsolutePath().getParent())) {
            return folder.filter(other -> names.stream().anyMatch(name(other)::equalsIgnoreCase))
                    .min(Path::compareTo);
        }
    }

    /** Returns which of the suffixes a name ends in, case aside. */
    private static Optional<String> suffix(Path file, List<String> suffixes) {
        String lower = name(file).toLowerCase(Locale.ROOT);
        return suffixes.stream().filter(lower::endsWith).findFirst();
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}
