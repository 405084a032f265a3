package org.unet4j.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.unet4j.volume.Affine;
import org.unet4j.volume.VoxelType;

/** Makes a {@link NiftiHeader} of its bytes, or an error that names the file, the offset, the value and the rule. */
final class NiftiHeaderParser {

    private static final int MAX_DIMS = 7;
    private static final int MAX_XFORM_CODE = 5;

    private final String file;
    private final NiftiLayout layout;
    private final ByteBuffer header;
    private final List<String> remarks = new ArrayList<>();

    private NiftiHeaderParser(String file, NiftiLayout layout, ByteBuffer header) {
        this.file = file;
        this.layout = layout;
        this.header = header;
    }

    /** Returns the layout that a file's first four bytes announce. */
    static NiftiLayout layout(String file, byte[] firstFour) throws IOException {
        ByteBuffer size = ByteBuffer.wrap(firstFour);
        for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            int bytes = size.order(order).getInt(0);
            for (NiftiLayout layout : NiftiLayout.values()) {
                if (bytes == layout.headerBytes) {
                    return layout;
                }
            }
        }
        String text = new String(firstFour, StandardCharsets.ISO_8859_1).strip();
        String guess = text.startsWith("<") ? " (it looks like a web page: was the download refused?)" : "";
        throw error(
                file,
                0,
                String.format(
                        Locale.ROOT,
                        "not a NIfTI file%s: it starts with 0x%08x, a NIfTI header with its size, 348 or 540",
                        guess,
                        size.order(ByteOrder.BIG_ENDIAN).getInt(0)));
    }

    /**
     * Returns the header.
     *
     * @param bytes as many as {@code layout} says
     */
    static NiftiHeader parse(String file, NiftiLayout layout, byte[] bytes) throws IOException {
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (header.getInt(0) != layout.headerBytes) {
            header.order(ByteOrder.BIG_ENDIAN);
        }
        return new NiftiHeaderParser(file, layout, header).parse();
    }

    static IOException error(String file, long offset, String what) {
        return new IOException("[" + file + "] offset " + offset + ": " + what);
    }

    private IOException error(int offset, String what) {
        return error(file, offset, what);
    }

    private NiftiHeader parse() throws IOException {
        boolean isPair = isPair();
        List<Long> dims = dims();
        VoxelType type = type();
        long voxelOffset = voxelOffset(isPair);
        double slope = layout.real(header, layout.slope, 0);
        double intercept = layout.real(header, layout.slope, 1);
        boolean isScaled = slope != 0 && Double.isFinite(slope);
        if (isScaled && !Double.isFinite(intercept)) {
            throw error(
                    layout.realAt(layout.slope, 1),
                    "scl_inter " + intercept + " is not finite while scl_slope is " + slope + "; set it to 0");
        }
        int qformCode = xformCode("qform_code", layout.qformCode);
        int sformCode = xformCode("sform_code", layout.sformCode);
        List<Double> pixdim = pixdim(qformCode != 0);
        if (qformCode == 0 && sformCode == 0) {
            remarks.add("neither qform nor sform is set: orientation and origin are a guess (x runs to the left)");
        }
        return new NiftiHeader(
                layout == NiftiLayout.NIFTI1 ? 1 : 2,
                header.order(),
                isPair,
                dims,
                type,
                pixdim,
                voxelOffset,
                isScaled ? slope : 1,
                isScaled ? intercept : 0,
                layout == NiftiLayout.NIFTI1 ? header.get(layout.units) & 0xff : header.getInt(layout.units),
                qform(qformCode),
                new NiftiHeader.Sform(sformCode, srow()),
                remarks);
    }

    private boolean isPair() throws IOException {
        byte[] bytes = new byte[layout.magicBytes];
        header.get(layout.magic, bytes);
        String magic = new String(bytes, StandardCharsets.ISO_8859_1);
        // NIfTI-2 adds line ends that show a broken transfer; like nibabel, only the first four characters must fit
        String start = magic.substring(0, 4);
        if (start.equals(layout.singleMagic().substring(0, 4))) {
            return false;
        }
        if (start.equals(layout.pairMagic().substring(0, 4))) {
            return true;
        }
        String shown = magic.replaceAll("[^\\x20-\\x7e]", ".");
        String guess = layout == NiftiLayout.NIFTI1 && start.charAt(0) == 0
                ? " (an Analyze 7.5 file? it has no orientation: convert it to NIfTI with a tool that knows its own)"
                : "";
        throw error(
                layout.magic,
                "magic \"" + shown + "\" is not \"" + layout.singleMagic().substring(0, 3) + "\" or \""
                        + layout.pairMagic().substring(0, 3) + "\": not a NIfTI file" + guess);
    }

    private List<Long> dims() throws IOException {
        long count = layout.size(header, layout.dim, 0);
        if (count < 1 || count > MAX_DIMS) {
            throw error(layout.dim, "dim[0] = " + count + " must be 1 to 7, the number of axes");
        }
        List<Long> dims = new ArrayList<>();
        long voxels = 1;
        for (int i = 1; i <= count; i++) {
            long size = layout.size(header, layout.dim, i);
            if (size < 1) {
                throw error(layout.sizeAt(layout.dim, i), "dim[" + i + "] = " + size + " must be at least 1");
            }
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

    private VoxelType type() throws IOException {
        int code = header.getShort(layout.datatype);
        VoxelType type = NiftiDatatype.type(code)
                .orElseThrow(() -> error(
                        layout.datatype,
                        "datatype " + code + " (" + NiftiDatatype.name(code)
                                + ") is not supported; convert the file to an integer type, float32 or float64"));
        int bits = header.getShort(layout.datatype + 2);
        if (bits != type.bytes() * Byte.SIZE) {
            remarks.add("bitpix is " + bits + " where " + type.label() + " has " + type.bytes() * Byte.SIZE
                    + "; read by datatype");
        }
        return type;
    }

    private long voxelOffset(boolean isPair) throws IOException {
        double stored =
                layout == NiftiLayout.NIFTI1 ? header.getFloat(layout.voxelOffset) : header.getLong(layout.voxelOffset);
        if (stored == 0) {
            return isPair ? 0 : layout.firstVoxelOffset;
        }
        long least = isPair ? 0 : layout.firstVoxelOffset;
        if (!(stored >= least) || stored != Math.rint(stored) || stored >= Long.MAX_VALUE) {
            throw error(
                    layout.voxelOffset, "vox_offset " + stored + " must be 0 or a whole number from " + least + " on");
        }
        return (long) stored;
    }

    private int xformCode(String name, int field) {
        int code = layout.code(header, field);
        if (code >= 0 && code <= MAX_XFORM_CODE) {
            return code;
        }
        remarks.add(name + " " + code + " is none of 0 to " + MAX_XFORM_CODE + "; read as 0, not set");
        return 0;
    }

    /** Repairs what nibabel repairs: a sign that is neither 1 nor -1, a negative or zero spacing. */
    private List<Double> pixdim(boolean hasQform) {
        List<Double> pixdim = new ArrayList<>();
        double sign = layout.real(header, layout.pixdim, 0);
        if (sign != 1 && sign != -1) {
            if (hasQform && sign != 0) {
                remarks.add("pixdim[0] = " + sign + " is neither 1 nor -1; read as 1");
            }
            sign = 1;
        }
        pixdim.add(sign);
        for (int i = 1; i <= MAX_DIMS; i++) {
            double size = layout.real(header, layout.pixdim, i);
            if (i <= 3 && size == 0) {
                remarks.add("pixdim[" + i + "] is 0; read as 1");
                size = 1;
            } else if (i <= 3 && size < 0) {
                remarks.add("pixdim[" + i + "] = " + size + " is negative; read as " + -size);
                size = -size;
            }
            pixdim.add(size);
        }
        return pixdim;
    }

    private NiftiHeader.Qform qform(int code) {
        return new NiftiHeader.Qform(
                code,
                layout.real(header, layout.quaternion, 0),
                layout.real(header, layout.quaternion, 1),
                layout.real(header, layout.quaternion, 2),
                layout.real(header, layout.qoffset, 0),
                layout.real(header, layout.qoffset, 1),
                layout.real(header, layout.qoffset, 2));
    }

    private Affine srow() {
        double[][] rows = new double[3][4];
        for (int i = 0; i < 12; i++) {
            rows[i / 4][i % 4] = layout.real(header, layout.srow, i);
        }
        return Affine.of(rows);
    }
}
