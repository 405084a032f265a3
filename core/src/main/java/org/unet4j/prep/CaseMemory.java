package org.unet4j.prep;

import java.io.IOException;
import java.nio.file.Path;
import org.unet4j.io.Case;
import org.unet4j.io.Nifti;
import org.unet4j.io.NiftiHeader;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Reorient;
import org.unet4j.volume.Shape;

/** How much heap a case takes while it is worked on, judged by the headers of its files. */
final class CaseMemory {

    private static final int FLOAT_COPIES = 3;
    private static final int LABEL_COPIES = 3;

    private CaseMemory() {}

    /** Returns the bytes for reading a case and looking at it. */
    static long toRead(Case given) throws IOException {
        long bytes = 0;
        long voxels = 0;
        for (Path image : given.images()) {
            NiftiHeader header = Nifti.readHeader(image);
            voxels = header.grid().shape().voxels();
            bytes += header.dims().stream().reduce(1L, (a, b) -> a * b)
                    * header.type().bytes();
        }
        return bytes + voxels * (Float.BYTES * 2 + LABEL_COPIES);
    }

    /** Returns the bytes for preparing a case, as if nothing were cropped away. */
    static long toPrepare(Case given, Plan plan) throws IOException {
        Grid grid =
                Reorient.toRas(Nifti.readHeader(given.images().get(0)).grid()).grid();
        Shape shape = Preparation.resampledShape(grid.shape(), grid.spacing(), plan.spacing());
        long larger = Math.max(shape.voxels(), grid.shape().voxels());
        long result = shape.voxels() * ((long) Float.BYTES * plan.channels().size() + 1);
        return toRead(given) + result + larger * (Float.BYTES * FLOAT_COPIES + LABEL_COPIES);
    }
}
