package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No program of others is given away without its licence. */
class LicencesTest {

    @TempDir
    Path folder;

    private Path lib;
    private Path target;

    @BeforeEach
    void make() throws IOException {
        lib = Files.createDirectory(folder.resolve("lib"));
        target = Files.createDirectory(folder.resolve("licences"));
    }

    /** Writes a jar whose files each hold their own name. */
    private void jar(String name, String... entries) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(lib.resolve(name)))) {
            for (String entry : entries) {
                zip.putNextEntry(new ZipEntry(entry));
                zip.write(entry.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private List<String> texts(String jar) throws IOException {
        try (Stream<Path> files = Files.list(target.resolve(jar))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void twoTextsOfOneNameAreBothKept() throws IOException {
        jar("other-1.0.jar", "LICENSE", "META-INF/LICENSE", "META-INF/NOTICE.txt", "com/other/License.class");
        Licences.collect(lib, target);
        assertThat(texts("other-1.0")).containsExactly("2-LICENSE", "LICENSE", "NOTICE.txt");
        assertThat(target.resolve("other-1.0/LICENSE")).hasContent("LICENSE");
        assertThat(target.resolve("other-1.0/2-LICENSE")).hasContent("META-INF/LICENSE");
    }

    @Test
    void aWebjarHasTheTextOfThePackageInIt() throws IOException {
        jar("three-0.181.1.jar", "META-INF/resources/webjars/three/0.181.1/LICENSE");
        Licences.collect(lib, target);
        assertThat(texts("three-0.181.1")).containsExactly("LICENSE");
    }

    @Test
    void aJarOfOthersWithoutAnyLicenceIsRefusedByItsName() throws IOException {
        jar("other-1.0.jar", "com/other/Other.class");
        assertThatThrownBy(() -> Licences.collect(lib, target))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("[other-1.0.jar] holds no licence, and none is known for it");
    }

    @Test
    void oneWhoseLicenceIsKnownAndOneOfThisProjectAreNot() throws IOException {
        jar("picocli-4.7.7.jar", "picocli/CommandLine.class");
        jar("classes-0.jar", "org/unet4j/cli/Main.class");
        Licences.collect(lib, target);
        assertThat(texts("picocli-4.7.7")).containsExactly("LICENSE.txt");
        assertThat(target.resolve("classes-0")).doesNotExist();
    }
}
