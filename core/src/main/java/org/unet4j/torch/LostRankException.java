package org.unet4j.torch;

import java.util.List;

/** Ranks died, hang, gave up or did not come; the message names them. The others cannot go on either. */
public final class LostRankException extends RuntimeException {

    private final List<Integer> lost;
    private final boolean spokesman;

    LostRankException(String message, List<Integer> lost, boolean spokesman) {
        super(message);
        this.lost = List.copyOf(lost);
        this.spokesman = spokesman;
    }

    /** Returns which ranks are lost; none where it is the launcher's store. */
    public List<Integer> lost() {
        return lost;
    }

    /** Returns whether this is the one rank that tells it: the lowest that is left. */
    public boolean spokesman() {
        return spokesman;
    }
}
