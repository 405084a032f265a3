package org.unet4j.torch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NativesMessageTest {

    /** What the system says of the natives for cards where CUDA is missing, or a part of it. */
    @Test
    void nativesForCardsSayWhatTheyNeedOfTheSystem() {
        LinkageError said =
                new UnsatisfiedLinkError("/cache/linux-x86_64-gpu/libtorch_cuda.so: libcusparse.so.12: cannot"
                        + " open shared object file: No such file or directory\nand a trace");
        assertThat(Natives.advice(said).lines())
                .containsExactly(
                        "libtorch cannot be loaded: /cache/linux-x86_64-gpu/libtorch_cuda.so: libcusparse.so.12: cannot"
                                + " open shared object file: No such file or directory",
                        "The natives for NVIDIA cards need CUDA 13 (cuFile and CUPTI too), cuDNN 9 and NCCL 2 of the"
                                + " system: install them or put their folders into LD_LIBRARY_PATH (on Windows PATH);"
                                + " UNET4J_NATIVES=cpu computes without");
    }

    /** JavaCPP says where it looked; why that failed is its cause. */
    @Test
    void whatIsMissingIsTheCause() {
        LinkageError said = notFound("jnicusolver");
        said.initCause(new UnsatisfiedLinkError("/cache/cuda/libjnicusolver.so: libcusolverMg.so.12: cannot open"));
        assertThat(Natives.advice(said))
                .startsWith(
                        "libtorch cannot be loaded: /cache/cuda/libjnicusolver.so: libcusolverMg.so.12: cannot open")
                .contains("LD_LIBRARY_PATH");
    }

    @Test
    void nativesForTheProcessorNeedOnlyRoom() {
        LinkageError said = new UnsatisfiedLinkError("/barracuda/natives/libjnitorch.so: file too short");
        assertThat(Natives.advice(said).lines())
                .containsExactly(
                        "libtorch cannot be loaded: /barracuda/natives/libjnitorch.so: file too short",
                        "The natives must be those of this system and processor, and the folder "
                                + System.getProperty("user.home") + " must have room for them");
    }

    /** Returns what Java says of a library that lies nowhere. */
    private static LinkageError notFound(String library) {
        try {
            System.loadLibrary(library);
        } catch (UnsatisfiedLinkError said) {
            return said;
        }
        throw new AssertionError(library + " was loaded");
    }
}
