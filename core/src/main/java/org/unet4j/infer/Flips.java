package org.unet4j.infer;

import org.unet4j.volume.Shape;

/** Mirrors windows. */
final class Flips {

    private Flips() {}

    /** Sets {@code to} to {@code from}, some channels of a window, mirrored as {@code place} says. */
    static void flip(float[] from, float[] to, Shape window, Slab.Place place) {
        int planes = from.length / (window.y() * window.x());
        for (int i = 0; i < planes; i++) {
            int inside = i % window.z();
            int plane = place.flips(0) ? i - inside + window.z() - 1 - inside : i;
            for (int j = 0; j < window.y(); j++) {
                int row = place.flips(1) ? window.y() - 1 - j : j;
                int source = (plane * window.y() + row) * window.x();
                int target = (i * window.y() + j) * window.x();
                if (place.flips(2)) {
                    reverse(from, source + window.x() - 1, to, target, window.x());
                } else {
                    System.arraycopy(from, source, to, target, window.x());
                }
            }
        }
    }

    private static void reverse(float[] from, int last, float[] to, int at, int length) {
        for (int i = 0; i < length; i++) {
            to[at + i] = from[last - i];
        }
    }
}
