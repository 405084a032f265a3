package org.unet4j.torch;

/** libtorch cannot be loaded; the message says what is missing and what to do. */
public final class NativesException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Says {@code message}, because of {@code cause}. */
    public NativesException(String message, Throwable cause) {
        super(message, cause);
    }
}
