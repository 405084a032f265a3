package org.unet4j.infer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.util.Optional;
import org.unet4j.volume.Shape;

/**
 * Room for one network in memory, in which those of an ensemble take turns: the one that runs is loaded, and the one before freed. In
 * an ensemble each network computes a whole layer of windows at a time, so it is loaded once a layer, and once a layer for each scan.
 */
final class Seat {

    private Optional<Guest> loaded = Optional.empty();

    /** Loads a network again. */
    @FunctionalInterface
    interface Loader {

        /** Returns it, with the same weights as before; fails if its file is gone or was changed. */
        Engine load() throws IOException;
    }

    /**
     * Returns an engine that is loaded when it is to run. {@code first} is freed; what it says of itself stays.
     *
     * @param first the network, loaded
     */
    Engine guest(Engine first, Loader loader) {
        try (first) {
            return new Guest(first.channels(), first.classes(), first.describe(), loader);
        }
    }

    private final class Guest implements Engine {

        private final int channels;
        private final int classes;
        private final String description;
        private final Loader loader;
        private Optional<Engine> engine = Optional.empty();

        Guest(int channels, int classes, String description, Loader loader) {
            this.channels = channels;
            this.classes = classes;
            this.description = description;
            this.loader = loader;
        }

        @Override
        public int channels() {
            return channels;
        }

        @Override
        public int classes() {
            return classes;
        }

        @Override
        public String describe() {
            return description;
        }

        @Override
        public void run(FloatBuffer windowsNCDHW, int count, Shape window, Logits logits) {
            synchronized (Seat.this) {
                take().run(windowsNCDHW, count, window, logits);
            }
        }

        private Engine take() {
            if (engine.isPresent()) {
                return engine.get();
            }
            loaded.ifPresent(Guest::close);
            try {
                Engine own = loader.load();
                engine = Optional.of(own);
                loaded = Optional.of(this);
                return own;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            synchronized (Seat.this) {
                engine.ifPresent(Engine::close);
                engine = Optional.empty();
                loaded = loaded.filter(guest -> guest != this);
            }
        }
    }
}
