package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.unet4j.torch.NativesException;
import org.unet4j.torch.Scope;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class FailureTest {
    private final StringWriter err = new StringWriter();

    private String report(Throwable e) {
        assertThat(Failure.report(e, new PrintWriter(err), false)).isEqualTo(Main.FAILED);
        return err.toString();
    }

    @Test
    void whatLibtorchSaysOfTooLargeABatchIsOneLineThatSaysWhatToDo() {
        RuntimeException thrown = null;
        try (Scope scope = new Scope()) {
            torch.empty(1L << 30, 1L << 18);
        } catch (RuntimeException e) {
            thrown = e;
        }
        assertThat(thrown).isNotNull();
        assertThat(report(thrown).lines()).hasSize(1).first().asString().contains("out of memory", "patch or batch");
    }

    @Test
    void nativesThatCannotBeLoadedAreNoDefect() {
        NativesException thrown =
                new NativesException("libtorch cannot be loaded: no room", new UnsatisfiedLinkError());
        assertThat(report(thrown))
                .contains("libtorch cannot be loaded: no room")
                .doesNotContain("defect");
    }

    /** A command whose work needs more than the heap. */
    @Command(name = "large")
    static final class Large implements Callable<Integer> {
        @Override
        public Integer call() {
            throw new OutOfMemoryError("Java heap space");
        }
    }

    @Test
    void aHeapThatIsTooSmallIsToldLikeEveryOtherFailure() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream told = new PrintStream(err, true, StandardCharsets.UTF_8);
        int code = Main.run(new CommandLine(new Large()), new Terminal(told, told), () -> false);
        assertThat(code).isEqualTo(Main.FAILED);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("unet4j: ")
                .contains("-Xmx")
                .doesNotContain("\tat ");
    }

    @Test
    void aDefectIsCalledOne() {
        assertThat(report(new IllegalStateException("no such step"))).contains("no such step", "defect of unet4j");
    }
}
