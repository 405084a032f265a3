package org.unet4j.loss;

import org.bytedeco.pytorch.Tensor;

/** The processes that compute one batch together, each an equal share of its samples. */
public interface Ranks {

    /** Returns how many they are. */
    int count();

    /**
     * Returns the sum of {@code local} over all ranks, the same bits on each and without a graph; {@code local} stays as it is.
     * All ranks call it equally often, with equal shapes and types.
     */
    Tensor sum(Tensor local);

    /** Returns the one process that computes the whole batch. */
    static Ranks alone() {
        return new Ranks() {
            @Override
            public int count() {
                return 1;
            }

            @Override
            public Tensor sum(Tensor local) {
                return local.detach();
            }
        };
    }
}
