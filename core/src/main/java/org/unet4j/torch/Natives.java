package org.unet4j.torch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/**
 * libtorch's libraries. JavaCPP unpacks them into a folder of the user's that all processes share, and on a first start several
 * ranks may do so at once: one that loads a library while another writes it dies of SIGBUS. Hence one process at a time.
 */
final class Natives {

    private static final String LOCK = "unet4j.lock";

    private Natives() {}

    /** Loads libtorch, once other processes that are loading it have; returns at once where this one has it. */
    static synchronized void load() {
        try (FileChannel channel = FileChannel.open(lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.lock(); // Closing the channel gives it back.
            Loader.load(torch.class);
        } catch (IOException noLocks) { // Some network file systems have none.
            Loader.load(torch.class);
        }
    }

    private static Path lockFile() throws IOException {
        return Loader.getCacheDir().toPath().resolve(LOCK);
    }
}
