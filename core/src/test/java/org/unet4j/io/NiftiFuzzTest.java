package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the bytes, a file is read or rejected with an IOException that names it; nothing else, and at once. */
class NiftiFuzzTest {

    private static final int MUTATIONS = 500;
    private static final int MANY_MUTATIONS = 20_000;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    Path folder;

    @Test
    void mutatedFilesAreReadOrRejected() {
        fuzz(MUTATIONS);
    }

    @Test
    @Tag("slow")
    void manyMutatedFilesAreReadOrRejected() {
        fuzz(MANY_MUTATIONS);
    }

    private void fuzz(int mutations) {
        byte[][] seeds = {
            NiftiBytes.nifti1(),
            NiftiBytes.nifti2(),
            NiftiBytes.gzip(NiftiBytes.nifti1()),
            NiftiBytes.gzip(NiftiBytes.nifti2())
        };
        int[] outcomes = new int[2];
        Assertions.assertTimeout(LIMIT, () -> {
            for (int i = 0; i < mutations; i++) {
                byte[] bytes = mutate(seeds[i % seeds.length].clone(), new Random(i));
                Path file = Files.write(folder.resolve("fuzz.nii"), bytes);
                outcomes[isRead(file, i) ? 0 : 1]++;
            }
        });
        assertThat(outcomes[0]).as("read").isPositive();
        assertThat(outcomes[1]).as("rejected").isPositive();
    }

    private static byte[] mutate(byte[] bytes, Random random) {
        int changes = 1 + random.nextInt(8);
        for (int change = 0; change < changes; change++) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> bytes[at] = (byte) 0xff;
                default -> bytes[at] = 0x7f;
            }
        }
        return bytes;
    }

    private static boolean isRead(Path file, int mutation) {
        boolean isRead = false;
        for (Reader reader : new Reader[] {
            Nifti::readHeader,
            Nifti::readChannels,
            Nifti::readLabels,
            Inspection::of,
            path -> Nifti.readHeader(path).grid()
        }) {
            try {
                reader.read(file);
                isRead = true;
            } catch (IOException e) {
                assertThat(e).as("mutation %d", mutation).hasMessageStartingWith("[" + file.getFileName() + "] ");
            }
        }
        return isRead;
    }

    private interface Reader {
        Object read(Path file) throws IOException;
    }
}
