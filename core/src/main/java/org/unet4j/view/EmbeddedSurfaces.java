package org.unet4j.view;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Resample;
import org.unet4j.volume.Spacing;

/** Surfaces of all classes for a page, of voxels as small as there is room for. */
final class EmbeddedSurfaces {

    /** Voxels' shortest side, times each of these in turn, until all surfaces fit. */
    private static final double[] COARSER = {1, 1.5, 2, 3, 4, 6, 9};

    /** What stands about each in the page. */
    private static final int ELEMENT_BYTES = 80;

    private static final float STEP_MM = 1 / 32f;

    private EmbeddedSurfaces() {}

    /**
     * Returns surfaces by name ({@code surface/0/3}: first map, class 3), packed; none where not even coarse ones take at most so
     * many letters of base64. A class that is too small for the voxels chosen has an empty one.
     */
    static Map<String, String> of(List<LabelMap> maps, long letters) {
        for (double coarser : COARSER) {
            Map<String, String> surfaces = new LinkedHashMap<>();
            long left = letters;
            for (int i = 0; i < maps.size() && left >= 0; i++) {
                left = add(surfaces, i, maps.get(i).labels(), coarser, left);
            }
            if (left >= 0) {
                return surfaces;
            }
        }
        return Map.of();
    }

    /** Adds those of a label map while there is room; returns how much is left, below zero where it was not enough. */
    private static long add(Map<String, String> surfaces, int map, Labels labels, double coarser, long letters) {
        Spacing spacing = labels.grid().spacing();
        double mm = coarser * Math.min(spacing.z(), Math.min(spacing.y(), spacing.x()));
        Labels coarse = Resample.labels(labels, Coarser.atLeast(labels.grid().shape(), spacing, mm));
        Spacing larger = coarse.grid().spacing();
        // Both count from the middle of their own first voxel.
        double[] shift = {(larger.x() - spacing.x()) / 2, (larger.y() - spacing.y()) / 2, (larger.z() - spacing.z()) / 2
        };
        ClassBoxes boxes = ClassBoxes.of(coarse);
        long left = letters;
        for (int cls : ClassBoxes.of(labels).classes()) {
            Mesh mesh = boxes.find(cls)
                    .map(box -> SurfaceNets.of(coarse, cls, box).smooth())
                    .orElseGet(() -> new Mesh(new float[0], new int[0]));
            String packed = Packed.base64(mesh.rounded(shift, STEP_MM).toBytes());
            surfaces.put("surface/" + map + "/" + cls, packed);
            left -= packed.length() + ELEMENT_BYTES;
            if (left < 0) {
                return left;
            }
        }
        return left;
    }
}
