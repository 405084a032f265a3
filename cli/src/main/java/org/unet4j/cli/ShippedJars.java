package org.unet4j.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.unet4j.export.OnnxNatives;

/**
 * What this process runs from, less what prediction with ONNX Runtime does without: libtorch and its binding, the log's back end,
 * and the native libraries inside ONNX Runtime's jar, which lie beside it.
 *
 * @param entries jars, and folders of classes where this runs from a build's
 */
record ShippedJars(List<Path> entries) {

    private static final List<String> LEFT_OUT = List.of("org/bytedeco/", "ch/qos/logback/");

    /** One of these lies in every folder of classes of a build. */
    private static final List<String> OURS = List.of("org/unet4j/io/Build.class", "org/unet4j/cli/Main.class");

    ShippedJars {
        entries = List.copyOf(entries);
    }

    /**
     * Returns those of this process's class path, and what the manifests on it name.
     *
     * @throws IOException if a folder on it is not one of this project's classes, whatever else it holds
     */
    static ShippedJars here() throws IOException {
        return of(System.getProperty("java.class.path"));
    }

    /** Returns those of a class path, as {@link #here} does. */
    static ShippedJars of(String classPath) throws IOException {
        Set<Path> all = new LinkedHashSet<>();
        for (String entry : classPath.split(File.pathSeparator)) {
            if (!entry.isEmpty()) {
                collect(Path.of(entry).toAbsolutePath().normalize(), all);
            }
        }
        List<Path> kept = new ArrayList<>();
        for (Path entry : all) {
            if (!isLeftOut(entry)) {
                kept.add(entry);
            }
        }
        return new ShippedJars(kept);
    }

    private static void collect(Path entry, Set<Path> all) throws IOException {
        if (!Files.exists(entry) || !all.add(entry) || Files.isDirectory(entry)) {
            return;
        }
        try (JarFile jar = new JarFile(entry.toFile())) {
            if (jar.getManifest() != null) {
                String names = jar.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
                for (String name : names == null ? new String[0] : names.split(" ")) {
                    collect(entry.resolveSibling(name), all);
                }
            }
        }
    }

    private static boolean isLeftOut(Path entry) throws IOException {
        if (Files.isDirectory(entry)) {
            requireOurs(entry);
            return false;
        }
        try (JarFile jar = new JarFile(entry.toFile())) {
            return jar.stream().anyMatch(file -> LEFT_OUT.stream().anyMatch(file.getName()::startsWith));
        }
    }

    /** The folder is made to be given away: what else lies on the class path, such as all of the working folder, may not get there. */
    private static void requireOurs(Path folder) throws IOException {
        if (OURS.stream().noneMatch(name -> Files.isRegularFile(folder.resolve(name)))) {
            throw new IOException(
                    "[" + folder + "] is on Java's class path and not a folder of unet4j's classes: its files would"
                            + " be given away; start with ./unet4j, or leave it out of the class path");
        }
    }

    /** Copies all into the folder {@code lib}; folders of classes become jars. */
    void copyTo(Path lib) throws IOException {
        for (int i = 0; i < entries.size(); i++) {
            Path entry = entries.get(i);
            if (Files.isDirectory(entry)) {
                pack(entry, lib.resolve("classes-" + i + ".jar"));
            } else if (isOnnxRuntime(entry)) {
                copyWithoutNatives(entry, lib.resolve(entry.getFileName()));
            } else {
                Files.copy(entry, lib.resolve(entry.getFileName()));
            }
        }
    }

    private static boolean isOnnxRuntime(Path entry) throws IOException {
        try (JarFile jar = new JarFile(entry.toFile())) {
            return jar.getEntry("ai/onnxruntime/OrtEnvironment.class") != null;
        }
    }

    private static void copyWithoutNatives(Path from, Path to) throws IOException {
        try (JarFile jar = new JarFile(from.toFile());
                ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(to))) {
            for (Enumeration<? extends ZipEntry> files = jar.entries(); files.hasMoreElements(); ) {
                ZipEntry file = files.nextElement();
                if (!file.isDirectory() && !OnnxNatives.isNative(file.getName())) {
                    zip.putNextEntry(new ZipEntry(file.getName()));
                    try (InputStream in = jar.getInputStream(file)) {
                        in.transferTo(zip);
                    }
                }
            }
        }
    }

    private static void pack(Path folder, Path to) throws IOException {
        try (OutputStream out = Files.newOutputStream(to);
                ZipOutputStream zip = new ZipOutputStream(out);
                Stream<Path> tree = Files.walk(folder)) {
            for (Path file : tree.filter(Files::isRegularFile).sorted().toList()) {
                String name = folder.relativize(file).toString().replace(File.separatorChar, '/');
                zip.putNextEntry(new ZipEntry(name));
                Files.copy(file, zip);
            }
        }
    }
}
