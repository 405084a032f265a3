package org.unet4j.export;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.unet4j.io.FolderTree;

/**
 * ONNX Runtime's native libraries, which its jar holds for several platforms. Left alone it unpacks them at every start into a folder
 * of the system's temporary one, which stays there when the process is killed; here they are unpacked once, as JavaCPP
 * does with libtorch's, and the folder is deleted at once.
 */
public final class OnnxNatives {

    /** Where ONNX Runtime loads its libraries from, if it is set (ai.onnxruntime.OnnxRuntime). */
    private static final String PATH = "onnxruntime.native.path";

    private static final String ALL = "ai/onnxruntime/native/";

    private OnnxNatives() {}

    /**
     * Lets ONNX Runtime load its libraries from a folder of the cache {@code ~/.cache/unet4j}, where they are unpacked if they are not
     * there yet; several processes may do so at once. Leaves the folder as it is where {@value #PATH} is set. Where the cache cannot be
     * written, ONNX Runtime unpacks them itself. Loads them too: call it before anything of ONNX Runtime's.
     */
    static synchronized void provide() {
        if (System.getProperty(PATH) == null) {
            unpack();
        }
        OrtEnvironment.getEnvironment();
        if (System.getProperty(PATH) != null) {
            deleteUnusedFolder();
        }
    }

    /**
     * Deletes the folder, empty but in the build for cards, that ONNX Runtime makes in the system's temporary one before it asks where its libraries are; it
     * deletes it when the process ends, and not where that is killed. Nothing but the class itself knows its name.
     */
    private static void deleteUnusedFolder() {
        try {
            Field field = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("tempDirectory");
            field.setAccessible(true);
            if (field.get(null) instanceof Path unused) {
                Files.deleteIfExists(unused);
            }
        } catch (ReflectiveOperationException | RuntimeException | IOException e) {
            // Another version, or a library for a card that was unpacked into it after all: then it stays until the
            // end.
            return;
        }
    }

    private static void unpack() {
        try {
            Optional<Path> cache = cache(System.getProperty("user.home"));
            if (cache.isPresent()) {
                unpackedIn(cache.get()).ifPresent(path -> System.setProperty(PATH, path.toString()));
            }
        } catch (IOException e) {
            // No home, or one that cannot be written to: then as ONNX Runtime does it alone, documented above.
            return;
        }
    }

    /** Returns the cache of a user; empty where Java does not know the home, which is {@code ?} for users without a name in containers. */
    static Optional<Path> cache(String home) {
        return home != null && Path.of(home).isAbsolute()
                ? Optional.of(Path.of(home, ".cache", "unet4j"))
                : Optional.empty();
    }

    /**
     * Returns the folder in {@code cache} that holds the libraries, which are unpacked if they are not there yet; it appears whole or
     * not at all. Empty where they lie in no jar.
     */
    static Optional<Path> unpackedIn(Path cache) throws IOException {
        Optional<JarURLConnection> found = jar();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        // Named for its content: another version, or a build for a card, has a folder of its own.
        String name =
                "onnxruntime-" + Long.toHexString(found.get().getJarEntry().getCrc());
        Path folder = cache.resolve(name);
        if (Files.isDirectory(folder)) {
            return Optional.of(folder);
        }
        Files.createDirectories(cache);
        Path unfinished = cache.resolve("." + name + "." + UUID.randomUUID() + ".tmp");
        try {
            copy(Files.createDirectory(unfinished), library -> true);
            Files.move(unfinished, folder);
        } catch (IOException e) {
            if (!Files.isDirectory(folder)) { // else another process was faster
                throw e;
            }
        } finally {
            FolderTree.delete(unfinished);
        }
        return Optional.of(folder);
    }

    /**
     * Copies this platform's libraries into {@code folder}, those for cards left out, which the build for cards has too.
     *
     * @throws IOException if ONNX Runtime has none for this platform, or a file cannot be written
     */
    public static void copyForProcessor(Path folder) throws IOException {
        copy(folder, name -> !isForCards(name));
    }

    /** Returns whether a library is a provider that ONNX Runtime loads for a card only. */
    static boolean isForCards(String library) {
        return library.contains("onnxruntime_providers_");
    }

    private static void copy(Path folder, Predicate<String> wanted) throws IOException {
        JarFile jar = jar().orElseThrow(() -> new IOException("ONNX Runtime has no native libraries for " + platform()
                        + " in its jar; add com.microsoft.onnxruntime:onnxruntime to the class path"))
                .getJarFile();
        String prefix = ALL + platform() + "/";
        List<JarEntry> libraries = jar.stream()
                .filter(entry -> entry.getName().startsWith(prefix))
                .filter(entry -> entry.getName().indexOf('/', prefix.length()) < 0 && !entry.isDirectory())
                .toList();
        for (JarEntry library : libraries) {
            String file = library.getName().substring(prefix.length());
            if (wanted.test(file)) {
                try (InputStream in = jar.getInputStream(library)) {
                    Files.copy(in, folder.resolve(file));
                }
            }
        }
    }

    /** Returns whether {@code entry} of ONNX Runtime's jar is, or belongs to, a native library of any platform. */
    public static boolean isNative(String entry) {
        return entry.startsWith(ALL);
    }

    /** Returns the entry of the library in ONNX Runtime's jar; empty where there is no jar, or none for this platform. */
    private static Optional<JarURLConnection> jar() throws IOException {
        URL library =
                OrtEnvironment.class.getResource("/" + ALL + platform() + "/" + System.mapLibraryName("onnxruntime"));
        return library != null && library.openConnection() instanceof JarURLConnection jar
                ? Optional.of(jar)
                : Optional.empty();
    }

    /** Returns what ONNX Runtime calls this platform, such as {@code linux-x64}. */
    private static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return (os.contains("mac") ? "osx" : os.contains("win") ? "win" : "linux") + "-"
                + (arch.startsWith("aarch64") ? "aarch64" : "x64");
    }
}
