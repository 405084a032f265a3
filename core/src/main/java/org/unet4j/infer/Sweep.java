package org.unet4j.infer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Voxels;

/** One pass of a sliding window over a volume, layer by layer from the first slice on. */
final class Sweep {

    /** Logits of a flat window are kept up to 256 MiB; a network of more is run again. */
    private static final long MOST_KEPT_FLOATS = 1L << 26;

    private final Engine engine;
    private final List<Voxels> channels;
    private final Shape window;
    private final Windows z;
    private final Windows y;
    private final Windows x;
    private final Slab slab;
    private final int[] flips;
    private final int batch;
    private final Runnable pass;
    private final List<Slab.Place> places = new ArrayList<>();
    private final FloatBuffer windows;
    private final float[] image;
    private final float[] flipped;
    private int layer;
    private int slice;
    /** The slice from which on averages are not complete. */
    private int finished;

    private float[] flat = {};
    private FloatBuffer flatLogits = FloatBuffer.allocate(0);

    Sweep(SlidingWindow settings, Engine engine, List<Voxels> channels, Shape volume, Runnable pass) {
        this.engine = engine;
        this.pass = pass;
        this.channels = channels;
        window = settings.window();
        z = settings.along(0, volume);
        y = settings.along(1, volume);
        x = settings.along(2, volume);
        slab = new Slab(engine.classes(), z, y, x);
        flips = flips(settings.mirrorAxes());
        batch = settings.batch();
        image = new float[Math.multiplyExact(channels.size(), window.arrayLength())];
        flipped = new float[flips.length > 1 ? image.length : 0];
        windows = direct(Math.multiplyExact(batch, image.length));
    }

    private static FloatBuffer direct(int floats) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(floats, Float.BYTES))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    /** Returns all combinations of axes as bits, none first. */
    private static int[] flips(List<Integer> axes) {
        int[] flips = new int[1 << axes.size()];
        for (int i = 0; i < flips.length; i++) {
            for (int axis = 0; axis < axes.size(); axis++) {
                flips[i] |= (i >> axis & 1) << axes.get(axis);
            }
        }
        return flips;
    }

    /** Returns the averages of the next slice, class by class, from the first on; the arrays change with the next call. */
    float[][] next() {
        if (slice > 0) {
            slab.drop(slice - 1);
        }
        if (slice == finished) {
            for (int row = 0; row < y.count(); row++) {
                for (int column = 0; column < x.count(); column++) {
                    add(layer, row, column);
                }
            }
            flush();
            finished = z.finished(layer++);
        }
        return slab.slice(slice++);
    }

    private void add(int layer, int row, int column) {
        read(layer, row, column);
        boolean flatWindow = isFlat();
        for (int flip : flips) {
            Slab.Place place = new Slab.Place(layer, row, column, flip);
            if (flatWindow) {
                flush(); // sums are added up in one order, whatever is skipped
                slab.add(place, flatLogits(), 0, 1f / flips.length);
            } else {
                push(place);
            }
            pass.run();
        }
    }

    private void push(Slab.Place place) {
        int at = places.size() * image.length;
        if (place.flip() == 0) {
            windows.put(at, image);
        } else {
            Flips.flip(image, flipped, window, place);
            windows.put(at, flipped);
        }
        places.add(place);
        if (places.size() == batch) {
            flush();
        }
    }

    private void flush() {
        if (!places.isEmpty()) {
            int size = Math.multiplyExact(engine.classes(), window.arrayLength());
            engine.run(windows, places.size(), window, logits -> {
                for (int n = 0; n < places.size(); n++) {
                    slab.add(places.get(n), logits, n * size, 1f / flips.length);
                }
            });
            places.clear();
        }
    }

    /** Reads a window; what lies outside the volume is 0. */
    private void read(int layer, int row, int column) {
        if (z.inside(layer) < window.z() || y.inside(row) < window.y() || x.inside(column) < window.x()) {
            Arrays.fill(image, 0);
        }
        int first = x.from(column);
        int length = x.inside(column);
        for (int c = 0; c < channels.size(); c++) {
            for (int i = z.from(layer); i < z.from(layer) + z.inside(layer); i++) {
                for (int j = y.from(row); j < y.from(row) + y.inside(row); j++) {
                    int from = ((z.starts()[layer] + i) * y.size() + y.starts()[row] + j) * x.size();
                    int to = ((c * window.z() + i) * window.y() + j) * window.x();
                    channels.get(c).copyTo(from + x.starts()[column] + first, image, to + first, length);
                }
            }
        }
    }

    /** Returns whether each channel of the window holds one value only, and its logits are worth keeping. */
    private boolean isFlat() {
        if ((long) engine.classes() * window.voxels() > MOST_KEPT_FLOATS) {
            return false;
        }
        int voxels = window.arrayLength();
        for (int c = 0; c < channels.size(); c++) {
            float value = image[c * voxels];
            for (int i = c * voxels; i < (c + 1) * voxels; i++) {
                if (image[i] != value) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Returns the logits of the flat window that was read; the network runs only where its values are others than last time. */
    private FloatBuffer flatLogits() {
        float[] values = new float[channels.size()];
        for (int c = 0; c < values.length; c++) {
            values[c] = image[c * window.arrayLength()];
        }
        if (!Arrays.equals(values, flat)) {
            windows.put(0, image);
            engine.run(windows, 1, window, logits -> {
                if (flatLogits.capacity() == 0) {
                    flatLogits = direct(Math.multiplyExact(engine.classes(), window.arrayLength()));
                }
                flatLogits.put(0, logits, 0, flatLogits.capacity());
            });
            flat = values;
        }
        return flatLogits;
    }
}
