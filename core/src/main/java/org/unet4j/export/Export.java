package org.unet4j.export;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.unet4j.io.AtomicFile;
import org.unet4j.io.FolderTree;
import org.unet4j.torch.Scope;

/**
 * A network in another format, on the disk, and how near it is to what it was made from.
 *
 * @param files the model, then the file of its weights if they are not inside
 * @param parity to the network in libtorch
 */
public record Export(List<Path> files, Parity parity) {

    /** Copies the list. */
    public Export {
        files = List.copyOf(files);
    }

    /**
     * Writes {@code trained} to {@code file}, reads it back and compares its logits with the network's on images of three sizes.
     * The file gets its name only when they are equal but for what the format rounds.
     *
     * @throws FileAlreadyExistsException if {@code file}, or one for its weights, is there already
     * @throws IOException if it cannot be written, or what was written computes something else
     */
    public static Export write(TrainedNetwork trained, Format format, Path file) throws IOException {
        Path target = file.toAbsolutePath().normalize();
        requireFree(file, target);
        requireFree(file, OnnxFile.weights(target));
        Path folder = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try (Scope scope = new Scope()) {
            Files.createDirectories(folder);
            List<Path> written = format.write(trained, folder.resolve(target.getFileName()));
            Parity parity = format.parity(trained, written.get(0), format.trials(trained));
            Optional<String> refusal = format.refusal(parity);
            if (refusal.isPresent()) {
                throw new IOException("[" + file + "] is not written: " + refusal.get());
            }
            return new Export(placed(written, target), parity);
        } finally {
            FolderTree.delete(folder);
        }
    }

    /** The weights first: where the model is, they are. */
    private static List<Path> placed(List<Path> written, Path target) throws IOException {
        List<Path> files = new ArrayList<>();
        for (int i = written.size() - 1; i >= 0; i--) {
            Path to = target.resolveSibling(written.get(i).getFileName());
            AtomicFile.rename(written.get(i), to);
            files.add(0, to);
        }
        return files;
    }

    private static void requireFree(Path asGiven, Path file) throws FileAlreadyExistsException {
        if (Files.exists(file)) {
            Path shown = asGiven.resolveSibling(file.getFileName());
            throw new FileAlreadyExistsException(
                    shown.toString(), null, "choose another --out, or delete it first; results are never overwritten");
        }
    }
}
