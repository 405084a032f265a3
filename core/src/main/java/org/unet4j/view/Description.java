package org.unet4j.view;

import java.util.List;

/**
 * What a page has to know of a study besides its voxels, as JSON.
 *
 * @param name of the scan
 * @param shape voxels along z, y, x: superior, anterior, right
 * @param spacing in mm along z, y, x
 * @param affine the upper three rows of the matrix that takes (x, y, z, 1) to RAS+ mm, row by row
 * @param fileOrientation where the axes x, y, z of the file run to, such as "LPS"
 * @param fileAxes for the axes x, y, z of the file the axis here: 1 is x, 2 is y, 3 is z, negative where they run against each
 *     other
 * @param obliqueDegrees the angle between the scan's axes and the patient's; 0 for most
 * @param part which part of the scan this is
 * @param image how voxels are stored
 * @param labels the label maps, in the order given
 */
public record Description(
        String name,
        List<Integer> shape,
        List<Double> spacing,
        List<Double> affine,
        String fileOrientation,
        List<Integer> fileAxes,
        double obliqueDegrees,
        Part part,
        Image image,
        List<LabelLayer> labels) {

    /** Copies the lists. */
    public Description {
        shape = List.copyOf(shape);
        spacing = List.copyOf(spacing);
        affine = List.copyOf(affine);
        fileAxes = List.copyOf(fileAxes);
        labels = List.copyOf(labels);
    }

    /** Returns the same of other label maps. */
    Description withLabels(List<LabelLayer> layers) {
        return new Description(
                name, shape, spacing, affine, fileOrientation, fileAxes, obliqueDegrees, part, image, layers);
    }

    /**
     * Which part of a scan there is, along z, y, x as above.
     *
     * @param shape voxels of the whole scan
     * @param start the first voxel of the part
     * @param step how many of the scan's voxels one here is long: 1, or more where it was made coarser
     */
    public record Part(List<Integer> shape, List<Integer> start, List<Double> step) {

        /** Copies the lists. */
        public Part {
            shape = List.copyOf(shape);
            start = List.copyOf(start);
            step = List.copyOf(step);
        }
    }

    /**
     * How the scan's voxels are stored: little-endian. A voxel's value is {@code stored * slope + intercept}.
     *
     * @param type "uint8", "int8", "int16", "uint16" or "float32"
     * @param first where the first voxel is among the stored ones
     * @param strides how much further the next one is along z, y, x; negative where they are stored the other way
     * @param unit "HU" or nothing
     * @param low the value that is black at first
     * @param high the value that is white at first
     * @param least the least finite value
     * @param most the greatest finite value
     * @param isRounded whether values were rounded to steps of {@code slope}, and those beyond {@code least} and {@code most} cut off
     */
    public record Image(
            String type,
            int first,
            List<Integer> strides,
            double slope,
            double intercept,
            String unit,
            double low,
            double high,
            double least,
            double most,
            boolean isRounded) {

        /** Copies the list. */
        public Image {
            strides = List.copyOf(strides);
        }
    }

    /**
     * A label map, stored in the order of the page, x fastest.
     *
     * @param type "uint8" or "uint16"; nothing while it is not known, and then no class is
     */
    public record LabelLayer(String name, String type, List<LabelClass> classes) {

        /** Copies the list. */
        public LabelLayer {
            classes = List.copyOf(classes);
        }

        /** Returns what is known of a label map that is still being read. */
        static LabelLayer unread(String name) {
            return new LabelLayer(name, "", List.of());
        }
    }

    /**
     * A class of a label map.
     *
     * @param id its number, at least 1
     * @param voxels how many are of it, at least 1
     * @param ml its volume in millilitres
     */
    public record LabelClass(int id, String name, long voxels, double ml) {}
}
