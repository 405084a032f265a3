package org.unet4j.io;

import java.io.IOException;
import java.nio.file.Path;

/** Copies an open scan under another geometry, all else as it is. */
final class NiftiRewrite {

    private NiftiRewrite() {}

    static void write(NiftiStream stream, Path to, NiftiHeader geometry) throws IOException {
        NiftiHeader own = stream.header();
        for (int axis = 0; axis < 3; axis++) {
            if (own.size(axis) != geometry.size(axis)) {
                throw new IllegalArgumentException("[" + stream.file() + "] has " + own.dimsText()
                        + " voxels, the geometry is of " + geometry.dimsText() + "; resample the scan to it first");
            }
        }
        byte[] head = head(own.withGeometry(geometry), stream.headerBytes());
        NiftiWriter.write(to, out -> {
            out.write(head);
            stream.copyVoxels(out);
            stream.finish();
        });
    }

    private static byte[] head(NiftiHeader header, byte[] fields) {
        boolean isNifti = fields[header.layout().magic] == 'n';
        // Analyze 7.5 has other fields where NIfTI has its own: they are made anew
        return isNifti ? NiftiWriter.encode(header, fields) : NiftiWriter.encode(header, NiftiWriter.INTENT_NONE);
    }
}
