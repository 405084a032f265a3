package org.unet4j.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.unet4j.eval.Statistics;
import org.unet4j.prep.Normalization;
import org.unet4j.prep.Plan;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Reorient;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

/**
 * One slice of a case with the outlines of the reference and of what each network made of it; ready to be drawn.
 *
 * @param caseId the case
 * @param role why it is shown, such as "worst"
 * @param plane axial, coronal or sagittal
 * @param slice its number from the feet, the back or the left, from 0
 * @param columns pixels from left to right
 * @param rows pixels from top to bottom
 * @param left the side of the patient that is at the left: R or A
 * @param top the side of the patient that is at the top: A or S
 * @param imageUri the grey slice
 * @param widthMm of the slice
 * @param heightMm of the slice
 * @param reference a path a class, in pixels
 * @param outlines a path a class for each network
 */
public record CasePicture(
        String caseId,
        String role,
        String plane,
        int slice,
        int columns,
        int rows,
        String left,
        String top,
        String imageUri,
        double widthMm,
        double heightMm,
        SortedMap<Integer, String> reference,
        List<Outline> outlines) {

    /**
     * One network's segmentation of the slice.
     *
     * @param network its name
     * @param dice of the whole case, the mean over classes
     * @param paths a path a class, in pixels
     */
    public record Outline(String network, double dice, SortedMap<Integer, String> paths) {}

    /**
     * Grey values: black at {@code low} and below, white at {@code high} and above.
     *
     * @param low in the image's units
     * @param high above {@code low}
     */
    public record GreyWindow(double low, double high) {

        /** The usual window for soft tissue in CT: level 40 HU, width 400 HU. */
        public static final GreyWindow SOFT_TISSUE_HU = new GreyWindow(-160, 240);

        /**
         * Returns the window for soft tissue as far as {@code plan} reaches, or all that the plan keeps where the foreground, its mean
         * and one standard deviation about it, is not soft tissue: bone, lungs, airways.
         */
        public static GreyWindow ofCt(Normalization.CtWindow plan) {
            double low = Math.max(SOFT_TISSUE_HU.low, plan.lower());
            double high = Math.min(SOFT_TISSUE_HU.high, plan.upper());
            boolean soft = Math.max(plan.lower(), plan.mean() - plan.sd()) >= low
                    && Math.min(plan.upper(), plan.mean() + plan.sd()) <= high;
            return soft && low < high ? new GreyWindow(low, high) : new GreyWindow(plan.lower(), plan.upper());
        }

        /** Returns {@link #ofCt} of the first channel of a plan; empty where that is no CT. */
        public static Optional<GreyWindow> of(Plan plan) {
            return plan.channels().get(0).normalization() instanceof Normalization.CtWindow ct
                    ? Optional.of(ofCt(ct))
                    : Optional.empty();
        }

        /** Returns the 0.5th to the 99.5th percentile of the finite ones of {@code values}; 0 to 1 where there is none. */
        public static GreyWindow of(double[] values) {
            double[] finite = Arrays.stream(values).filter(Double::isFinite).toArray();
            return finite.length == 0
                    ? new GreyWindow(0, 1)
                    : new GreyWindow(Statistics.quantile(finite, 0.005), Statistics.quantile(finite, 0.995));
        }
    }

    /**
     * What one network made of the case.
     *
     * @param network its name
     * @param dice of the case, the mean over classes
     * @param labels on the scan's grid
     */
    public record Segmentation(String network, double dice, Labels labels) {}

    /**
     * Returns the picture of the slice with the most reference foreground.
     *
     * @param window which values are grey; empty: the 0.5th to the 99.5th percentile of the slice
     */
    public static CasePicture of(
            String caseId,
            String role,
            Volume scan,
            Optional<GreyWindow> window,
            Labels reference,
            List<Segmentation> segmentations) {
        Reorient toRas = Reorient.toRas(scan.grid());
        Volume image = toRas.apply(scan);
        Labels truth = toRas.apply(reference);
        Map<Segmentation, Labels> predicted = new LinkedHashMap<>();
        segmentations.forEach(s -> predicted.put(s, toRas.apply(s.labels())));
        List<Labels> all = new ArrayList<>(predicted.values());
        all.add(truth);
        Plane plane = Plane.through(truth, all);
        List<Outline> outlines = new ArrayList<>();
        predicted.forEach((s, labels) -> outlines.add(new Outline(s.network(), s.dice(), paths(plane, labels))));
        return of(caseId, role, plane, image, window, truth, outlines);
    }

    /** Returns the whole axial, coronal and sagittal slice through the middle of an image that lies along RAS. */
    public static List<CasePicture> middle(
            String caseId, String role, Volume image, GreyWindow window, Labels reference) {
        return IntStream.range(0, Shape.AXES)
                .mapToObj(axis -> of(
                        caseId,
                        role,
                        Plane.middle(axis, image.grid().shape()),
                        image,
                        Optional.of(window),
                        reference,
                        List.of()))
                .toList();
    }

    private static CasePicture of(
            String caseId,
            String role,
            Plane plane,
            Volume image,
            Optional<GreyWindow> window,
            Labels truth,
            List<Outline> outlines) {
        Spacing spacing = image.grid().spacing();
        double[] values = plane.values(image);
        byte[] grey = grey(values, window.orElseGet(() -> GreyWindow.of(values)));
        return new CasePicture(
                caseId,
                role,
                plane.name(),
                plane.index(),
                plane.columns(),
                plane.rows(),
                plane.sides()[0],
                plane.sides()[1],
                Png.dataUri(grey, plane.columns(), plane.rows()),
                plane.columns() * plane.pixelWidthMm(spacing),
                plane.rows() * plane.pixelHeightMm(spacing),
                paths(plane, truth),
                outlines);
    }

    private static SortedMap<Integer, String> paths(Plane plane, Labels labels) {
        long[] counts = labels.counts();
        SortedMap<Integer, String> paths = new TreeMap<>();
        for (int cls = 1; cls < counts.length; cls++) {
            if (counts[cls] > 0) {
                String path = Contour.of(plane.mask(labels, cls), plane.columns(), plane.rows())
                        .path();
                if (!path.isEmpty()) {
                    paths.put(cls, path);
                }
            }
        }
        return paths;
    }

    private static byte[] grey(double[] values, GreyWindow window) {
        double low = window.low();
        double high = window.high();
        byte[] grey = new byte[values.length];
        for (int i = 0; i < grey.length; i++) {
            double share = high > low ? (values[i] - low) / (high - low) : 0; // NaN becomes 0: black
            grey[i] = (byte) Math.round(255 * Math.max(0, Math.min(1, share)));
        }
        return grey;
    }
}
