package org.unet4j.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NvidiaSmiTest {

    /** Prints its arguments, one a line. */
    static final class Lines {
        public static void main(String[] arguments) {
            Arrays.stream(arguments).forEach(System.out::println);
        }
    }

    private static Optional<String> shared(String... arguments) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command = new java.util.ArrayList<>(List.of(java.toString(), "-Xmx64m", "-cp"));
        command.add(System.getProperty("java.class.path"));
        command.add(Lines.class.getName());
        command.addAll(List.of(arguments));
        return NvidiaSmi.shared(command);
    }

    @Test
    void whatAllCardsShareIsKnownAndNothingOfUnlikeOnes() {
        assertThat(shared("NVIDIA H200, 580.95", " NVIDIA H200, 580.95")).contains("NVIDIA H200, 580.95");
        assertThat(shared("NVIDIA H200, 580.95", "NVIDIA A100, 580.95")).isEmpty();
        assertThat(shared()).isEmpty();
    }

    @Test
    void aMissingOrFailingProgramSaysNothing() {
        assertThat(NvidiaSmi.shared(List.of("no-such-program-here"))).isEmpty();
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        assertThat(NvidiaSmi.shared(List.of(java.toString(), "--no-such-option")))
                .isEmpty();
    }
}
