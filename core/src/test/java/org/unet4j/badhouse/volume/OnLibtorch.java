package org.unet4j.badhouse.volume;

import org.bytedeco.pytorch.Tensor;

/** Needs natives where there should be none. */
record OnLibtorch(Tensor imageNCDHW) {}
