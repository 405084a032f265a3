package org.unet4j.infer;

/** What to do where an output file is there already. */
public enum Existing {
    /** Write nothing at all and say which file it is. */
    FAIL,
    /** Leave the file and do not segment its scan; where probabilities are asked for, they must be there as well. */
    SKIP,
    /** Replace the file once its scan is segmented; probabilities of the old labels are deleted. */
    OVERWRITE
}
