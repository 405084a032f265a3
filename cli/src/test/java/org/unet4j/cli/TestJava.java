package org.unet4j.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The virtual machine of commands that tests start. They live for seconds: code that is compiled twice would cost them half of it. */
final class TestJava {

    /** Options for short lives, and the memory that scans of tests need. */
    static final List<String> OPTIONS = List.of("-Xmx1g", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private TestJava() {}

    /** Returns the program that runs this process. */
    static String program() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Returns what starts {@code main} from {@code classPath}; its arguments follow. */
    static List<String> command(String classPath, Class<?> main) {
        return Stream.of(List.of(program()), OPTIONS, List.of("-cp", classPath, main.getName()))
                .flatMap(List::stream)
                .toList();
    }
}
