package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Java that can make no runtime says so; that one is made is shown where it runs, in {@link StandaloneTest}. */
class RuntimeImageTest {

    private static final String HERE = "[" + System.getProperty("java.home") + "]";

    @TempDir
    Path folder;

    private record Failing(String name) implements ToolProvider {
        @Override
        public int run(PrintWriter out, PrintWriter err, String... arguments) {
            out.println("Error: Module java.desktop not found");
            return 1;
        }
    }

    @Test
    void aJavaWithoutJlinkIsNamed() {
        assertThatThrownBy(() -> RuntimeImage.link(Optional.empty(), folder.resolve("runtime")))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(HERE + " is a Java without jlink")
                .hasMessageContaining("JAVA_HOME");
    }

    @Test
    void whatJlinkLacksIsSaid() {
        assertThatThrownBy(() -> RuntimeImage.link(Optional.of(new Failing("jlink")), folder.resolve("runtime")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("(Error: Module java.desktop not found)")
                .hasMessageContaining("jmods");
        assertThat(folder.resolve("runtime")).doesNotExist();
    }
}
