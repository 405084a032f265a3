package org.unet4j.view;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import org.unet4j.io.Dataset;

/** What the classes of a label map are called: as the dataset that it lies in says. */
final class ClassNames {

    private ClassNames() {}

    /**
     * Returns the names of classes by number of the {@code dataset.json} beside a label map or in the folder above; nothing where
     * there is none that can be read.
     */
    static SortedMap<Integer, String> beside(Path labels) {
        Path folder = labels.toAbsolutePath().normalize().getParent();
        for (int up = 0; up < 2 && folder != null; up++, folder = folder.getParent()) {
            if (Files.isRegularFile(folder.resolve(Dataset.DESCRIPTION))) {
                try {
                    return Dataset.open(folder).classes();
                } catch (IOException e) { // Numbers do: whoever looks at a scan did not ask about the dataset.
                    return Collections.emptySortedMap();
                }
            }
        }
        return Collections.emptySortedMap();
    }
}
