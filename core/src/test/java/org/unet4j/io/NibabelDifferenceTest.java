package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged scans that both nibabel and unet4j read mean the same to both: shape, affine and every voxel. Each rejects some
 * that the other reads: unet4j finds extensions dispensable, and wants checksums that are right, voxels and usable affines.
 */
@Tag("interop")
class NibabelDifferenceTest {

    private static final int SCANS = 1000;
    private static final int LEAST_READ_BY_BOTH = 200;

    /** Relative; nibabel computes some slopes and affines in 32 bits. */
    private static final double TOLERANCE = 1e-6;

    private static final String DESCRIBE = """
            import logging, os, sys, warnings
            warnings.simplefilter("ignore")
            import nibabel, numpy
            logging.disable(logging.CRITICAL)
            numpy.seterr(all="ignore")
            for folder in sorted(os.listdir(sys.argv[1])):
                path = os.path.join(sys.argv[1], folder)
                name = [name for name in os.listdir(path) if ".img" not in name][0]
                try:
                    image = nibabel.load(os.path.join(path, name))
                    voxels = image.get_fdata().ravel(order="F")
                    print(*image.shape, *image.affine[:3].ravel(), *voxels)
                except Exception:
                    print()
            """;

    private static String python = "";

    @TempDir
    Path folder;

    @BeforeAll
    static void findNibabel() throws IOException, InterruptedException {
        python = Command.python("nibabel").orElse("");
        assumeTrue(!python.isEmpty(), "skipped: no python3 with nibabel here (Debian: python3-nibabel)");
    }

    @Test
    void whatBothReadIsTheSame() throws IOException, InterruptedException {
        List<Optional<double[]>> ours = new ArrayList<>();
        for (int seed = 0; seed < SCANS; seed++) {
            Path own = Files.createDirectory(folder.resolve(String.format(Locale.ROOT, "%05d", seed)));
            ours.add(numbers(MutatedScan.of(seed).write(own)));
        }
        Command.Result theirs = Command.run(python, "-c", DESCRIBE, folder.toString());
        List<String> lines = theirs.output().lines().toList();
        assertThat(lines).as(theirs.output()).hasSize(SCANS);
        int both = 0;
        for (int seed = 0; seed < SCANS; seed++) {
            if (ours.get(seed).isPresent() && !lines.get(seed).isEmpty()) {
                assertSame(ours.get(seed).get(), lines.get(seed), MutatedScan.of(seed));
                both++;
            }
        }
        assertThat(both).as("scans that both read").isGreaterThan(LEAST_READ_BY_BOTH);
    }

    private static void assertSame(double[] ours, String line, MutatedScan scan) {
        double[] theirs = Arrays.stream(line.split(" "))
                .mapToDouble(NibabelDifferenceTest::number)
                .toArray();
        assertThat(ours).as("%s", scan).hasSameSizeAs(theirs);
        for (int i = 0; i < ours.length; i++) {
            if (Double.isFinite(theirs[i])) {
                double tolerance = TOLERANCE * Math.max(1, Math.abs(theirs[i]));
                assertThat(ours[i]).as("%s", scan).isCloseTo(theirs[i], within(tolerance));
            } else {
                assertThat(ours[i]).as("%s", scan).isEqualTo(theirs[i]);
            }
        }
    }

    private static double number(String text) {
        return Double.parseDouble(text.replace("nan", "NaN").replace("inf", "Infinity"));
    }

    /** Returns shape, affine and voxels of a scan that can be read. */
    private static Optional<double[]> numbers(Path file) {
        try {
            NiftiHeader header = Nifti.readHeader(file);
            DoubleStream shape = header.dims().stream().mapToDouble(Long::doubleValue);
            DoubleStream affine =
                    Arrays.stream(header.affine().toArray()).limit(3).flatMapToDouble(Arrays::stream);
            DoubleStream voxels = Arrays.stream(NiftiFormsTest.voxels(Nifti.readChannels(file)));
            return Optional.of(DoubleStream.concat(DoubleStream.concat(shape, affine), voxels)
                    .toArray());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
