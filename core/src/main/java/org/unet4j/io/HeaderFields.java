package org.unet4j.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.unet4j.volume.VoxelType;

/** The fields that NIfTI has from Analyze 7.5, checked one by one; what can be mended is mended with a remark. */
final class HeaderFields {

    private static final int MAX_DIMS = 7;

    private final String file;
    private final NiftiLayout layout;
    private final ByteBuffer bytes;
    private final List<String> remarks = new ArrayList<>();

    /**
     * Makes the fields of a header.
     *
     * @param file its name, for errors
     * @param bytes all of the header, in its own byte order
     */
    HeaderFields(String file, NiftiLayout layout, ByteBuffer bytes) {
        this.file = file;
        this.layout = layout;
        this.bytes = bytes;
    }

    NiftiLayout layout() {
        return layout;
    }

    ByteBuffer bytes() {
        return bytes;
    }

    /** Returns what was out of the ordinary so far. */
    List<String> remarks() {
        return remarks;
    }

    void remark(String remark) {
        remarks.add(remark);
    }

    IOException error(int offset, String what) {
        return NiftiHeaderParser.error(file, offset, what);
    }

    String magic() {
        byte[] magic = new byte[layout.magicBytes];
        bytes.get(layout.magic, magic);
        return new String(magic, StandardCharsets.ISO_8859_1);
    }

    /** Returns the sizes along x, y, z, ...; their product can be counted. */
    List<Long> dims() throws IOException {
        long count = layout.size(bytes, layout.dim, 0);
        if (count < 1 || count > MAX_DIMS) {
            throw error(layout.dim, "dim[0] = " + count + " must be 1 to 7, the number of axes");
        }
        List<Long> dims = new ArrayList<>();
        long voxels = 1;
        for (int i = 1; i <= count; i++) {
            long size = dim(i);
            if (size > Long.MAX_VALUE / Double.BYTES / voxels) {
                throw error(
                        layout.sizeAt(layout.dim, i),
                        "dim[" + i + "] = " + size + " makes more voxels than can be counted");
            }
            voxels *= size;
            dims.add(size);
        }
        return dims;
    }

    private long dim(int i) throws IOException {
        long size = layout.size(bytes, layout.dim, i);
        if (size == 0 && i > 3) { // some writers count an axis and leave its size unset; nifti_clib mends it too
            remark("dim[" + i + "] is 0; read as 1");
            return 1;
        }
        if (size < 1) {
            throw error(layout.sizeAt(layout.dim, i), "dim[" + i + "] = " + size + " must be at least 1");
        }
        return size;
    }

    VoxelType type() throws IOException {
        int code = bytes.getShort(layout.datatype);
        VoxelType type =
                NiftiDatatype.type(code).orElseThrow(() -> error(layout.datatype, NiftiDatatype.problem(code)));
        int bits = bytes.getShort(layout.datatype + Short.BYTES);
        if (bits != type.bytes() * Byte.SIZE) {
            remark("bitpix is " + bits + " where " + type.label() + " has " + type.bytes() * Byte.SIZE
                    + "; read by datatype");
        }
        return type;
    }

    long voxelOffset(boolean isPair) throws IOException {
        double stored = layout.voxelOffset(bytes);
        long least = isPair ? 0 : layout.firstVoxelOffset;
        if (stored == 0) {
            return least;
        }
        if (!(stored >= least) || stored != Math.rint(stored) || stored >= Long.MAX_VALUE) {
            throw error(
                    layout.voxelOffset, "vox_offset " + stored + " must be 0 or a whole number from " + least + " on");
        }
        return (long) stored;
    }

    /** Returns all eight; a spacing that is 0 or negative is mended as nibabel mends it. */
    List<Double> pixdim(boolean hasQform) {
        List<Double> pixdim = new ArrayList<>();
        double sign = layout.real(bytes, layout.pixdim, 0);
        if (sign != 1 && sign != -1) {
            if (hasQform && sign != 0) {
                remark("pixdim[0] = " + sign + " is neither 1 nor -1; read as 1");
            }
            sign = 1;
        }
        pixdim.add(sign);
        for (int i = 1; i <= MAX_DIMS; i++) {
            double size = layout.real(bytes, layout.pixdim, i);
            if (i <= 3 && size == 0) {
                remark("pixdim[" + i + "] is 0; read as 1");
                size = 1;
            } else if (i <= 3 && size < 0) {
                remark("pixdim[" + i + "] = " + size + " is negative; read as " + -size);
                size = -size;
            }
            pixdim.add(size);
        }
        return pixdim;
    }

    double slope() {
        return layout.real(bytes, layout.slope, 0);
    }

    double intercept() {
        return layout.real(bytes, layout.slope, 1);
    }

    /** Returns whether a slope scales: 0, NaN and infinite ones mean that voxels are stored as they are. */
    static boolean isScale(double slope) {
        return slope != 0 && Double.isFinite(slope);
    }
}
