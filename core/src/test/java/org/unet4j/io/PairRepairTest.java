package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pair of .hdr and .img is mended as one scan and stays a pair. */
class PairRepairTest {

    private static final byte[] SINGLE = NiftiBytes.nifti1();
    private static final byte[] VOXELS = Arrays.copyOfRange(SINGLE, 352, SINGLE.length);
    private static final int QOFFSET_X = 268;
    private static final int SROW_X_T = 292;
    private static final int MAGIC = 344;
    private static final int AFTER_HEADER = 348;

    /** An extension of 16 bytes, announced. */
    private static final byte[] COMMENT = {1, 0, 0, 0, 16, 0, 0, 0, 6, 0, 0, 0, 'c', 'o', 'm', 'm', 'e', 'n', 't', 0};

    @TempDir
    Path folder;

    private Path source;

    @BeforeEach
    void makeSource() throws IOException {
        source = Files.createDirectory(folder.resolve("source"));
    }

    private static byte[] header(Consumer<ByteBuffer> change) {
        byte[] header = NiftiBytes.with(SINGLE, b -> {
            b.put(MAGIC, "ni1\0".getBytes(StandardCharsets.US_ASCII));
            b.putFloat(108, 0);
        });
        byte[] all = Arrays.copyOf(header, AFTER_HEADER + COMMENT.length);
        System.arraycopy(COMMENT, 0, all, AFTER_HEADER, COMMENT.length);
        return NiftiBytes.with(all, change);
    }

    private static byte[] floats(byte[] before, float... first) {
        ByteBuffer voxels = ByteBuffer.allocate(before.length + 24 * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(before);
        for (float value : first) {
            voxels.putFloat(value);
        }
        return voxels.array();
    }

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(source.resolve(name), bytes);
    }

    private Repair repair(Path file, Optional<Path> image) throws IOException {
        return Repair.of(file, image, folder.resolve("out"));
    }

    private static List<String> what(Repair repair) {
        return repair.changes().stream().map(Repair.Change::what).toList();
    }

    private Path out(String name) {
        return folder.resolve("out").resolve(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ct.hdr", "ct.img"})
    void theHeaderIsMendedAndAllElseStays(String given) throws IOException {
        byte[] header = header(b -> b.putFloat(QOFFSET_X, 9));
        write("ct.hdr", header);
        write("ct.img", VOXELS);
        Path file = source.resolve(given);
        assertThat(Inspection.of(file).mendable()).hasSize(1);
        assertThat(what(repair(file, Optional.empty())))
                .singleElement()
                .asString()
                .contains("the qform is derived from it");
        assertThat(out("ct.img")).hasBinaryContent(VOXELS);
        assertThat(out("ct.hdr")).hasBinaryContent(NiftiBytes.with(header, b -> b.putFloat(QOFFSET_X, 0)));
        assertThat(Inspection.of(out(given)).mendable()).isEmpty();
        assertThat(source.resolve("ct.hdr")).hasBinaryContent(header);
    }

    @Test
    void aGoodPairIsCopied() throws IOException {
        write("ct.HDR", header(b -> {}));
        write("ct.IMG", VOXELS);
        Repair repair = repair(source.resolve("ct.HDR"), Optional.empty());
        assertThat(repair.changes()).isEmpty();
        assertThat(out("ct.HDR")).hasBinaryContent(header(b -> {}));
        assertThat(out("ct.IMG")).hasBinaryContent(VOXELS);
    }

    @Test
    void labelsOfFloatsBecomeBytesInTheirOwnFile() throws IOException {
        Path image = write("image.nii", SINGLE);
        byte[] before = "sixteen bytes.  ".getBytes(StandardCharsets.US_ASCII);
        byte[] header = header(b -> b.putShort(70, (short) 16)
                .putShort(72, (short) 32)
                .putFloat(108, before.length)
                .putFloat(SROW_X_T, 30));
        write("seg.hdr.gz", NiftiBytes.gzip(header));
        write("seg.img", floats(before, 2, 1));
        Repair repair = repair(source.resolve("seg.hdr.gz"), Optional.of(image));
        assertThat(what(repair))
                .satisfiesExactly(
                        change -> assertThat(change).startsWith("takes the geometry of its image image.nii"),
                        change -> assertThat(change).startsWith("is stored as uint8, no longer as float32"));
        assertThat(Nifti.readLabels(out("seg.img")).get(0)).isEqualTo(2);
        assertThat(Files.readAllBytes(out("seg.img"))).hasSize(16 + 24).startsWith(before);
        assertThat(Nifti.readHeader(out("seg.hdr.gz")).extensions()).hasSize(1);
        assertThat(Inspection.ofLabels(out("seg.hdr.gz"), image).problems()).hasSize(1); // It is tiny.
    }

    @Test
    void eachFileIsCompressedAsItsNameSays() throws IOException {
        write("ct.hdr.gz", header(b -> {}));
        write("ct.img", NiftiBytes.gzip(VOXELS));
        Inspection found = Inspection.of(source.resolve("ct.hdr.gz"));
        assertThat(found.mendable())
                .containsExactly(
                        "is not gzipped, but its name ends in .gz: other tools cannot read it",
                        "is gzipped, but its name does not end in .gz: other tools cannot read it");
        Repair repair = repair(source.resolve("ct.img"), Optional.empty());
        assertThat(what(repair))
                .containsExactly("ct.hdr.gz is gzipped, as its name says", "ct.img is not gzipped, as its name says");
        assertThat(out("ct.img")).hasBinaryContent(VOXELS);
        assertThat(Inspection.of(out("ct.img")).mendable()).isEmpty();
    }

    /** Returns the header of Analyze 7.5 with the sizes of {@link NiftiBytes#volume} and voxels of floats. */
    private static byte[] analyze(float pixdimX) {
        return NiftiBytes.with(new byte[AFTER_HEADER], b -> {
            b.putInt(0, AFTER_HEADER);
            b.putShort(40, (short) 3)
                    .putShort(42, (short) 2)
                    .putShort(44, (short) 3)
                    .putShort(46, (short) 4);
            b.putShort(70, (short) 16).putShort(72, (short) 32);
            b.putFloat(80, pixdimX).putFloat(84, 2).putFloat(88, 3);
        });
    }

    @Test
    void analyzeLabelsThatLieElsewhereBecomeNifti() throws IOException {
        Path image = write("image.nii", SINGLE);
        write("seg.hdr", analyze(1));
        write("seg.img", floats(new byte[0], 2, 1));
        Repair repair = repair(source.resolve("seg.hdr"), Optional.of(image));
        assertThat(what(repair))
                .satisfiesExactly(
                        change -> assertThat(change)
                                .startsWith("takes the geometry of its image image.nii")
                                .endsWith("becomes NIfTI-1, since Analyze 7.5 holds no geometry"),
                        change -> assertThat(change).startsWith("is stored as uint8, no longer as float32"));
        NiftiHeader header = Nifti.readHeader(out("seg.hdr"));
        assertThat(header.isPair()).isTrue();
        assertThat(header.remarks()).isEmpty();
        assertThat(header.affine()).isEqualTo(Nifti.readHeader(image).affine());
        assertThat(Nifti.readLabels(out("seg.hdr")).get(0)).isEqualTo(2);
    }

    /** A negative pixdim, which a sform would make redundant, is all that Analyze says of space. */
    @Test
    void analyzeKeepsThePixdimThatIsAllItHas() throws IOException {
        write("ct.hdr", analyze(-1));
        write("ct.img", floats(new byte[0], 2.5f, 1));
        assertThat(Inspection.of(source.resolve("ct.hdr")).mendable()).isEmpty();
        assertThat(repair(source.resolve("ct.hdr"), Optional.empty()).changes()).isEmpty();
        assertThat(out("ct.hdr")).hasBinaryContent(analyze(-1));
    }

    @Test
    void aDatasetOfPairsIsMended() throws IOException {
        for (String id : List.of("a", "b")) {
            write(id + ".hdr", header(b -> b.putFloat(QOFFSET_X, 9)));
            write(id + ".img", VOXELS);
            write(
                    id + "_seg.hdr",
                    header(b ->
                            b.putShort(70, (short) 16).putShort(72, (short) 32).putFloat(SROW_X_T, 30)));
            write(id + "_seg.img", floats(new byte[0], 1));
        }
        Files.writeString(
                source.resolve(Dataset.DESCRIPTION),
                "{\"modality\": {\"0\": \"MR\"}, \"labels\": {\"0\": \"background\", \"1\": \"organ\"},"
                        + " \"training\": [{\"image\": \"a.hdr\", \"label\": \"a_seg.hdr\"},"
                        + " {\"image\": \"b.img\", \"label\": \"b_seg.img\"}]}");
        Repair repair = Repair.of(Dataset.open(source), folder.resolve("out"), 1, Progress.silent());
        assertThat(repair.changes()).hasSize(6);
        try (Stream<Path> files = Files.list(folder.resolve("out"))) {
            assertThat(files).hasSize(9);
        }
        Dataset mended = Dataset.open(folder.resolve("out"));
        for (Case one : mended.training()) {
            assertThat(CaseFindings.of(mended, one).problems()).isEmpty();
        }
    }

    @Test
    void aFileThatIsNamedAsNoScanIsLeft() throws IOException {
        Path file = write("ct.dat", SINGLE);
        assertThatIOException()
                .isThrownBy(() -> repair(file, Optional.empty()))
                .withMessage("[ct.dat] is not named as a scan (.nii or .nii.gz, or .hdr and .img): rename or convert it"
                        + " first");
        assertThat(folder.resolve("out")).doesNotExist();
    }
}
