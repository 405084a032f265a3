package org.unet4j.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.unet4j.volume.VoxelType;

/**
 * A NIfTI header as its bytes: single fields can be set, and all others, known here or not, stay as they are. One of Analyze 7.5
 * can hold no geometry and becomes NIfTI-1 when it is given one.
 */
final class RawHeader {

    private final NiftiLayout layout;
    private final ByteBuffer bytes;
    private final Optional<NiftiHeader> analyze;

    private RawHeader(NiftiLayout layout, ByteBuffer bytes, Optional<NiftiHeader> analyze) {
        this.layout = layout;
        this.bytes = bytes;
        this.analyze = analyze;
    }

    /** Returns NIfTI's header in {@code bytes}, in their own order, which are set, not copied. */
    static RawHeader of(NiftiLayout layout, ByteBuffer bytes) {
        return new RawHeader(layout, bytes, Optional.empty());
    }

    /** Returns the header of an open scan. */
    static RawHeader of(NiftiStream stream) {
        NiftiHeader header = stream.header();
        ByteBuffer bytes = ByteBuffer.wrap(stream.headerBytes()).order(header.order());
        return new RawHeader(header.layout(), bytes, Optional.of(header).filter(NiftiHeader::isAnalyze));
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
        if (analyze.isPresent()) {
            bytes.put(0, NiftiWriter.encode(analyze.get(), NiftiWriter.INTENT_NONE), 0, layout.headerBytes);
            setPlace(layout.pairMagic(), analyze.get().voxelOffset());
        }
        setQform(geometry.qform(), geometry.pixdim());
        layout.putCode(bytes, layout.sformCode, geometry.sform().code());
        double[][] rows = geometry.sform().affine().toArray();
        for (int i = 0; i < 12; i++) {
            layout.putReal(bytes, layout.srow, i, rows[i / 4][i % 4]);
        }
        int own = layout.units(bytes) & ~NiftiHeader.SPACE_UNITS;
        layout.putUnits(bytes, own | (geometry.units() & NiftiHeader.SPACE_UNITS));
    }

    /** Says whether voxels are in the same file, by the magic, and where they start in theirs. */
    void setPlace(String magic, long voxelOffset) {
        bytes.put(layout.magic, magic.getBytes(StandardCharsets.ISO_8859_1));
        layout.putVoxelOffset(bytes, voxelOffset);
    }

    /** Makes the size of a voxel that of its type. */
    void setBits(VoxelType type) {
        bytes.putShort(layout.datatype + Short.BYTES, (short) (type.bytes() * Byte.SIZE));
    }

    /** Makes voxels unscaled ones of {@code type}. */
    void setVoxels(VoxelType type) {
        bytes.putShort(layout.datatype, (short) NiftiDatatype.code(type));
        setBits(type);
        layout.putReal(bytes, layout.slope, 0, 1);
        layout.putReal(bytes, layout.slope, 1, 0);
    }

    void write(OutputStream out) throws IOException {
        byte[] all = new byte[layout.headerBytes];
        bytes.get(0, all);
        out.write(all);
    }
}
