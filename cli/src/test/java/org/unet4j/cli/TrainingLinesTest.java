package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.unet4j.train.ValidationEvent;

class TrainingLinesTest {

    private static String told(int cases, boolean best, int compared) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        new TrainingLines(terminal, "unet")
                .validated(new ValidationEvent(7, cases, new TreeMap<>(Map.of(1, 0.5)), 0.5, best, compared));
        return err.toString(StandardCharsets.UTF_8).strip();
    }

    @Test
    void theLastValidationSaysOnWhichCasesItIsTheBest() {
        String line = "unet: step 7, Dice 0.5000 (1: 0.500) on ";
        assertThat(told(5, true, 5)).isEqualTo(line + "5 cases, the best so far");
        assertThat(told(42, true, 5)).isEqualTo(line + "42 cases; on the 5 that were scored before, the best so far");
        assertThat(told(42, false, 5)).isEqualTo(line + "42 cases");
    }
}
