package org.unet4j.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.unet4j.io.Phantom;
import org.unet4j.io.Progress;

/** A synthetic dataset packed as the Decathlon packs its own, with all the quirks of those archives. */
final class PackedPhantom {

    private PackedPhantom() {}

    /** Returns {@code Task07_Pancreas.tar} with so many labelled cases; it is made in {@code folder}. */
    static byte[] tar(Path folder, int cases) throws IOException {
        Path task = folder.resolve("Task07_Pancreas");
        Phantom.write(task, TinyPhantoms.SETTINGS, cases, 3, Progress.silent());
        Path description = task.resolve("dataset.json");
        Files.writeString(
                description,
                Files.readString(description).replaceFirst("\"licence\"", "\"relase\": \"1.0\",\n  \"licence\""));
        storeOneUncompressed(task.resolve("imagesTr"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<Path> files;
        try (Stream<Path> tree = Files.walk(task)) {
            files = tree.sorted().toList();
        }
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            for (Path file : files) {
                String name = folder.relativize(file).toString().replace('\\', '/');
                if (Files.isDirectory(file)) {
                    add(tar, name + "/", new byte[0]);
                } else {
                    int at = name.lastIndexOf('/') + 1;
                    add(
                            tar,
                            name.substring(0, at) + "._" + name.substring(at),
                            "Mac OS X".getBytes(StandardCharsets.UTF_8));
                    add(tar, name, Files.readAllBytes(file));
                }
            }
        }
        return bytes.toByteArray();
    }

    /** Mirrors have {@code .nii} where the description says {@code .nii.gz}. */
    private static void storeOneUncompressed(Path images) throws IOException {
        Path image;
        try (Stream<Path> files = Files.list(images)) {
            image = files.sorted().findFirst().orElseThrow();
        }
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(image))) {
            Files.copy(in, image.resolveSibling(image.getFileName().toString().replace(".nii.gz", ".nii")));
        }
        Files.delete(image);
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    static String md5(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
