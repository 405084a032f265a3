package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProblemTest {

    private static final Path FILE = Path.of("scan.nii");

    @Test
    void theFileIsNamedOnce() {
        assertThat(Problem.of(FILE, new IOException("[scan.nii] is empty")).what())
                .isEqualTo("is empty");
    }

    /** Else a scan that did not fit beside others would be called wrong and not be tried alone. */
    @Test
    void whatDidNotFitIntoTheHeapIsNoProblemOfTheFile() {
        OutOfMemoryError noRoom = new OutOfMemoryError("Java heap space");
        assertThatThrownBy(() -> Problem.of(FILE, new IOException("needs 3 GiB", noRoom)))
                .isSameAs(noRoom);
    }
}
