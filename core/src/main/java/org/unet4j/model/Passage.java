package org.unet4j.model;

import org.bytedeco.pytorch.Tensor;

/** How a network goes through its parts: at once, or so that what lies inside a part is computed again for the gradient. */
interface Passage {

    /** Goes through each part as it stands; libtorch remembers all that the gradient needs. */
    Passage DIRECT = Part::forward;

    /** A piece of a network between whose inputs and output nothing else is used. */
    interface Part {
        /** Returns the output, in the open scope. */
        Tensor forward(Tensor... inputs);
    }

    /** Returns what {@code part} makes of {@code inputs}. */
    Tensor through(Part part, Tensor... inputs);
}
