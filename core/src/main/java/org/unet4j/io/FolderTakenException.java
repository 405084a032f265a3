package org.unet4j.io;

import java.io.IOException;

/** Another process writes into a folder; {@link FolderLock#awaitFree} waits for it. */
public final class FolderTakenException extends IOException {

    private static final long serialVersionUID = 1;

    FolderTakenException(String message) {
        super(message);
    }
}
