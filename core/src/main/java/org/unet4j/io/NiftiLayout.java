package org.unet4j.io;

import java.nio.ByteBuffer;

/**
 * Where the fields of the two NIfTI headers lie and how wide they are. NIfTI-1 keeps sizes in 16 and reals in 32 bits,
 * NIfTI-2 both in 64.
 */
enum NiftiLayout {
    NIFTI1(348, 352, 344, 4, 40, 70, 76, 108, 112, 123, 148, 252, 254, 256, 268, 280, 68),
    NIFTI2(540, 544, 4, 8, 16, 12, 104, 168, 176, 500, 240, 344, 348, 352, 376, 400, 504);

    /** The header's own size, which is also its first field and tells the byte order. */
    final int headerBytes;

    /** Where voxels start at the earliest in a file of header and voxels. */
    final int firstVoxelOffset;

    final int magic;
    final int magicBytes;
    final int dim;
    final int datatype;
    final int pixdim;
    final int voxelOffset;
    final int slope;
    final int units;
    final int description;
    final int qformCode;
    final int sformCode;
    final int quaternion;
    final int qoffset;
    final int srow;
    final int intentCode;

    NiftiLayout(
            int headerBytes,
            int firstVoxelOffset,
            int magic,
            int magicBytes,
            int dim,
            int datatype,
            int pixdim,
            int voxelOffset,
            int slope,
            int units,
            int description,
            int qformCode,
            int sformCode,
            int quaternion,
            int qoffset,
            int srow,
            int intentCode) {
        this.headerBytes = headerBytes;
        this.firstVoxelOffset = firstVoxelOffset;
        this.magic = magic;
        this.magicBytes = magicBytes;
        this.dim = dim;
        this.datatype = datatype;
        this.pixdim = pixdim;
        this.voxelOffset = voxelOffset;
        this.slope = slope;
        this.units = units;
        this.description = description;
        this.qformCode = qformCode;
        this.sformCode = sformCode;
        this.quaternion = quaternion;
        this.qoffset = qoffset;
        this.srow = srow;
        this.intentCode = intentCode;
    }

    /** Returns where the {@code i}-th size or real of a field lies. */
    int sizeAt(int field, int i) {
        return field + i * (this == NIFTI1 ? Short.BYTES : Long.BYTES);
    }

    int realAt(int field, int i) {
        return field + i * (this == NIFTI1 ? Float.BYTES : Double.BYTES);
    }

    long size(ByteBuffer header, int field, int i) {
        return this == NIFTI1 ? header.getShort(sizeAt(field, i)) : header.getLong(sizeAt(field, i));
    }

    double real(ByteBuffer header, int field, int i) {
        return this == NIFTI1 ? header.getFloat(realAt(field, i)) : header.getDouble(realAt(field, i));
    }

    int code(ByteBuffer header, int field) {
        return this == NIFTI1 ? header.getShort(field) : header.getInt(field);
    }

    void putSize(ByteBuffer header, int field, int i, long value) {
        if (this == NIFTI1) {
            header.putShort(sizeAt(field, i), (short) value);
        } else {
            header.putLong(sizeAt(field, i), value);
        }
    }

    void putReal(ByteBuffer header, int field, int i, double value) {
        if (this == NIFTI1) {
            header.putFloat(realAt(field, i), (float) value);
        } else {
            header.putDouble(realAt(field, i), value);
        }
    }

    void putCode(ByteBuffer header, int field, int value) {
        if (this == NIFTI1) {
            header.putShort(field, (short) value);
        } else {
            header.putInt(field, value);
        }
    }

    /** Returns where the voxels start, as stored: NIfTI-1 keeps it as a real. */
    double voxelOffset(ByteBuffer header) {
        return this == NIFTI1 ? header.getFloat(voxelOffset) : header.getLong(voxelOffset);
    }

    void putVoxelOffset(ByteBuffer header, long value) {
        if (this == NIFTI1) {
            header.putFloat(voxelOffset, (float) value);
        } else {
            header.putLong(voxelOffset, value);
        }
    }

    int units(ByteBuffer header) {
        return this == NIFTI1 ? header.get(units) & 0xff : header.getInt(units);
    }

    void putUnits(ByteBuffer header, int value) {
        if (this == NIFTI1) {
            header.put(units, (byte) value);
        } else {
            header.putInt(units, value);
        }
    }

    /** Returns the magic string of a file that holds header and voxels, as its bytes' characters. */
    String singleMagic() {
        return this == NIFTI1 ? "n+1\0" : "n+2\0\r\n\032\n";
    }

    /** Returns the magic string of a header whose voxels are in a second file. */
    String pairMagic() {
        return this == NIFTI1 ? "ni1\0" : "ni2\0\r\n\032\n";
    }
}
