package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.volume.Volume;

/**
 * Whatever the bytes, a scan is read whole or rejected with an IOException that names its file; nothing else, at once, and
 * without taking more memory than its bytes can fill. A failure names the seed; {@code -Dunet4j.fuzz=SEED} repeats that one.
 */
class NiftiFuzzTest {

    private static final int MUTATIONS = 500;
    private static final int MANY_MUTATIONS = 10_000;

    /** Of the processor's time, which a busy machine does not lengthen. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** Gzip makes up to 1032 bytes of one; a voxel is copied a few times; buffers, messages and AssertJ take the rest. */
    private static final long ALLOCATION_FACTOR = 1032 * 4;

    private static final long ALLOCATION_ROOM = 16 << 20;

    @TempDir
    Path folder;

    enum Outcome {
        READ,
        REJECTED
    }

    @Test
    void mutatedScansAreReadOrRejected() throws IOException {
        fuzz(0, MUTATIONS);
    }

    @Test
    @Tag("slow")
    void manyMutatedScansAreReadOrRejected() throws IOException {
        fuzz(0, MANY_MUTATIONS);
    }

    /** Does nothing but where one seed is named. */
    @Test
    void namedSeed() throws IOException {
        Long seed = Long.getLong("unet4j.fuzz");
        if (seed != null) {
            fuzz(seed, 1);
        }
    }

    private void fuzz(long firstSeed, int count) throws IOException {
        Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
        for (long seed = firstSeed; seed < firstSeed + count; seed++) {
            MutatedScan scan = MutatedScan.of(seed);
            long before = THREADS.getCurrentThreadCpuTime();
            Outcome outcome = outcome(scan);
            assertThat(Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - before))
                    .as("%s", scan)
                    .isLessThan(LIMIT);
            outcomes.merge(outcome, 1, Integer::sum);
        }
        System.out.println(count + " mutated scans from seed " + firstSeed + ": " + outcomes);
        if (count >= MUTATIONS) {
            assertThat(outcomes).as("neither all nor nothing is read").hasSize(Outcome.values().length);
        }
    }

    private Outcome outcome(MutatedScan scan) throws IOException {
        Path file = scan.write(folder);
        try {
            Outcome first = null;
            for (Reader reader : List.<Reader>of(
                    Nifti::readChannels,
                    Nifti::readHeader,
                    path -> Nifti.read(path, 0),
                    Nifti::readLabels,
                    Inspection::of)) {
                Outcome outcome = outcome(reader, file, scan);
                first = first == null ? outcome : first;
            }
            return first;
        } finally {
            scan.delete(folder);
        }
    }

    private static Outcome outcome(Reader reader, Path file, MutatedScan scan) {
        Outcome[] outcome = new Outcome[1];
        long bytes = Allocation.of(() -> outcome[0] = outcomeOf(reader, file, scan));
        assertThat(bytes).as("allocated for %s", scan).isLessThan(scan.bytes() * ALLOCATION_FACTOR + ALLOCATION_ROOM);
        return outcome[0];
    }

    private static Outcome outcomeOf(Reader reader, Path file, MutatedScan scan) {
        try {
            requireWhole(reader.read(file), file);
            return Outcome.READ;
        } catch (IOException e) {
            assertThat(e.getMessage()).as("%s", scan).matches("(?s)\\[ct\\.(nii|hdr|img)(\\.gz)?] .{10,}");
            return Outcome.REJECTED;
        } catch (RuntimeException | Error e) {
            throw new AssertionError(scan + " makes " + e, e);
        }
    }

    /** What is read must be what the header says. */
    private static void requireWhole(Object result, Path file) throws IOException {
        if (result instanceof List<?> channels) {
            NiftiHeader header = Nifti.readHeader(file);
            assertThat(channels).hasSize(Math.toIntExact(header.channels()));
            for (Object channel : channels) {
                Volume volume = (Volume) channel;
                assertThat(volume.grid()).isEqualTo(header.grid());
                int last = volume.grid().shape().arrayLength() - 1;
                assertThatCode(() -> volume.get(last)).doesNotThrowAnyException();
            }
        }
    }

    private interface Reader {
        Object read(Path file) throws IOException;
    }
}
