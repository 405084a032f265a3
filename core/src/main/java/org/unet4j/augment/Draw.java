package org.unet4j.augment;

/** What one transform drew for one sample: plain numbers, so that a draw can be logged, compared and repeated. */
public interface Draw {

    /** Returns whether applying this draw changes nothing; such a draw costs nothing. */
    boolean isIdentity();
}
