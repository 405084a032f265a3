package org.unet4j.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.unet4j.volume.Affine;
import org.unet4j.volume.VoxelType;

/**
 * Makes a {@link NiftiHeader} of its bytes, or an error that names the file, the offset, the value and the rule. What nibabel
 * mends is mended as nibabel does it, with a remark.
 */
final class NiftiHeaderParser {

    private static final int MAX_XFORM_CODE = 5;
    private static final int MAGIC_BYTES = 4;

    /** CIFTI-2's intents, from dense connectivity on. */
    private static final int FIRST_CIFTI_INTENT = 3000;

    private static final int LAST_CIFTI_INTENT = 3099;

    private final HeaderFields fields;
    private final NiftiLayout layout;
    private final ByteBuffer header;

    private NiftiHeaderParser(HeaderFields fields) {
        this.fields = fields;
        this.layout = fields.layout();
        this.header = fields.bytes();
    }

    /**
     * Returns the layout that a file's first four bytes announce.
     *
     * @param start the file's first bytes, {@link OtherFormat#START_BYTES} if it has as many
     */
    static NiftiLayout layout(String file, byte[] start) throws IOException {
        if (start.length < Integer.BYTES) {
            throw error(file, start.length, "the file ends here, within a header; it is truncated");
        }
        for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            int bytes = ByteBuffer.wrap(start).order(order).getInt(0);
            for (NiftiLayout layout : NiftiLayout.values()) {
                if (bytes == layout.headerBytes) {
                    return layout;
                }
            }
        }
        Optional<OtherFormat> other = OtherFormat.of(start);
        throw error(
                file,
                0,
                other.map(format -> "not a NIfTI file but " + format.advice())
                        .orElseGet(() -> String.format(
                                Locale.ROOT,
                                "not a NIfTI file: it starts with 0x%08x, a NIfTI header with its size, 348 or 540",
                                ByteBuffer.wrap(start).getInt(0))));
    }

    /**
     * Returns the header, but for its extensions.
     *
     * @param path its file, whose name tells a pair's header from a whole file, and Analyze 7.5 from a damaged header
     * @param bytes as many as {@code layout} says
     */
    static NiftiHeader parse(Path path, NiftiLayout layout, byte[] bytes) throws IOException {
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (header.getInt(0) != layout.headerBytes) {
            header.order(ByteOrder.BIG_ENDIAN);
        }
        HeaderFields fields = new HeaderFields(String.valueOf(path.getFileName()), layout, header);
        if (NiftiFiles.isHeader(path) && AnalyzeHeaderParser.isAnalyze(fields)) {
            return AnalyzeHeaderParser.parse(path, fields);
        }
        return new NiftiHeaderParser(fields).parse(path);
    }

    static IOException error(String file, long offset, String what) {
        return new IOException("[" + file + "] offset " + offset + ": " + what);
    }

    private NiftiHeader parse(Path path) throws IOException {
        boolean isPair = isPair(path);
        requireVoxels();
        List<Long> dims = fields.dims();
        VoxelType type = fields.type();
        long voxelOffset = fields.voxelOffset(isPair);
        double slope = fields.slope();
        double intercept = fields.intercept();
        boolean isScaled = HeaderFields.isScale(slope);
        if (isScaled && !Double.isFinite(intercept)) {
            throw fields.error(
                    layout.realAt(layout.slope, 1),
                    "scl_inter " + intercept + " is not finite while scl_slope is " + slope + "; set it to 0");
        }
        int qformCode = xformCode("qform_code", layout.qformCode);
        int sformCode = xformCode("sform_code", layout.sformCode);
        List<Double> pixdim = fields.pixdim(qformCode != 0);
        if (qformCode == 0 && sformCode == 0) {
            fields.remark("neither qform nor sform is set: orientation and origin are a guess (x runs to the left)");
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
                layout.units(header),
                qform(qformCode),
                new NiftiHeader.Sform(sformCode, srow()),
                fields.remarks());
    }

    private void requireVoxels() throws IOException {
        int intent = layout.code(header, layout.intentCode);
        if (layout == NiftiLayout.NIFTI2 && intent >= FIRST_CIFTI_INTENT && intent <= LAST_CIFTI_INTENT) {
            throw fields.error(
                    layout.intentCode,
                    "intent_code " + intent + " says CIFTI: values at brain nodes, no voxels on a grid;"
                            + " give the volume that it was made of");
        }
    }

    /** Where name and magic disagree the name decides, as in nibabel. */
    private boolean isPair(Path path) throws IOException {
        String magic = fields.magic();
        // NIfTI-2 adds line ends that show a broken transfer; like nibabel, only the first four characters must fit
        boolean isSingle = magic.startsWith(layout.singleMagic().substring(0, MAGIC_BYTES));
        if (!isSingle && !magic.startsWith(layout.pairMagic().substring(0, MAGIC_BYTES))) {
            throw fields.error(
                    layout.magic,
                    "magic \"" + magic.replaceAll("[^\\x20-\\x7e]", ".") + "\" is not \""
                            + layout.singleMagic().substring(0, 3) + "\" or \""
                            + layout.pairMagic().substring(0, 3)
                            + "\": a damaged NIfTI file, or Analyze 7.5, which is read where it is named .hdr and .img");
        }
        boolean isPair = isSingle ? NiftiFiles.voxels(path).isPresent() : !NiftiFiles.isSingle(path);
        if (isPair == isSingle) {
            fields.remark("the magic says that the voxels are " + (isSingle ? "in the same" : "in another")
                    + " file; the file's name decides");
        }
        return isPair;
    }

    private int xformCode(String name, int field) {
        int code = layout.code(header, field);
        if (code >= 0 && code <= MAX_XFORM_CODE) {
            return code;
        }
        fields.remark(name + " " + code + " is none of 0 to " + MAX_XFORM_CODE + "; read as 0, not set");
        return 0;
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
