package org.unet4j.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.unet4j.view.EmbeddedViewer;
import org.unet4j.view.LabelMap;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Volume;

/**
 * A case that a page shows, and what networks made of it.
 *
 * @param caseId the case
 * @param role why it is shown, such as "worst"
 * @param scan its first channel
 * @param window which values are grey; empty: what the slice has
 * @param reference on the scan's grid
 * @param segmentations on the scan's grid
 */
public record ShownCase(
        String caseId,
        String role,
        Volume scan,
        Optional<CasePicture.GreyWindow> window,
        Labels reference,
        List<CasePicture.Segmentation> segmentations) {

    /** Copies the list. */
    public ShownCase {
        segmentations = List.copyOf(segmentations);
    }

    /** Returns the case to turn over: the reference and what each network made of it, as label maps of one study. */
    public EmbeddedViewer.Case volume(SortedMap<Integer, String> classNames) {
        List<LabelMap> maps = new ArrayList<>(List.of(new LabelMap("reference", reference, classNames)));
        segmentations.forEach(one -> maps.add(new LabelMap(one.network(), one.labels(), classNames)));
        return EmbeddedViewer.of(caseId + ", " + role, scan, maps);
    }

    /** Returns the slice with the most reference in it. */
    public CasePicture picture() {
        return CasePicture.of(caseId, role, scan, window, reference, segmentations);
    }
}
