package org.unet4j.eval;

/** What a segmentation is measured by, with how people and files call it. */
public enum Metric {
    DICE("dice", "Dice", Better.HIGHER, 3),
    IOU("iou", "IoU", Better.HIGHER, 3),
    PRECISION("precision", "precision", Better.HIGHER, 3),
    RECALL("recall", "recall", Better.HIGHER, 3),
    NSD("nsd", "NSD", Better.HIGHER, 3),
    HD95_MM("hd95Mm", "HD95 mm", Better.LOWER, 2),
    ASD_MM("asdMm", "ASD mm", Better.LOWER, 2),
    VOLUME_DIFFERENCE_ML("volumeDifferenceMl", "\u0394V ml", Better.LOWER, 2),
    RELATIVE_VOLUME_DIFFERENCE("relativeVolumeDifference", "\u0394V/V", Better.NEAR_ZERO, 3);

    /** Which of two values is the better one. */
    public enum Better {
        HIGHER,
        LOWER,
        NEAR_ZERO
    }

    private final String key;
    private final String label;
    private final Better better;
    private final int digits;

    Metric(String key, String label, Better better, int digits) {
        this.key = key;
        this.label = label;
        this.better = better;
        this.digits = digits;
    }

    /** Returns the name in JSON and CSV, with the unit. */
    public String key() {
        return key;
    }

    /** Returns the name for people, with the unit. */
    public String label() {
        return label;
    }

    /** Returns which of two values is the better one. */
    public Better better() {
        return better;
    }

    /** Returns how many decimals people need. */
    public int digits() {
        return digits;
    }

    /** Returns whether {@code score} tells this; Dice it always does. */
    public boolean isOf(CaseScore score) {
        return this == DICE || score.measures().isPresent();
    }

    /**
     * Returns this of class {@code cls}; NaN or infinite where {@link ClassMeasures} says so.
     *
     * @throws IllegalArgumentException if the case was scored by Dice alone
     */
    public double of(CaseScore score, int cls) {
        if (!isOf(score)) {
            throw new IllegalArgumentException(
                    "[" + score.caseId() + "] was scored by Dice alone; evaluate its prediction");
        }
        return this == DICE
                ? score.dice().get(cls)
                : of(score.measures().orElseThrow().get(cls));
    }

    private double of(ClassMeasures measures) {
        return switch (this) {
            case DICE -> throw new IllegalArgumentException("Dice is no measure beside itself");
            case IOU -> measures.iou();
            case PRECISION -> measures.precision();
            case RECALL -> measures.recall();
            case NSD -> measures.nsd();
            case HD95_MM -> measures.hd95Mm();
            case ASD_MM -> measures.asdMm();
            case VOLUME_DIFFERENCE_ML -> measures.volumeDifferenceMl();
            case RELATIVE_VOLUME_DIFFERENCE -> measures.relativeVolumeDifference();
        };
    }
}
