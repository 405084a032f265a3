package org.unet4j.torch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch_cuda;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * libtorch's libraries. JavaCPP unpacks them into a folder of the user's that all processes share, and on a first start several
 * ranks may do so at once: one that loads a library while another writes it dies of SIGBUS. Hence one process at a time.
 */
final class Natives {

    private static final Logger LOG = LoggerFactory.getLogger(Natives.class);
    private static final String LOCK = "unet4j.lock";

    /** JavaCPP's names of the two libraries. */
    private static final String PROCESSOR = "torch_cpu";

    private static final String CARDS = "torch_cuda";

    /** What a message names where natives for cards, or what they need, cannot be loaded. */
    private static final Pattern OF_CARDS =
            Pattern.compile("-gpu\\b|\\blibcu|\\blibnccl|\\blibnv|bytedeco[./]cuda|torch_cuda");

    private static boolean loaded;

    private Natives() {}

    /**
     * Loads libtorch, once other processes that are loading it have; returns at once where this one has it.
     *
     * @throws NativesException if it, or what it needs of the system, is not there
     */
    static synchronized void load() {
        if (loaded) {
            return;
        }
        // JavaCPP's own limits count mapped files and throw false OutOfMemoryErrors.
        System.setProperty("org.bytedeco.javacpp.maxphysicalbytes", "0");
        System.setProperty("org.bytedeco.javacpp.maxbytes", "0");
        try (FileChannel channel = FileChannel.open(lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.lock(); // Closing the channel gives it back.
            loadHere();
        } catch (IOException noLocks) { // Some network file systems have none.
            loadHere();
        }
        loaded = true;
    }

    private static void loadHere() {
        try {
            Loader.load(torch.class);
            requireCards();
            // cuBLAS asks once in a process, at its first product, which may come before the first deterministic run.
            // Without workspaces of a fixed size libtorch refuses deterministic products. A person's choice stays.
            torch.set_env("CUBLAS_WORKSPACE_CONFIG", ":4096:8", false);
        } catch (LinkageError
                | TypeNotPresentException e) { // the latter where the binding of CUDA is not on the class path
            throw new NativesException(advice(e), e);
        }
    }

    /**
     * JavaCPP goes on without libtorch's library for cards where that cannot be loaded, and keeps the reason to itself: the natives
     * for CUDA would compute on the processor, without a word. The binding of CUDA, which streams need, is loaded here too, not in
     * the midst of a run.
     */
    private static void requireCards() {
        Map<String, String> libraries = Loader.getLoadedLibraries();
        String processor = libraries.get(PROCESSOR);
        if (processor == null) {
            return; // Built into the program.
        }
        Path cards = Path.of(processor).resolveSibling(System.mapLibraryName(CARDS));
        if (!Files.exists(cards)) {
            return; // Only natives for CUDA have it.
        }
        if (!libraries.containsKey(CARDS)) {
            System.load(cards.toString());
        }
        if (torch.cuda_is_available()) {
            Loader.load(torch_cuda.class);
        } else {
            LOG.warn(
                    "no NVIDIA card that libtorch can use, though its natives are those for cards: computing on the processor");
        }
    }

    /** Returns what is missing, and what to do. */
    static String advice(Throwable e) {
        Throwable deepest = e;
        while (deepest.getCause() != null) { // JavaCPP's own says where it looked, its cause what was missing
            deepest = deepest.getCause();
        }
        String said = String.valueOf(deepest.getMessage()).lines().findFirst().orElse("");
        boolean forCards = OF_CARDS.matcher(said).find();
        return "libtorch cannot be loaded: " + said + System.lineSeparator()
                + (forCards
                        ? "The natives for NVIDIA cards need CUDA 13 (cuFile and CUPTI too), cuDNN 9 and NCCL 2 of the"
                                + " system: install them or put their folders into LD_LIBRARY_PATH (on Windows PATH);"
                                + " UNET4J_NATIVES=cpu computes without"
                        : "The natives must be those of this system and processor, and the folder "
                                + System.getProperty("user.home") + " must have room for them");
    }

    private static Path lockFile() throws IOException {
        return Loader.getCacheDir().toPath().resolve(LOCK);
    }
}
