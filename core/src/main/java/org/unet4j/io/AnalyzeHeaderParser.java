package org.unet4j.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.unet4j.volume.Affine;
import org.unet4j.volume.VoxelType;

/**
 * Makes a {@link NiftiHeader} of an Analyze 7.5 header, which NIfTI-1 grew out of. It says nothing of orientation; that and
 * the fields which SPM added are read as nibabel reads them (its {@code Spm2AnalyzeHeader}): x runs to the left, the origin is
 * SPM's if it is set and near the volume, else the centre.
 */
final class AnalyzeHeaderParser {

    /** What every header of Analyze is remarked on with. */
    static final String REMARK =
            "Analyze 7.5, which says nothing of orientation: x is taken to run to the left, as SPM does; check it";

    /** NIfTI's code for a space shared with other files; nibabel's for Analyze made NIfTI. */
    private static final int ALIGNED = 2;

    private static final int SPM_ORIGIN = 253;
    private static final int CAL_MAX = 124;
    private static final int CAL_MIN = 128;
    private static final int GL_MAX = 140;
    private static final int GL_MIN = 144;

    private final HeaderFields fields;

    private AnalyzeHeaderParser(HeaderFields fields) {
        this.fields = fields;
    }

    /** Returns whether these are the fields of Analyze: they end in a number where NIfTI-1 has a magic that starts with n. */
    static boolean isAnalyze(HeaderFields fields) {
        return fields.layout() == NiftiLayout.NIFTI1 && fields.magic().charAt(0) != 'n';
    }

    /**
     * Returns the header.
     *
     * @throws IOException if a field is damaged, or SPM keeps the true affine in a file beside it, which is not read
     */
    static NiftiHeader parse(Path path, HeaderFields fields) throws IOException {
        Optional<Path> matlab = NiftiFiles.matlab(path);
        if (matlab.isPresent()) {
            String name = String.valueOf(matlab.get().getFileName());
            throw new IOException("[" + path.getFileName() + "] is Analyze 7.5 with its geometry in " + name
                    + ", which is not read; make NIfTI of it with SPM or nibabel, or take " + name
                    + " away if it is not SPM's");
        }
        return new AnalyzeHeaderParser(fields).parse();
    }

    private NiftiHeader parse() throws IOException {
        List<Long> dims = fields.dims();
        VoxelType type = fields.type();
        long voxelOffset = fields.voxelOffset(true);
        List<Double> pixdim = fields.pixdim(false);
        double[] scale = scale();
        fields.remark(REMARK);
        return new NiftiHeader(
                1,
                fields.bytes().order(),
                true,
                dims,
                type,
                pixdim,
                voxelOffset,
                scale[0],
                scale[1],
                NiftiHeader.UNITS_MM,
                new NiftiHeader.Qform(0, 0, 0, 0, 0, 0, 0),
                new NiftiHeader.Sform(ALIGNED, affine(pixdim)),
                fields.remarks());
    }

    private Affine affine(List<Double> pixdim) throws IOException {
        double[] origin = origin();
        double[][] rows = new double[3][4];
        for (int axis = 0; axis < 3; axis++) {
            double mm = pixdim.get(axis + 1);
            if (!Double.isFinite(mm)) {
                int offset = fields.layout().realAt(fields.layout().pixdim, axis + 1);
                throw fields.error(offset, "pixdim[" + (axis + 1) + "] = " + mm + " must be finite, a spacing in mm");
            }
            rows[axis][axis] = axis == 0 ? -mm : mm;
            rows[axis][3] = -origin[axis] * rows[axis][axis];
        }
        return Affine.of(rows);
    }

    /**
     * Returns the x, y, z, from 0, of the voxel at (0, 0, 0) mm; SPM counts it from 1. The sizes are the three stored ones,
     * also where dim[0] counts fewer axes, as in nibabel.
     */
    private double[] origin() {
        double[] spm = new double[3];
        double[] centre = new double[3];
        boolean isSet = false;
        boolean isNear = true;
        for (int axis = 0; axis < 3; axis++) {
            long size = fields.layout().size(fields.bytes(), fields.layout().dim, axis + 1);
            int stored = fields.bytes().getShort(SPM_ORIGIN + axis * Short.BYTES);
            isSet |= stored != 0;
            isNear &= stored > -size && stored < 2 * size;
            spm[axis] = stored - 1;
            centre[axis] = (size - 1) / 2.0;
        }
        return isSet && isNear ? spm : centre;
    }

    /** Returns slope and intercept, which SPM keeps where NIfTI does or as two ranges, of stored and of real values. */
    private double[] scale() {
        double slope = fields.slope();
        if (HeaderFields.isScale(slope)) {
            return new double[] {slope, Double.isFinite(fields.intercept()) ? fields.intercept() : 0};
        }
        ByteBuffer bytes = fields.bytes();
        double stored = (double) bytes.getInt(GL_MAX) - bytes.getInt(GL_MIN);
        double real = (double) bytes.getFloat(CAL_MAX) - bytes.getFloat(CAL_MIN);
        if (stored == 0 || real == 0 || !Double.isFinite(real)) {
            return new double[] {1, 0};
        }
        double ratio = real / stored;
        return new double[] {ratio, bytes.getFloat(CAL_MIN) - ratio * bytes.getInt(GL_MIN)};
    }
}
