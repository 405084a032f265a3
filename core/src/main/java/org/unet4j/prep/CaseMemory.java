package org.unet4j.prep;

import java.io.IOException;
import java.nio.file.Path;
import org.unet4j.io.Case;
import org.unet4j.io.Nifti;
import org.unet4j.io.NiftiHeader;
import org.unet4j.volume.Grid;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Reorient;
import org.unet4j.volume.Shape;

/**
 * How much heap a case takes while it is worked on, judged by the headers of its files, as if nothing were cropped away: the
 * arrays that are alive at once at the worst moment. Native memory is a megabyte a case.
 */
final class CaseMemory {

    /** What the files of a case take once they are read. */
    private record Read(long images, long voxels, long labels, long labelsAsStored) {

        static Read of(Case given, int classes) throws IOException {
            long images = 0;
            long voxels = 0;
            for (Path image : given.images()) {
                NiftiHeader header = Nifti.readHeader(image);
                voxels = header.grid().shape().voxels();
                images += voxels * header.channels() * header.type().bytes();
            }
            long labels = 0;
            if (given.labels().isPresent()) {
                NiftiHeader header = Nifti.readHeader(given.labels().get());
                labels = header.grid().shape().voxels() * header.type().bytes();
            }
            long labelBytes = classes <= LabelArray.NARROW_CLASSES ? Byte.BYTES : Short.BYTES;
            return new Read(images, voxels, voxels * labelBytes, labels);
        }
    }

    private CaseMemory() {}

    /** Returns the bytes for reading a case and looking at it: beside its files, the labels of the crop and floats of the foreground. */
    static long toRead(Case given, int classes) throws IOException {
        Read read = Read.of(given, classes);
        return read.images + read.labels + Math.max(read.labelsAsStored, read.labels + Float.BYTES * read.voxels);
    }

    /**
     * Returns the bytes for preparing a case: beside its files and the channels that are done, one channel halfway between the
     * scan's spacing and the plan's, and at the plan's.
     */
    static long toPrepare(Case given, Plan plan) throws IOException {
        Read read = Read.of(given, plan.classCount());
        Grid grid =
                Reorient.toRas(Nifti.readHeader(given.images().get(0)).grid()).grid();
        Shape shape = Preparation.resampledShape(grid.shape(), grid.spacing(), plan.spacing());
        long halfway = Float.BYTES * Math.max(read.voxels, shape.voxels());
        long results = Float.BYTES * shape.voxels() * plan.channels().size();
        return read.images + read.labels + Math.max(read.labelsAsStored, halfway + results);
    }
}
