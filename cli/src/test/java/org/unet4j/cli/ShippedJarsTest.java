package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing but programs gets into a folder that is given away. */
class ShippedJarsTest {

    @TempDir
    Path folder;

    private Path classes() throws IOException {
        Path classes = Files.createDirectories(folder.resolve("classes"));
        Path own = classes.resolve("org/unet4j/cli/Main.class");
        Files.createDirectories(own.getParent());
        Files.write(own, new byte[] {1, 2, 3});
        return classes;
    }

    @Test
    void aFolderOfOwnClassesBecomesAJar() throws IOException {
        Path lib = Files.createDirectory(folder.resolve("lib"));
        ShippedJars.of(classes().toString()).copyTo(lib);
        try (JarFile jar = new JarFile(lib.resolve("classes-0.jar").toFile())) {
            assertThat(jar.stream().map(Object::toString)).containsExactly("org/unet4j/cli/Main.class");
        }
    }

    @Test
    void aWorkingFolderOnTheClassPathIsRefusedByItsName() throws IOException {
        Path working = Files.createDirectory(folder.resolve("working"));
        Files.writeString(working.resolve("patient.nii.gz"), "a scan");
        assertThatThrownBy(() -> ShippedJars.of(classes() + File.pathSeparator + working))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(
                        "[" + working + "] is on Java's class path and not a folder of unet4j's classes");
    }
}
