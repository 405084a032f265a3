package org.unet4j.io;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Something that went wrong between a server and here and may be well the next time. */
final class TryAgainException extends IOException {

    private final transient Optional<Duration> pause;

    /** Makes one after which the next attempt is ours to time. */
    TryAgainException(String message) {
        this(message, Optional.empty());
    }

    /** Makes one of a server that may say how long to leave it alone. */
    TryAgainException(String message, Optional<Duration> pause) {
        super(message);
        this.pause = pause;
    }

    Optional<Duration> pause() {
        return pause;
    }
}
