package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.unet4j.RealData;

/** What is given in place of NIfTI is told by its bytes, whatever its name, with what to do about it. */
class OtherFormatTest {

    @TempDir
    Path folder;

    static Stream<Arguments> starts() {
        return Stream.of(
                start(OtherFormat.DICOM, "\0".repeat(128) + "DICM\2\0\0\0UL\4\0"),
                start(OtherFormat.DICOM, "II*\0" + "\0".repeat(124) + "DICM"),
                start(OtherFormat.DICOM, "\b\0\5\0CS\n\0ISO_IR 100"),
                start(OtherFormat.DICOM, "\b\0\0\0\4\0\0\0\u0080\1\0\0"),
                start(OtherFormat.NRRD, "NRRD0004\n# Complete NRRD file format"),
                start(OtherFormat.META_IMAGE, "ObjectType = Image\nNDims = 3\n"),
                start(OtherFormat.META_IMAGE, "NDims = 3\nDimSize = 2 2 2\n"),
                start(OtherFormat.MGH, "\0\0\0\1\0\0\0\3\0\0\0\4\0\0\0\5\0\0\0\2"),
                start(OtherFormat.MINC, "\u0089HDF\r\n\u001a\n\0\0\0\0"),
                start(OtherFormat.MINC, "CDF\1\0\0\0\0"),
                start(OtherFormat.VTK, "# vtk DataFile Version 3.0\n"),
                start(OtherFormat.INTERFILE, "!INTERFILE :=\n"),
                start(OtherFormat.INTERFILE, "MATRIX72v"),
                start(OtherFormat.PAR_REC, "# === DATA DESCRIPTION FILE ====\n"),
                start(OtherFormat.GIFTI, "<?xml version=\"1.0\"?>\n<!DOCTYPE GIFTI>\n<GIFTI Version=\"1.0\">"),
                start(OtherFormat.MATLAB, "MATLAB 5.0 MAT-file, Platform: GLNXA64"),
                start(OtherFormat.NUMPY, "\u0093NUMPY\1\0v\0"),
                start(OtherFormat.TIFF, "II*\0\b\0\0\0"),
                start(OtherFormat.TIFF, "MM\0*\0\0\0\b"),
                start(OtherFormat.PICTURE, "\u0089PNG\r\n\u001a\n\0\0\0\r"),
                start(OtherFormat.PICTURE, "\u00ff\u00d8\u00ff\u00e0\0\20JFIF"),
                start(OtherFormat.PDF, "%PDF-1.7\n"),
                start(OtherFormat.ARCHIVE, "PK\3\4\24\0"),
                start(OtherFormat.ARCHIVE, "imagesTr/ct.nii" + "\0".repeat(242) + "ustar\0" + "00"),
                start(OtherFormat.COMPRESSED, "BZh91AY&SY"),
                start(OtherFormat.COMPRESSED, "\u00fd7zXZ\0"),
                start(OtherFormat.COMPRESSED, "(\u00b5/\u00fd\4\0"),
                start(OtherFormat.POINTER, "version https://git-lfs.github.com/spec/v1\noid sha256:0"),
                start(OtherFormat.POINTER, "/annex/objects/MD5E-s12--abc.nii.gz\n"),
                start(OtherFormat.POINTER, "../.git/annex/objects/MD5E-s12--abc.nii.gz\n"),
                start(OtherFormat.APPLE_DOUBLE, "\0\5\u0016\7\0\2\0\0Mac OS X        "),
                start(OtherFormat.WEB_PAGE, "<!DOCTYPE html><html><body>404 Not Found</body></html>"),
                start(OtherFormat.WEB_PAGE, "\n <html>"),
                start(OtherFormat.WEB_PAGE, "\u00ef\u00bb\u00bf<html>"),
                start(OtherFormat.WEB_PAGE, "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>"),
                start(OtherFormat.JSON, "{\"message\": \"Not Found\"}"),
                start(OtherFormat.ZEROS, "\0".repeat(400)));
    }

    private static Arguments start(OtherFormat format, String bytes) {
        return Arguments.of(format, bytes);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("starts")
    void formatIsToldWithWhatToDo(OtherFormat format, String start) throws IOException {
        byte[] bytes = start.getBytes(StandardCharsets.ISO_8859_1);
        for (byte[] content : new byte[][] {bytes, NiftiBytes.gzip(bytes)}) {
            Path file = Files.write(folder.resolve("ct.nii.gz"), content);
            assertThatIOException()
                    .isThrownBy(() -> Nifti.read(file))
                    .withMessage("[ct.nii.gz] offset 0: not a NIfTI file but " + format.advice());
            assertThat(Nifti.otherFormat(file)).contains(format.advice());
        }
    }

    @Test
    void everyFormatIsAmongThem() {
        Set<Object> tested = starts().map(arguments -> arguments.get()[0]).collect(Collectors.toSet());
        tested.add(OtherFormat.GZIP_TWICE);
        assertThat(tested).isEqualTo(EnumSet.allOf(OtherFormat.class));
    }

    @Test
    void gzipWithinGzipIsTold() throws IOException {
        byte[] twice = NiftiBytes.gzip(NiftiBytes.gzip(NiftiBytes.nifti1()));
        Path file = Files.write(folder.resolve("ct.nii.gz"), twice);
        assertThatIOException()
                .isThrownBy(() -> Nifti.read(file))
                .withMessageEndingWith(
                        "not a NIfTI file but a gzip file within a gzip file; unpack it once with gunzip");
    }

    @Test
    void emptyGzipIsTold() throws IOException {
        Path file = Files.write(folder.resolve("ct.nii.gz"), NiftiBytes.gzip(new byte[0]));
        assertThatIOException()
                .isThrownBy(() -> Nifti.read(file))
                .withMessage("[ct.nii.gz] is empty (0 bytes when unpacked); copy or download it again");
    }

    @Test
    void whatIsNotKnownIsToldByItsFirstBytes() throws IOException {
        Path file = Files.write(folder.resolve("ct.nii"), new byte[] {1, 2, 3, 4, 5});
        assertThatIOException()
                .isThrownBy(() -> Nifti.read(file))
                .withMessage("[ct.nii] offset 0: not a NIfTI file: it starts with 0x01020304,"
                        + " a NIfTI header with its size, 348 or 540");
        assertThat(Nifti.otherFormat(file)).isEmpty();
        assertThat(Nifti.otherFormat(folder.resolve("missing"))).isEmpty();
    }

    @Test
    void niftiIsNoOtherFormat() throws IOException {
        for (byte[] good : new byte[][] {NiftiBytes.nifti1(), NiftiBytes.nifti2()}) {
            assertThat(OtherFormat.of(good)).isEmpty();
        }
    }

    @Test
    void aRealFreeSurferVolumeIsTold() {
        Path file = RealData.folder("nifti-conformance").resolve("nibabel/test.mgz");
        assertThat(Nifti.otherFormat(file)).contains(OtherFormat.MGH.advice());
    }
}
