package org.unet4j.infer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.unet4j.io.Case;
import org.unet4j.io.ProbabilityFile;

/** Which of the scans that were given are still to be segmented into a folder, and whether that may be done at all. */
final class OutputFolder {

    private final PredictionRequest request;
    private final Path folder;
    private final List<Path> skipped = new ArrayList<>();

    OutputFolder(PredictionRequest request) {
        this.request = request;
        folder = request.folder();
    }

    /** Returns where the labels of a scan go. */
    static Path labels(Path folder, String name) {
        return folder.resolve(name + ".nii.gz");
    }

    /** Returns where the picture of a scan goes. */
    static Path picture(Path folder, String name) {
        return folder.resolve(name + ".preview.png");
    }

    /** Returns the label maps of this shard that were there already and stay, or that another process makes, as far as was looked. */
    List<Path> skipped() {
        return skipped;
    }

    /**
     * Returns the scans of this shard that have to be segmented, and makes the folder where there are any.
     *
     * @throws IOException if an output would replace an input, is there already and must not, or the folder cannot be written to
     */
    List<Case> open(List<Case> scans) throws IOException {
        requireNoInputReplaced(scans);
        if (request.shard().count() > 1) {
            requireNoInputFolder(scans);
        }
        List<Case> open = new ArrayList<>();
        for (Case scan : request.shard().of(scans)) {
            if (isOpen(scan.id())) {
                open.add(scan);
            } else {
                skipped.add(labels(folder, scan.id()));
            }
        }
        if (!open.isEmpty()) {
            requireWritable();
        }
        return open;
    }

    /**
     * Returns the right to segment {@code scan}, which {@link #open} returned; empty where it is to be skipped, for its labels came
     * meanwhile, or another process makes them.
     *
     * @throws IOException if that is so and it must not be skipped
     */
    Optional<ScanClaim> claim(Case scan) throws IOException {
        Path labels = labels(folder, scan.id());
        Optional<ScanClaim> claim = ScanClaim.take(folder, scan.id());
        boolean came = claim.isPresent() && request.existing() != Existing.OVERWRITE && Files.exists(labels);
        if (came) {
            claim.get().close();
        }
        if (claim.isPresent() && !came) {
            return claim;
        }
        if (request.existing() != Existing.SKIP) {
            throw new IOException("[" + labels + "] " + (came ? "was written" : "is being written")
                    + " by another process meanwhile, and was left to it: stop one of the two, or give each its --shard,"
                    + " or both --existing skip, with which they share the scans");
        }
        skipped.add(labels);
        return Optional.empty();
    }

    private boolean isOpen(String name) throws IOException {
        Path labels = labels(folder, name);
        if (request.existing() == Existing.OVERWRITE) {
            return true;
        }
        if (!Files.exists(labels)) {
            requireNothingLeft(name);
            return true;
        }
        if (request.existing() == Existing.FAIL) {
            throw new IOException("[" + labels + "] is there already and nothing was written: choose another folder,"
                    + " or to skip or overwrite what is there");
        }
        if (request.probabilities() && !Files.exists(ProbabilityFile.of(folder, name))) {
            throw new IOException("[" + labels + "] is there already, without probabilities, and nothing was written:"
                    + " choose another folder, or to overwrite what is there");
        }
        return false;
    }

    /** A process that was killed may have left these, and goes on with SKIP; else they are somebody else's. */
    private void requireNothingLeft(String name) throws IOException {
        List<Path> others =
                List.of(picture(folder, name), Manifest.entryFile(folder, name), ProbabilityFile.of(folder, name));
        for (Path other : others) {
            if (request.existing() == Existing.FAIL && Files.exists(other)) {
                throw new IOException("[" + other + "] is there already, without labels, and nothing was written:"
                        + " choose another folder, or to skip or overwrite what is there");
            }
        }
    }

    /** Fails before hours of work, not after, where nothing can be written or the manifest cannot be gathered. */
    private void requireWritable() throws IOException {
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, ".probe", ".tmp"));
        } catch (IOException e) {
            throw new IOException(
                    "[" + folder + "] no file can be written there (" + e + "); choose another folder", e);
        }
        Manifest.gather(folder);
    }

    private void requireNoInputReplaced(List<Case> scans) throws IOException {
        Set<Path> inputs = new HashSet<>();
        for (Case scan : scans) {
            for (Path image : scan.images()) {
                inputs.add(real(image));
            }
        }
        for (Case scan : scans) {
            Path labels = labels(folder, scan.id());
            if (inputs.contains(real(labels))) {
                throw new IOException("[" + labels + "] is a scan that was given: its labels would replace it;"
                        + " choose another folder");
            }
        }
    }

    /** Labels of one shard would be scans to the next, which would then have another share than it should. */
    private void requireNoInputFolder(List<Case> scans) throws IOException {
        for (Case scan : scans) {
            if (real(scan.images().get(0).toAbsolutePath().getParent()).equals(real(folder))) {
                throw new IOException("[" + folder + "] holds scans that were given, and other shards would take labels"
                        + " there for scans; choose another folder");
            }
        }
    }

    private static Path real(Path file) throws IOException {
        return Files.exists(file) ? file.toRealPath() : file.toAbsolutePath().normalize();
    }
}
