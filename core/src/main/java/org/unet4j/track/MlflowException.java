package org.unet4j.track;

import java.io.IOException;

/** The server could not be reached, or answered otherwise than hoped. */
final class MlflowException extends IOException {

    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;

    /** Makes one of a server that gave no answer, or one that is no answer of MLflow. */
    MlflowException(String message, Throwable cause) {
        super(message, cause);
        status = 0;
        code = "";
    }

    /** Makes one of a server's answer with a status that is not 200, and MLflow's code of the error, which may be empty. */
    MlflowException(String message, int status, String code) {
        super(message);
        this.status = status;
        this.code = code;
    }

    /** Returns whether MLflow gave this error code. */
    boolean isCode(String other) {
        return code.equals(other);
    }

    /** Returns whether MLflow would refuse the same request always: it is the request that is wrong. */
    boolean isRefusal() {
        return status == 400 || status == 413 || status == 422;
    }
}
