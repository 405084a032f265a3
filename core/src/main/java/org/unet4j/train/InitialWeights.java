package org.unet4j.train;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.unet4j.model.Network;
import org.unet4j.model.Safetensors;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;

/**
 * The weights of another run, which a run begins from.
 *
 * @param file where they lie
 * @param origin what is remembered of them
 */
record InitialWeights(Path file, Origin origin) {

    /**
     * Which weights a run began from; no path, which would mean nothing elsewhere.
     *
     * @param source name of the file, with that of its folder
     * @param sha256 of the file's bytes
     * @param steps after which they were saved, where the file says so
     */
    record Origin(String source, String sha256, Optional<Integer> steps) {}

    /**
     * Returns the weights of a run folder's last step, or those of a safetensors file.
     *
     * @throws IOException if there are none, or they cannot be read
     */
    static InitialWeights of(Path runOrFile) throws IOException {
        Path file = Files.isDirectory(runOrFile) ? new RunFolder(runOrFile).last() : runOrFile;
        if (!Files.isRegularFile(file)) {
            throw new IOException("[" + file + "] does not exist: give the folder of a run that has saved weights, or a"
                    + " safetensors file");
        }
        Path folder = file.toAbsolutePath().normalize().getParent().getFileName();
        String source = (folder == null ? "" : folder + "/") + file.getFileName();
        return new InitialWeights(file, new Origin(source, sha256(file), BestWeights.step(file)));
    }

    /**
     * Sets the weights of {@code network} to those of the same name and shape; the others stay as they are.
     *
     * @return what was taken
     * @throws IOException if the file is damaged, or nothing fits
     */
    InitialWeightsEvent apply(Network network) throws IOException {
        try (Scope scope = new Scope()) {
            SortedMap<String, Tensor> given = Safetensors.read(file);
            SortedMap<String, Tensor> state = new TreeMap<>();
            List<String> left = new ArrayList<>();
            int taken = 0;
            for (Map.Entry<String, Tensor> own : network.state().entrySet()) {
                Tensor there = given.remove(own.getKey());
                boolean fits = there != null && shape(there).equals(shape(own.getValue()));
                state.put(own.getKey(), fits ? there : own.getValue());
                if (fits) {
                    taken++;
                } else {
                    left.add(own.getKey() + " " + shape(own.getValue()) + " is "
                            + (there == null ? "not there" : shape(there) + " there"));
                }
            }
            given.forEach((name, tensor) -> left.add(name + " " + shape(tensor) + " is not in this network"));
            if (taken == 0) {
                throw new IOException("[" + file + "] holds no tensor of this network, by name and shape ("
                        + left.stream().findFirst().orElse("it is empty") + "): give the weights of a like network");
            }
            network.load(state);
            return new InitialWeightsEvent(origin.source(), origin.steps(), taken, left);
        }
    }

    private static String shape(Tensor tensor) {
        return Arrays.toString(Tensors.shape(tensor));
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
