package org.unet4j.prep;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A folder of prepared cases: one flat file a case, the plan they were prepared by, and an index. */
public final class Store {

    /** Opens a store that was prepared before. */
    public static Store open(Path folder) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Returns the identifiers of all cases, sorted. */
    public List<String> ids() {
        throw new UnsupportedOperationException();
    }

    /** Returns a case; its file is mapped when first asked for. */
    public PreparedCase get(String id) {
        throw new UnsupportedOperationException();
    }

    /** Returns the plan by which the cases were prepared. */
    public Plan plan() {
        throw new UnsupportedOperationException();
    }

    /** Returns the folder. */
    public Path folder() {
        throw new UnsupportedOperationException();
    }
}
