package org.unet4j.io;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What people have in place of a NIfTI file, told by its first bytes, and what they can do about it. Signatures are those of
 * the formats' own documents; the first that fits counts, so that a DICOM file with a TIFF preamble is DICOM.
 */
enum OtherFormat {
    DICOM("a DICOM file", "convert its series to NIfTI first, for example with dcm2niix", OtherFormat::isDicom),
    NRRD("a NRRD image", Advice.CONVERT, starts("NRRD000")),
    META_IMAGE("a MetaImage (.mha, .mhd)", Advice.CONVERT, matches("\\s*(Comment|ObjectType|NDims)\\s*=.*")),
    MGH(
            "a FreeSurfer volume (.mgh, .mgz)",
            "convert it to NIfTI with FreeSurfer's mri_convert",
            starts("\0\0\0\1\0\0")),
    MINC(
            "a netCDF or HDF5 file (MINC?)",
            "if it is MINC, convert it to NIfTI with mnc2nii",
            starts("CDF", "\u0089HDF")),
    VTK("a VTK file", Advice.CONVERT, starts("# vtk DataFile")),
    INTERFILE("an Interfile or ECAT file", Advice.CONVERT, starts("!INTERFILE", "MATRIX7")),
    PAR_REC(
            "the header of a Philips PAR/REC pair",
            "convert it to NIfTI with dcm2niix",
            starts("# === DATA DESCRIPTION")),
    GIFTI("a GIFTI surface", "it has no voxels; give the volume that it was made of", matches("\\s*<\\?xml.*<GIFTI.*")),
    MATLAB("a MATLAB file", "write its array as NIfTI with MATLAB's niftiwrite", starts("MATLAB ")),
    NUMPY("a NumPy array", "it has no geometry; write it as NIfTI with its affine", starts("\u0093NUMPY")),
    TIFF("a TIFF picture", Advice.PICTURE, starts("II*\0", "MM\0*", "II+\0", "MM\0+")),
    PICTURE("a PNG, JPEG or GIF picture", Advice.PICTURE, starts("\u0089PNG", "\u00ff\u00d8\u00ff", "GIF8")),
    PDF("a PDF document", Advice.PICTURE, starts("%PDF")),
    GZIP_TWICE("a gzip file within a gzip file", "unpack it once with gunzip", starts("\u001f\u008b")),
    ARCHIVE("a zip, 7z or tar archive", "unpack it and give the scans in it", OtherFormat::isArchive),
    COMPRESSED(
            "compressed by bzip2, xz or zstd",
            "unpack it, and compress it with gzip if need be",
            starts("BZh", "\u00fd7zXZ", "(\u00b5/\u00fd")),
    POINTER(
            "a pointer that Git LFS or git-annex left in place of a file",
            "fetch the file with git lfs pull or git annex get",
            matches("(version https://git-lfs|\\S*/annex/objects/).*")),
    APPLE_DOUBLE(
            "what macOS notes about another file",
            "give the file whose name does not start with ._",
            starts("\0\5\u0016\7")),
    WEB_PAGE(
            "a web page or XML",
            "the download was refused, or needs a login: download it again",
            matches("(\u00ef\u00bb\u00bf)?\\s*<.*")),
    JSON(
            "JSON text",
            "if it was downloaded, read the server's answer in it and download it again",
            matches("\\s*[{\\[]\\s*[\"{\\[].*")),
    ZEROS("nothing but zeros", "its copy or download was interrupted; copy or download it again", matches("\0+"));

    /** As many bytes as tell the formats apart. */
    static final int START_BYTES = 348;

    private static final int DICOM_PREFIX = 128;
    private static final int TAR_MAGIC = 257;

    /** DICOM without preamble: a tag of group 2 or 8 and then either a value representation or a short length. */
    private static final Pattern BARE_DICOM =
            Pattern.compile("[\\x02\\x08]\\x00.\\x00([A-Z]{2}|.\\x00\\x00\\x00).*", Pattern.DOTALL);

    private final String what;
    private final String remedy;

    @SuppressWarnings("ImmutableEnumChecker") // Each is a function of its argument alone.
    private final Predicate<String> signature;

    OtherFormat(String what, String remedy, Predicate<String> signature) {
        this.what = what;
        this.remedy = remedy;
        this.signature = signature;
    }

    /** What several formats have in common; an enum's constants cannot use its own static fields. */
    private static final class Advice {
        static final String CONVERT = "convert it to NIfTI first, for example with 3D Slicer or SimpleITK";
        static final String PICTURE = "a picture has no geometry; give the scan that it was made of";
    }

    /**
     * Returns the format that a file is in, if it is a known one other than NIfTI.
     *
     * @param start its first bytes, unpacked if they were gzip; {@link #START_BYTES} if there are as many
     */
    static Optional<OtherFormat> of(byte[] start) {
        String bytes = new String(start, StandardCharsets.ISO_8859_1);
        for (OtherFormat format : values()) {
            if (format.signature.test(bytes)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    /** Returns what it is and what to do: "a DICOM file; convert its series to NIfTI first". */
    String advice() {
        return what + "; " + remedy;
    }

    private static Predicate<String> starts(String... signatures) {
        return bytes -> {
            for (String signature : signatures) {
                if (bytes.startsWith(signature)) {
                    return true;
                }
            }
            return false;
        };
    }

    private static Predicate<String> matches(String pattern) {
        return Pattern.compile(pattern, Pattern.DOTALL).asMatchPredicate();
    }

    private static boolean isDicom(String bytes) {
        return bytes.startsWith("DICM", DICOM_PREFIX)
                || BARE_DICOM.matcher(bytes).matches();
    }

    private static boolean isArchive(String bytes) {
        return bytes.startsWith("PK\3\4") || bytes.startsWith("7z\u00bc\u00af") || bytes.startsWith("ustar", TAR_MAGIC);
    }
}
