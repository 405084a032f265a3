package org.unet4j.io;

import java.util.Arrays;

/**
 * What a program has put between a NIfTI header and its voxels: AFNI's history, DICOM attributes, a comment.
 *
 * @param code who reads it: 2 DICOM, 4 AFNI, 6 comment, ... (nifti1.h)
 * @param content its bytes as in the file, without the eight that hold size and code, with the zeros that fill it up; not
 *     copied, so nobody must change them
 */
@SuppressWarnings("ArrayRecordComponent") // compared and hashed by content below
public record NiftiExtension(int code, byte[] content) {

    /** The size and the code that stand before the content. */
    static final int PREFIX_BYTES = 8;

    @Override
    public boolean equals(Object other) {
        return other instanceof NiftiExtension that && code == that.code && Arrays.equals(content, that.content);
    }

    @Override
    public int hashCode() {
        return 31 * code + Arrays.hashCode(content);
    }

    @Override
    public String toString() {
        return "NiftiExtension[code=" + code + ", " + content.length + " bytes]";
    }
}
