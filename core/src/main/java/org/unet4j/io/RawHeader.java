package org.unet4j.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.unet4j.volume.VoxelType;

/** A NIfTI header as its bytes: single fields can be set, and all others, known here or not, stay as they are. */
final class RawHeader {

    private static final int SPACE_UNITS = 0b111;

    private final NiftiLayout layout;
    private final ByteBuffer bytes;

    private RawHeader(NiftiLayout layout, ByteBuffer bytes) {
        this.layout = layout;
        this.bytes = bytes;
    }

    /**
     * Takes the header from a stream of uncompressed NIfTI.
     *
     * @throws IOException if it does not start with one
     */
    static RawHeader take(InputStream in, String file) throws IOException {
        ByteBuffer size = ByteBuffer.wrap(in.readNBytes(Integer.BYTES));
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            for (NiftiLayout layout : NiftiLayout.values()) {
                if (size.remaining() == Integer.BYTES && size.order(order).getInt(0) == layout.headerBytes) {
                    ByteBuffer bytes = ByteBuffer.allocate(layout.headerBytes).order(order);
                    bytes.put(size).put(in.readNBytes(layout.headerBytes - Integer.BYTES));
                    return new RawHeader(layout, bytes);
                }
            }
        }
        throw new IOException("[" + file + "] does not start with a NIfTI header");
    }

    /** Returns the order of the bytes of its numbers, and of the voxels. */
    ByteOrder order() {
        return bytes.order();
    }

    /** Returns how many bytes it has. */
    int length() {
        return layout.headerBytes;
    }

    /** Sets the qform and the pixdims of space, of which {@code pixdim} has eight as a header does; the sform stays. */
    void setQform(NiftiHeader.Qform qform, List<Double> pixdim) {
        for (int i = 0; i <= 3; i++) {
            layout.putReal(bytes, layout.pixdim, i, pixdim.get(i));
        }
        layout.putCode(bytes, layout.qformCode, qform.code());
        double[] reals = {qform.b(), qform.c(), qform.d(), qform.x(), qform.y(), qform.z()};
        for (int i = 0; i < reals.length; i++) {
            layout.putReal(bytes, layout.quaternion, i, reals[i]);
        }
    }

    /** Makes qform, sform, the pixdims of space and the unit of space those of another header. */
    void setGeometry(NiftiHeader geometry) {
        setQform(geometry.qform(), geometry.pixdim());
        layout.putCode(bytes, layout.sformCode, geometry.sform().code());
        double[][] rows = geometry.sform().affine().toArray();
        for (int i = 0; i < 12; i++) {
            layout.putReal(bytes, layout.srow, i, rows[i / 4][i % 4]);
        }
        if (layout == NiftiLayout.NIFTI1) {
            bytes.put(layout.units, (byte) units(bytes.get(layout.units), geometry));
        } else {
            bytes.putInt(layout.units, units(bytes.getInt(layout.units), geometry));
        }
    }

    private static int units(int own, NiftiHeader geometry) {
        return (own & ~SPACE_UNITS) | (geometry.units() & SPACE_UNITS);
    }

    /** Makes the size of a voxel that of its type. */
    void setBits(VoxelType type) {
        bytes.putShort(layout.datatype + 2, (short) (type.bytes() * Byte.SIZE));
    }

    /** Makes voxels unscaled ones of {@code type}. */
    void setVoxels(VoxelType type) {
        bytes.putShort(layout.datatype, (short) NiftiDatatype.code(type));
        setBits(type);
        layout.putReal(bytes, layout.slope, 0, 1);
        layout.putReal(bytes, layout.slope, 1, 0);
    }

    void write(OutputStream out) throws IOException {
        byte[] all = new byte[length()];
        bytes.get(0, all);
        out.write(all);
    }
}
