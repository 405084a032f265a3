package org.unet4j.infer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.unet4j.export.TrainedFiles;
import org.unet4j.io.AtomicFile;
import org.unet4j.io.Build;
import org.unet4j.io.FolderTree;
import org.unet4j.io.Json;
import org.unet4j.io.Yaml;
import org.unet4j.model.ModelFile;
import org.unet4j.prep.Plan;
import org.unet4j.prep.TrainingRanges;
import org.unet4j.torch.Provenance;

/**
 * A run folder in one file, {@code NAME.u4j}, that another person can predict with: a zip of the weights, the plan with the names of
 * the classes, the ranges of the training cases, the post-processing, the training's configuration and provenance, and a licence note. Which cases it learnt from, its curves
 * and scores, and the command that a person typed, which has names of folders in it, stay at home.
 */
public final class ModelPackage {

    private static final int FORMAT = 1;
    private static final String CONTENTS = "contents.json";
    private static final String LICENCE = "LICENCE.txt";
    private static final String PROVENANCE = "provenance.yaml";

    /** What prediction needs, and after it what it may do without. */
    private static final List<String> NEEDED = List.of(TrainedFiles.PLAN, Weights.LAST.fileName());

    private static final List<String> MORE =
            List.of("config.yaml", "model.yaml", PROVENANCE, TrainingRanges.FILE, TrainedFiles.POST_PROCESSING);

    private ModelPackage() {}

    /**
     * What is in a package.
     *
     * @param format raised when older programs cannot read it
     * @param unet4j version and commit that wrote it
     * @param sha256 of each file, by its name
     */
    record Contents(int format, String unet4j, SortedMap<String, String> sha256) {

        Contents {
            sha256 = Collections.unmodifiableSortedMap(new TreeMap<>(sha256));
        }
    }

    /** Does something with a folder. */
    @FunctionalInterface
    public interface InFolder<T> {

        /** Returns what it found in {@code runFolder}. */
        T apply(Path runFolder) throws IOException;
    }

    /**
     * Packs a run folder. The best weights, if they are asked for, are the package's last ones: it has no others.
     *
     * @param licence a note for people who get the file: who may use the weights, and for what
     * @throws IOException if the folder holds no trained network, or {@code target} is there already or cannot be written
     */
    public static void write(Path runFolder, Weights weights, String licence, Path target) throws IOException {
        if (Files.exists(target)) {
            throw new IOException("[" + target + "] is there already and nothing was written: choose another name");
        }
        SortedMap<String, Path> files = new TreeMap<>();
        for (String name : NEEDED) {
            files.put(name, runFolder.resolve(name));
        }
        files.put(Weights.LAST.fileName(), runFolder.resolve(weights.fileName()));
        for (Map.Entry<String, Path> file : files.entrySet()) {
            if (!Files.exists(file.getValue())) {
                throw new IOException("[" + runFolder + "] holds no "
                        + file.getValue().getFileName()
                        + "; give the folder of a training run that has saved its weights");
            }
        }
        for (String name : MORE) {
            if (Files.exists(runFolder.resolve(name))) {
                files.put(name, runFolder.resolve(name));
            }
        }
        Plan plan = Plan.read(runFolder.resolve(TrainedFiles.PLAN));
        ModelFile.requirePlan(files.get(Weights.LAST.fileName()), plan);
        PostProcessing.read(runFolder.resolve(TrainedFiles.POST_PROCESSING), plan);
        SortedMap<String, String> sums = new TreeMap<>();
        Build build = Build.here();
        AtomicFile.write(target, out -> {
            ZipOutputStream zip = new ZipOutputStream(out);
            put(zip, LICENCE, licence + "\n");
            for (Map.Entry<String, Path> file : files.entrySet()) {
                sums.put(
                        file.getKey(),
                        file.getKey().equals(PROVENANCE)
                                ? put(zip, PROVENANCE, withoutCommand(file.getValue()))
                                : put(zip, file.getKey(), file.getValue()));
            }
            put(zip, CONTENTS, Json.line(new Contents(FORMAT, build.version() + " " + build.commit(), sums)) + "\n");
            zip.finish();
        });
    }

    /** Returns the SHA-256 of the bytes that were packed: a training that goes on may replace the file at any time. */
    private static String put(ZipOutputStream zip, String name, Path file) throws IOException {
        MessageDigest digest = sha256();
        zip.putNextEntry(new ZipEntry(name));
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(zip);
        }
        zip.closeEntry();
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String put(ZipOutputStream zip, String name, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        zip.putNextEntry(new ZipEntry(name));
        zip.write(bytes);
        zip.closeEntry();
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    private static String withoutCommand(Path provenance) throws IOException {
        return Yaml.toString(Yaml.read(provenance, Provenance.class).with(Optional.empty()));
    }

    /**
     * Returns what {@code work} makes of a run folder, or of a package, which is unpacked for that time.
     *
     * @throws IOException if the package is damaged, was changed, or is of a newer format
     */
    public static <T> T open(Path model, InFolder<T> work) throws IOException {
        if (!Files.isRegularFile(model)) {
            return work.apply(model);
        }
        Path folder = Files.createTempDirectory("unet4j-model");
        try {
            unpack(model, folder);
            return work.apply(folder);
        } finally {
            FolderTree.delete(folder);
        }
    }

    private static void unpack(Path file, Path folder) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            Path list = folder.resolve(CONTENTS);
            extract(file, zip, CONTENTS, list);
            requireFormat(file, list);
            SortedMap<String, String> sums = Json.read(list, Contents.class).sha256();
            if (!sums.keySet().containsAll(NEEDED)) {
                throw new IOException("[" + file + "] lists " + sums.keySet() + " and must hold " + NEEDED
                        + "; get the file again from where it was made");
            }
            for (Map.Entry<String, String> entry : sums.entrySet()) {
                if (!NEEDED.contains(entry.getKey()) && !MORE.contains(entry.getKey())) {
                    throw new IOException("[" + file + "] holds '" + entry.getKey()
                            + "', which no package does; get the file again from where it was made");
                }
                Path to = folder.resolve(entry.getKey());
                extract(file, zip, entry.getKey(), to);
                if (!sha256(to).equals(entry.getValue())) {
                    throw new IOException("[" + file + "] was changed after it was made: " + entry.getKey()
                            + " has another SHA-256 than its list says; get the file again from where it was made");
                }
            }
        } catch (ZipException e) {
            throw new IOException(
                    "[" + file + "] is no package of unet4j, or damaged (" + e.getMessage()
                            + "); get the file again, or give the folder of a training run",
                    e);
        }
    }

    private static void requireFormat(Path file, Path list) throws IOException {
        String text = Files.readString(list);
        String wanted = "{\"format\":" + FORMAT + ",";
        if (!text.startsWith(wanted)) {
            throw new IOException("[" + file + "] is a package of another format ("
                    + text.substring(0, Math.min(text.length(), wanted.length() + 2))
                            .strip() + "... instead of " + wanted
                    + "...); this is unet4j " + Build.here().version() + ": use the one that wrote it");
        }
    }

    private static void extract(Path file, ZipFile zip, String name, Path to) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new IOException(
                    "[" + file + "] is no package of unet4j: it holds no " + name + "; make one with unet4j package");
        }
        try (InputStream in = zip.getInputStream(entry)) {
            Files.copy(in, to);
        }
    }

    /** Returns the SHA-256 of a file as hexadecimal digits. */
    public static String sha256(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
