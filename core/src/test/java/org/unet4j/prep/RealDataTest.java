package org.unet4j.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.io.Nifti;
import org.unet4j.io.Progress;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import tools.jackson.databind.JsonNode;

class RealDataTest {

    @TempDir
    Path temporary;

    private static Path data(String name) {
        String data = System.getProperty("unet4j.data", System.getenv("UNET4J_DATA"));
        assumeTrue(data != null, "skipped: neither -Dunet4j.data nor UNET4J_DATA names a folder with datasets");
        Path folder = Path.of(data).resolve(name);
        assumeTrue(Files.exists(folder), "skipped: no " + folder);
        return folder;
    }

    /** Shapes and statistics as numpy and nnU-Net find them; at 1 mm nothing is resampled, so labels come back exactly. */
    @Test
    void hippocampusIsFingerprintedPlannedAndPrepared() throws IOException {
        Dataset dataset = Dataset.open(data("Task04_Hippocampus"));
        Survey survey = Survey.of(dataset, dataset.training(), 2, Progress.silent());
        Fingerprint fingerprint = survey.requireFingerprint();
        assertThat(survey.problems()).isEmpty();
        assertThat(fingerprint.cases()).hasSize(208);
        JsonNode golden = Golden.nnunet().get("intensities208");
        Intensities foreground = fingerprint.foreground().get(0);
        assertThat(foreground.mean()).isCloseTo(golden.get("mean").asDouble(), within(1e-6));
        assertThat(foreground.sd()).isCloseTo(golden.get("sd").asDouble(), within(1e-6));
        assertThat(foreground.min()).isEqualTo(golden.get("min").asDouble());
        assertThat(foreground.max()).isCloseTo(golden.get("max").asDouble(), within(0.01));
        assertThat(foreground.median()).isCloseTo(golden.get("median").asDouble(), within(0.01));
        assertThat(foreground.percentile005())
                .isCloseTo(golden.get("percentile005").asDouble(), within(0.01));
        assertThat(foreground.percentile995())
                .isCloseTo(golden.get("percentile995").asDouble(), within(0.01));

        Plan plan = Plan.derive(fingerprint, dataset, Budget.COMPACT);
        JsonNode planned = Golden.nnunet().get("hippocampus");
        assertThat(plan.spacing()).isEqualTo(Golden.spacing(planned.get("spacing")));
        assertThat(plan.patch()).isEqualTo(Golden.shape(planned.get("patch")));
        assertThat(plan.medianShape()).isEqualTo(Golden.shape(planned.get("medianShape")));
        assertThat(plan.topology().strides()).isEqualTo(Golden.shapes(planned.get("strides")));
        assertThat(plan.batch()).isEqualTo(4);

        Store store = Store.prepare(dataset, plan, temporary.resolve("store"), 2, Progress.silent());
        assertThat(store.ids()).hasSize(208);
        for (Case source : dataset.training().subList(0, 20)) {
            PreparedCase prepared = store.get(source.id());
            prepared.verify();
            Labels original = source.readLabels(source.readScan().grid());
            Labels back = prepared.recipe().undo(prepared.labels());
            assertThat(back.grid()).isEqualTo(original.grid());
            assertThat(back.bytes()).isEqualTo(original.bytes());
        }
    }

    /** A whole-body CT at 3 mm through the spacing of 2 mm and back: a large organ keeps its shape. */
    @Test
    void aRealCtComesBackOnItsOwnGrid() throws IOException {
        Path folder = data("TotalSegmentator_example");
        Scan scan = new Scan("ct", List.of(Nifti.read(folder.resolve("ct.nii.gz"))));
        Labels organs = Nifti.readLabels(folder.resolve("segmentation.nii.gz"));
        byte[] liver = new byte[organs.voxels().length()];
        for (int i = 0; i < liver.length; i++) {
            liver[i] = (byte) (organs.get(i) == LIVER ? 1 : 0);
        }
        Labels labels = new Labels(organs.grid(), liver);
        Plan plan = Worlds.plan(new Spacing(2, 2, 2), CropRule.BODY, Normalization.CtWindow.fixed(-160, 240));
        PreparedScan prepared = Preparation.apply(plan, scan, Optional.of(labels));
        assertThat(prepared.recipe().prepared().spacing().x()).isCloseTo(2, within(0.03));
        Labels back = prepared.recipe().undo(prepared.labels().orElseThrow());
        assertThat(back.grid()).isEqualTo(scan.grid());
        long both = 0;
        for (int i = 0; i < liver.length; i++) {
            both += liver[i] == 1 && back.get(i) == 1 ? 1 : 0;
        }
        assertThat(2.0 * both / (labels.counts()[1] + back.counts()[1])).isGreaterThan(0.98);
    }

    private static final int LIVER = 5;

    /** 26 slices of 5 mm: the network pools the slices later than the rows, and resampling does not mix them. */
    @Test
    void thickSlicesOfARealCtArePlannedAsSuch() throws IOException {
        Path folder = data("Task09_Spleen_mini");
        Case spleen = new Case(
                "spleen_2_crop",
                List.of(folder.resolve("imagesTr/spleen_2_crop.nii.gz")),
                Optional.of(folder.resolve("labelsTr/spleen_2_crop.nii.gz")));
        Dataset dataset = new Dataset(
                "spleen",
                folder,
                List.of("CT"),
                new TreeMap<>(Map.of(0, "background", 1, "spleen")),
                List.of(spleen, spleen),
                List.of());
        Fingerprint fingerprint = Fingerprint.of(dataset, dataset.training(), 1, Progress.silent());
        Plan plan = Plan.derive(fingerprint, dataset, Budget.COMPACT);
        assertThat(plan.crop()).isEqualTo(CropRule.BODY);
        assertThat(plan.spacing().z()).isCloseTo(5, within(0.01));
        assertThat(plan.topology().strides().get(1)).isEqualTo(new Shape(1, 2, 2));
        assertThat(plan.topology().kernels().get(0)).isEqualTo(new Shape(1, 3, 3));
        assertThat(fingerprint.foreground().get(0).mean()).isBetween(80.0, 200.0);
    }
}
