package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may come out of an archive, and that nothing ever leaves the folder. */
class TarArchiveTest {

    private static final String LONG = "T/" + "folder with a long name/".repeat(8) + "n".repeat(120) + ".nii.gz";

    @TempDir
    Path world;

    private Path into() {
        return world.resolve("into");
    }

    private void unpack(byte[] archive) throws IOException {
        TarArchive.unpack("a.tar", new ByteArrayInputStream(archive), into(), done -> {});
    }

    private List<String> names(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void filesComeOutAsTheyWentInHoweverLongTheirNamesAre(boolean pax) throws IOException {
        TarBytes tar = new TarBytes();
        if (pax) {
            tar.pax();
        }
        byte[] large = new byte[700_001];
        new SplittableRandom(1).nextBytes(large);
        unpack(tar.folder("T/")
                .file("./T/dataset.json", "{}")
                .file(LONG, large)
                .file("T/empty", "")
                .bytes());
        assertThat(names(into())).containsExactlyInAnyOrder("T/dataset.json", LONG, "T/empty");
        assertThat(into().resolve(LONG)).hasBinaryContent(large);
        assertThat(into().resolve("T/dataset.json")).hasContent("{}");
    }

    @Test
    void whatMacOsPutsBesideFilesIsLeftOut() throws IOException {
        unpack(new TarBytes()
                .file("._T", "x")
                .file("T/imagesTr/._a.nii.gz", "x")
                .file("T/.DS_Store", "x")
                .file("T/imagesTr/a.nii.gz", "image")
                .bytes());
        assertThat(names(into())).containsExactly("T/imagesTr/a.nii.gz");
    }

    private static TarBytes evil(String name, byte kind, String link) {
        return new TarBytes().file("T/before", "harmless").entry(name, kind, link, new byte[0]);
    }

    static Stream<Evil> evils() {
        byte file = TarConstants.LF_NORMAL;
        return Stream.of(
                new Evil("an absolute name", evil("/tmp/unet4j-evil", file, ""), "leads out"),
                new Evil("a name that goes up", evil("../evil", file, ""), "leads out"),
                new Evil("a name that goes up later", evil("T/../../evil", file, ""), "leads out"),
                new Evil(
                        "a long name that goes up",
                        evil("T/" + "a/".repeat(60) + "../".repeat(70) + "evil", file, ""),
                        "leads out"),
                new Evil("a folder that goes up", evil("../evil/", TarConstants.LF_DIR, ""), "leads out"),
                new Evil("a name for Windows", evil("T\\..\\..\\evil", file, ""), "leads out"),
                new Evil(
                        "a symbolic link",
                        evil("T/link", TarConstants.LF_SYMLINK, "/etc/passwd"),
                        "is a symbolic link to '/etc/passwd'"),
                new Evil("a hard link", evil("T/link", TarConstants.LF_LINK, "../../evil"), "is a hard link to"),
                new Evil("a character device", evil("T/null", TarConstants.LF_CHR, ""), "is a device"),
                new Evil("a block device", evil("T/sda", TarConstants.LF_BLK, ""), "is a device"),
                new Evil("a pipe", evil("T/pipe", TarConstants.LF_FIFO, ""), "is a pipe"),
                new Evil("an unknown kind", evil("T/what", (byte) 'Z', ""), "is of the unknown kind 'Z'"),
                new Evil("a file twice", new TarBytes().file("T/a", "1").file("T/a", "2"), "comes twice"),
                new Evil(
                        "a file that is a folder too",
                        new TarBytes().file("T/a", "1").file("T/a/b", "2"),
                        "makes a folder of what is a file"));
    }

    private record Evil(String what, TarBytes archive, String message) {
        @Override
        public String toString() {
            return what;
        }
    }

    @ParameterizedTest
    @MethodSource("evils")
    void anArchiveThatWouldDoHarmIsRefused(Evil evil) throws IOException {
        byte[] archive = evil.archive.bytes();
        assertThatIOException()
                .isThrownBy(() -> unpack(archive))
                .withMessageStartingWith("[a.tar] is refused: '")
                .withMessageContaining(evil.message);
        nothingIsOutside();
    }

    private void nothingIsOutside() throws IOException {
        try (Stream<Path> tree = Files.walk(world)) {
            assertThat(tree.filter(path -> !path.equals(world) && !path.startsWith(into())))
                    .isEmpty();
        }
        try (Stream<Path> tree = Files.walk(into())) {
            assertThat(tree)
                    .allMatch(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                            || Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS));
        }
        assertThat(Path.of("/tmp/unet4j-evil")).doesNotExist();
    }

    @Test
    void whatIsNoTarArchiveIsToldSo() {
        byte[] page = "<!DOCTYPE html><html>please log in</html>".repeat(400).getBytes(StandardCharsets.UTF_8);
        assertThatIOException()
                .isThrownBy(() -> unpack(page))
                .withMessageContaining("[a.tar] is damaged, or no tar archive");
    }

    @Test
    void anEmptyFileIsNoArchive() {
        assertThatIOException()
                .isThrownBy(() -> unpack(new byte[0]))
                .withMessageContaining("is empty, or no tar archive");
    }

    @Test
    void anArchiveThatEndsInTheMiddleOfAFileIsDamaged() {
        byte[] whole = new TarBytes().file("T/a", new byte[5000]).bytes();
        assertThatIOException()
                .isThrownBy(() -> unpack(Arrays.copyOf(whole, 3000)))
                .withMessageContaining("[a.tar] is damaged")
                .withMessageContaining("Truncated");
    }

    @Test
    void aHeaderWithAWrongSumIsDamaged() {
        byte[] archive = new TarBytes().file("T/a", "x").bytes();
        archive[2] = 'b';
        assertThatIOException()
                .isThrownBy(() -> unpack(archive))
                .withMessageContaining("the header of 'T/b' has a wrong sum");
    }

    /** Bytes of headers are changed, their sums made right again: an IOException, or files inside the folder, and nothing else. */
    @Test
    void noChangedHeaderLeadsOutOrThrowsAnythingElse() throws IOException {
        byte[] good = new TarBytes()
                .folder("T/")
                .file("T/a", "content")
                .file(LONG, "long")
                .pax()
                .file(LONG + "2", "longer")
                .bytes();
        int refused = 0;
        for (int seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] mutated = good.clone();
            for (int change = 0; change < 1 + seed % 4; change++) {
                int block = random.nextInt(good.length / 512) * 512;
                mutated[block + random.nextInt(512)] =
                        (byte) (random.nextBoolean() ? random.nextInt(256) : "/.\\0\n=".charAt(random.nextInt(6)));
                mendSum(mutated, block);
            }
            FolderTree.delete(into());
            try {
                unpack(mutated);
            } catch (IOException e) {
                refused++;
            }
            nothingIsOutside();
        }
        assertThat(refused).isBetween(20, 199);
    }

    private static void mendSum(byte[] bytes, int block) {
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += i >= 148 && i < 156 ? ' ' : bytes[block + i] & 0xff;
        }
        byte[] digits = String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, bytes, block + 148, digits.length);
    }

    /** GNU tar, the program, packs what this unpacks. */
    @ParameterizedTest
    @ValueSource(strings = {"gnu", "oldgnu", "pax", "ustar", "v7"})
    void archivesOfGnuTarComeOutWhole(String format) throws IOException, InterruptedException {
        String longest = format.equals("v7")
                ? "T/images/a.nii.gz"
                : format.equals("ustar") ? LONG.substring(0, 180) + "/a" : LONG;
        byte[] image = new byte[70_000];
        new SplittableRandom(3).nextBytes(image);
        Path file = world.resolve("source").resolve(longest);
        Files.createDirectories(file.getParent());
        Files.write(file, image);
        Files.writeString(world.resolve("source/T/dataset.json"), "{}");
        Path archive = world.resolve("made.tar");
        assumeTrue(
                tar("--format=" + format, "-C", world.resolve("source").toString(), "-cf", archive.toString(), "T"),
                "no GNU tar");
        unpack(Files.readAllBytes(archive));
        assertThat(names(into())).isEqualTo(names(world.resolve("source")));
        assertThat(into().resolve(longest)).hasBinaryContent(image);
    }

    @Test
    void aFileWithHolesThatGnuTarMadeIsRefused() throws IOException, InterruptedException {
        Path file = world.resolve("holes");
        try (var channel = Files.newByteChannel(
                file, java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.WRITE)) {
            channel.position(50_000_000).write(java.nio.ByteBuffer.wrap(new byte[1]));
        }
        Path archive = world.resolve("made.tar");
        assumeTrue(
                tar("--sparse", "-C", world.toString(), "-cf", archive.toString(), "holes")
                        && Files.size(archive) < 1_000_000,
                "no GNU tar, or no holes on this disk");
        assertThatIOException()
                .isThrownBy(() -> unpack(Files.readAllBytes(archive)))
                .withMessageContaining("is a file with holes");
    }

    private static boolean tar(String... arguments) throws IOException, InterruptedException {
        try {
            Process tar = new ProcessBuilder(Stream.concat(Stream.of("tar"), Stream.of(arguments))
                            .toList())
                    .inheritIO()
                    .start();
            return tar.waitFor(60, TimeUnit.SECONDS) && tar.exitValue() == 0;
        } catch (IOException notInstalled) {
            return false;
        }
    }
}
