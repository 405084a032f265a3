package org.unet4j.ranks;

import java.util.List;

/** Ranks died, hang, gave up or did not come; the message names them. The others cannot go on either. */
public final class LostRankException extends RuntimeException {

    /** How a message says that a rank ended by itself. */
    static final String GAVE_UP = " gave up: ";

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

    /** Returns whether the lost rank ended by itself and said why, in this message: it tells that itself too, where it can. */
    public boolean gaveUp() {
        return getMessage().contains(GAVE_UP);
    }

    /** Returns whether this is the one rank that tells it: the lowest that is left. */
    public boolean spokesman() {
        return spokesman;
    }
}
