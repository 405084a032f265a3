package org.unet4j.io;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The ten tasks of the Medical Segmentation Decathlon (Antonelli et al. 2022, The Medical Segmentation Decathlon, Nature
 * Communications 13, 4128), with the MD5 sums of the archives in the public bucket that MONAI's {@code DecathlonDataset} loads
 * from too.
 */
public enum DecathlonTask {
    BRAIN_TUMOUR(1, "BrainTumour", "240a19d752f0d9e9101544901065d872"),
    HEART(2, "Heart", "06ee59366e1e5124267b774dbd654057"),
    LIVER(3, "Liver", "a90ec6c4aa7f6a3d087205e23d4e6397"),
    HIPPOCAMPUS(4, "Hippocampus", "9d24dba78a72977dbd1d2e110310f31b"),
    PROSTATE(5, "Prostate", "35138f08b1efaef89d7424d2bcc928db"),
    LUNG(6, "Lung", "8afd997733c7fc0432f71255ba4e52dc"),
    PANCREAS(7, "Pancreas", "4f7080cfca169fa8066d17ce6eb061e4"),
    HEPATIC_VESSEL(8, "HepaticVessel", "641d79e80ec66453921d997fbf12a29c"),
    SPLEEN(9, "Spleen", "410d4a301da4e5b2f6f86ec3ddba524e"),
    COLON(10, "Colon", "bad7a188931dc2f6acf72b08eb6202d0");

    private static final String BUCKET = "https://msd-for-monai.s3-us-west-2.amazonaws.com/";

    private final int number;
    private final String organ;
    private final String md5;

    DecathlonTask(int number, String organ, String md5) {
        this.number = number;
        this.organ = organ;
        this.md5 = md5;
    }

    /** Returns the name of the task, its archive and its folder, such as {@code Task07_Pancreas}. */
    public String folder() {
        return String.format(Locale.ROOT, "Task%02d_%s", number, organ);
    }

    /** Returns the address of the task's tar archive. */
    public URI archive() {
        return URI.create(BUCKET + folder() + ".tar");
    }

    /** Returns the MD5 sum of the archive, 32 hexadecimal digits. */
    public String md5() {
        return md5;
    }

    /**
     * Returns the task that is called {@code text}: by its name, number or organ, as in {@code Task07_Pancreas}, {@code task07},
     * {@code 7} or {@code pancreas}.
     *
     * @throws IllegalArgumentException if there is no such task, naming the ten
     */
    public static DecathlonTask of(String text) {
        return Arrays.stream(values())
                .filter(task -> task.names().contains(text.strip().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("task '" + text + "' is unknown; choose among "
                        + Arrays.stream(values()).map(DecathlonTask::folder).collect(Collectors.joining(", "))));
    }

    private List<String> names() {
        String name = folder().toLowerCase(Locale.ROOT);
        return List.of(
                name,
                name.substring(0, name.indexOf('_')),
                name.substring(name.indexOf('_') + 1),
                Integer.toString(number),
                String.format(Locale.ROOT, "%02d", number));
    }
}
