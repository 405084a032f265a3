package org.unet4j.augment;

/** What one transform drew for one sample: plain numbers, so that a draw can be logged, compared and repeated. */
public interface Draw {

    /** Returns whether applying this draw changes nothing; such a draw costs nothing. */
    boolean isIdentity();

    /** Returns what was drawn in words, after the transform's name: {@code "0.83"} or {@code "along z, x"}. */
    String words();
}
