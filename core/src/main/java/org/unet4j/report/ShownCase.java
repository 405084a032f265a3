package org.unet4j.report;

import java.util.List;
import java.util.Optional;
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

    /** Returns the slice with the most reference in it. */
    public CasePicture picture() {
        return CasePicture.of(caseId, role, scan, window, reference, segmentations);
    }
}
